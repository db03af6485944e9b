import { effect, signal } from "@preact/signals";
import { readDraft } from "./draft.ts";

const name = "faas.playground";

/** What the user writes. It is kept in the browser across reloads. */
export const draft = signal(readDraft(localStorage.getItem(name)));

let timer = 0;
let isFirst = true;
let isUnsaved = false;

effect(() => {
  const text = JSON.stringify(draft.value);
  if (isFirst) {
    isFirst = false;
    return;
  }

  isUnsaved = true;
  clearTimeout(timer);
  timer = setTimeout(() => keep(text), 300);
});

// A tab that is closed at once keeps what was written last. One in which nothing was written leaves what another tab has kept.
addEventListener("pagehide", () => {
  if (isUnsaved) keep(JSON.stringify(draft.peek()));
});

function keep(text: string): void {
  isUnsaved = false;
  try {
    localStorage.setItem(name, text);
  } catch {
    // The browser's room for the site is full, or it keeps nothing. The code is in the editor all the same.
  }
}

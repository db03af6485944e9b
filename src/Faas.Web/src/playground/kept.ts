import { batch, effect, signal } from "@preact/signals";
import { readDraft, withCode, type Draft } from "./draft.ts";
import type { Shared } from "./share.ts";

const [name, ownName] = ["faas.playground", "faas.playground.own"];

/** What is in the editors. It is kept in the browser across reloads. */
export const draft = signal(readDraft(localStorage.getItem(name)));

const keptOwn = localStorage.getItem(ownName);

/** The user's own draft while shared code is in the editors, and what becomes of it; null: what is in the editors is the user's own. */
export const ownDraft = signal<Draft | null>(keptOwn === null ? null : readDraft(keptOwn));

/** Puts shared code into the editors. A draft of the user's own stays kept beside it. Whether there was anything to change. */
export function takeShared({ language, code, input }: Shared): boolean {
  const before = draft.peek();
  if (before.language === language && before.code[language] === code && before.input === input) return false;
  if (localStorage.getItem(name) !== null) ownDraft.value ??= before;
  draft.value = withCode(before, language, code, input);
  return true;
}

/** Brings the user's own draft back. */
export function takeOwn(): void {
  draft.value = ownDraft.peek() ?? draft.peek();
  ownDraft.value = null;
}

/** What is in the editors now, and the own draft beside it: a function that brings both back. */
export function remember(): () => void {
  const [before, ownBefore] = [draft.peek(), ownDraft.peek()];
  return () => batch(() => {
    draft.value = before;
    ownDraft.value = ownBefore;
  });
}

let timer = 0;
let isFirst = true;
let isUnsaved = false;

effect(() => {
  const texts = [draft.value, ownDraft.value].map((one) => one && JSON.stringify(one));
  if (isFirst) {
    isFirst = false;
    return;
  }

  isUnsaved = true;
  clearTimeout(timer);
  timer = setTimeout(() => keep(texts), 300);
});

// A tab that is closed at once keeps what was written last. One in which nothing was written leaves what another tab has kept.
addEventListener("pagehide", () => {
  if (isUnsaved) keep([draft.peek(), ownDraft.peek()].map((one) => one && JSON.stringify(one)));
});

function keep([text, ownText]: readonly (string | null | undefined)[]): void {
  isUnsaved = false;
  try {
    // The own draft first: if there is no room for both, that one is kept.
    if (ownText) localStorage.setItem(ownName, ownText);
    else localStorage.removeItem(ownName);
    localStorage.setItem(name, text!);
  } catch {
    // The browser's room for the site is full, or it keeps nothing. The code is in the editor all the same.
  }
}

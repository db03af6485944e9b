import { useState } from "preact/hooks";
import { count } from "../charts/units.ts";
import { copy } from "../controls/copy.ts";
import { beginOf } from "./lines.ts";

/** Characters that are drawn at first, and at all: a browser takes seconds for a line of a million. */
const [mostAtFirst, mostDrawn] = [1000, 100_000];

interface Props {
  readonly text: string;
  /** How a part of it is written. */
  readonly show: (part: string) => string;
  readonly class: string;
}

/** A text within a row: all of a short one, and of a long one the begin, with a way to see more of it and to copy all of it. */
export function LongText({ text, show, class: look }: Props) {
  const [most, setMost] = useState(mostAtFirst);
  if (text.length <= mostAtFirst) return <span class={look}>{show(text)}</span>;
  const shown = beginOf(text, most);
  return (
    <span class="json-long">
      <span class={look}>{show(shown)}</span>
      {shown.length < text.length && <span class="muted">… {count(shown.length)} of {count(text.length)} characters. </span>}
      {shown.length < text.length && most < mostDrawn && (
        <button type="button" class="json-more" onClick={() => setMost(Math.min(mostDrawn, 10 * most))}>Show more</button>
      )}
      <button type="button" class="json-more" onClick={() => void copy(text, "The text was")}>Copy</button>
    </span>
  );
}

/** Rows beyond each edge, so that a quick scroll shows no gap. */
const spare = 12;

/** Which rows of a list are to be drawn: from `first` to before `last`. */
export function shownRows(top: number, height: number, rowHeight: number, count: number): { first: number; last: number } {
  const first = Math.max(0, Math.min(count, Math.floor(top / rowHeight)) - spare);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + spare);
  return { first, last: Math.max(first, last) };
}

// Places of the grid. A sandbox keeps its place while it lives, and a new one takes the first place that is free: what a person looks at
// does not move because something else has ended.

/** The name of the sandbox at each place; null: the place is free. */
export type Slots = readonly (string | null)[];

/** The places for these sandboxes, given where those of them that are known stand. */
export function assign(slots: Slots, names: Iterable<string>): Slots {
  const living = new Set(names);
  const next = slots.map((name) => (name !== null && living.has(name) ? name : null));
  for (const name of next) {
    living.delete(name ?? "");
  }

  let from = 0;
  for (const name of living) {
    while (from < next.length && next[from] !== null) {
      from++;
    }

    next[from] = name;
  }

  while (next.at(-1) === null) {
    next.pop();
  }

  return next;
}

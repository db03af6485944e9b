// Where a key of the keyboard leads in a grid that fills its rows from left to right, and may have free places.

/** The place that the key leads to from a place; null: the key is not for the grid, or there is nothing that way. */
export function move(key: string, from: number, columns: number, taken: readonly boolean[]): number | null {
  switch (key) {
    case "ArrowRight":
      return search(from, 1, taken);
    case "ArrowLeft":
      return search(from, -1, taken);
    case "ArrowDown":
      return search(from, columns, taken) ?? search(from, 1, taken);
    case "ArrowUp":
      return search(from, -columns, taken) ?? search(from, -1, taken);
    case "Home":
      return search(-1, 1, taken);
    case "End":
      return search(taken.length, -1, taken);
    default:
      return null;
  }
}

function search(from: number, step: number, taken: readonly boolean[]): number | null {
  for (let at = from + step; at >= 0 && at < taken.length; at += step) {
    if (taken[at]) {
      return at;
    }
  }

  return null;
}

/**
 * How long to wait before the next try, in milliseconds: it doubles from `first` up to `most`, and of each wait a random half is left
 * out, so that many pages do not come back to a server that has just started at the same time.
 */
export function waitBefore(tries: number, random: number, first = 500, most = 15_000): number {
  const full = Math.min(most, first * 2 ** Math.min(tries, 30));
  return Math.round(full / 2 + (full / 2) * random);
}

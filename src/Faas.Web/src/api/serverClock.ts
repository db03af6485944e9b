import { signal } from "@preact/signals";

// The `Date` header has whole seconds, so a smaller difference says nothing.
const least = 1500;

/** How far the server's clock is ahead of the browser's, in milliseconds. */
const ahead = signal(0);

/** Learns the server's time from an answer. */
export function noteDate(response: Response): void {
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (Number.isNaN(date)) return;
  const difference = date + 500 - Date.now();
  ahead.value = Math.abs(difference) < least ? 0 : difference;
}

/** The server's time, in milliseconds. */
export const serverNow = (): number => Date.now() + ahead.peek();

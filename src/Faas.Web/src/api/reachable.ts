import { signal } from "@preact/signals";

/** Whether the server answered last time. */
export const isReachable = signal(true);

const interval = 5000;
let timer = 0; // 0: nothing is going to be asked

/** Notes that a call got no answer, and asks /healthz until there is one. */
export function noteUnreachable(): void {
  isReachable.value = false;
  timer ||= setTimeout(ask, interval);
}

async function ask(): Promise<void> {
  try {
    if (!isReachable.peek()) await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(interval) });
    timer = 0;
    noteReached();
  } catch {
    timer = setTimeout(ask, interval);
  }
}

/** Notes that the server answered. */
export function noteReached(): void {
  isReachable.value = true;
}

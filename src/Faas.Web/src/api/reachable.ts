import { signal } from "@preact/signals";

/** Whether the server answered last time. */
export const isReachable = signal(true);

const interval = 5000;

/** Notes that a call got no answer, and asks /healthz until there is one. */
export function noteUnreachable(): void {
  if (!isReachable.peek()) return;
  isReachable.value = false;
  const ask = async () => {
    try {
      await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(interval) });
      noteReached();
    } catch {
      if (!isReachable.peek()) setTimeout(ask, interval);
    }
  };
  setTimeout(ask, interval);
}

/** Notes that the server answered. */
export function noteReached(): void {
  isReachable.value = true;
}

import { useEffect, useState } from "preact/hooks";
import { batcher } from "./batch.ts";
import { follow, type StreamState } from "./events.ts";
import { key } from "./key.ts";
import type { ApiError } from "./problem.ts";

/** A stream of events that a component follows while it is shown. */
export interface Followed {
  readonly state: StreamState;
  /** Why the server refuses the stream; null: it does not. */
  readonly error: ApiError | null;
  readonly again: () => void;
}

/** How long messages are collected before the component sees them, in milliseconds. */
const pause = 80;

/** Follows the stream at an address, and hands on what its messages' JSON says. Another address, or another key, begins anew. */
export function useFollow<T>(address: string, onEvents: (events: readonly T[]) => void): Followed {
  const [state, setState] = useState<StreamState>("connecting");
  const [error, setError] = useState<ApiError | null>(null);
  const [round, setRound] = useState(0);
  const secret = key.value;

  useEffect(() => {
    const abort = new AbortController();
    const messages = batcher(onEvents, pause);
    setError(null);
    void follow(address, {
      signal: abort.signal,
      onState: setState,
      onMessage: (message) => messages.add(JSON.parse(message.data) as T),
      onRefused: setError,
    });
    return () => {
      abort.abort();
      messages.stop();
    };
  }, [address, secret, round]);

  return { state, error, again: () => setRound((number) => number + 1) };
}

import { useEffect, useRef, useState } from "preact/hooks";
import { key } from "./key.ts";
import { ApiError, isFinal } from "./problem.ts";

/** Something that is read from the server. While it is read again, what was read before stays, until the server refuses it. */
export interface Read<T> {
  readonly value: T | undefined;
  /** Why the last try failed; undefined: it did not. */
  readonly error: unknown;
  readonly isReading: boolean;
  readonly again: () => void;
}

/** The shortest time between two tries that nobody asked for, in milliseconds. */
export const shortestInterval = 5000;

/**
 * Reads something when a component is first shown, when one of `dependencies` or the user's key changes, and, if `interval` is given, each
 * time that many milliseconds have passed after an answer; until the server refuses it, or `isLast` says of an answer, and the one before
 * it, that no other one follows. A page that is not seen reads nothing.
 */
export function useRead<T>(
  read: (signal: AbortSignal) => Promise<T>, dependencies: readonly unknown[], interval?: number,
  isLast: (value: T, before: T | undefined) => boolean = () => false,
): Read<T> {
  const [state, setState] = useState<{ value?: T; error?: unknown; isReading: boolean }>({ isReading: true });
  const [round, setRound] = useState(0);
  const shown = useRef<readonly unknown[]>([]);
  const all = [...dependencies, key.value];

  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const isSame = shown.current.length === all.length && shown.current.every((one, index) => Object.is(one, all[index]));
    shown.current = all;
    setState((known) => (isSame ? { ...known, isReading: true } : { isReading: true }));

    const later = () => {
      if (interval === undefined || abort.signal.aborted) return;
      timer = setTimeout(() => (document.hidden ? later() : void once()), Math.max(interval, shortestInterval));
    };
    let before: T | undefined;
    const once = async () => {
      try {
        const value = await read(abort.signal);
        if (!abort.signal.aborted) setState({ value, isReading: false });
        if (!isLast(value, before)) later();
        before = value;
      } catch (error) {
        if (abort.signal.aborted) return;
        if (error instanceof ApiError && isFinal(error.problem)) return setState({ error, isReading: false });
        setState((known) => ({ ...known, error, isReading: false }));
        later();
      }
    };
    void once();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [...all, round]);

  return { value: state.value, error: state.error, isReading: state.isReading, again: () => setRound((number) => number + 1) };
}

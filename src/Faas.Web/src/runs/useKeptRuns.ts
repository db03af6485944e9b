import { useEffect, useRef, useState } from "preact/hooks";
import { getJson } from "../api/client.ts";
import { key } from "../api/key.ts";
import { ApiError, isFinal } from "../api/problem.ts";
import { shortestInterval } from "../api/useRead.ts";
import type { KeptPage, KeptRun } from "./keptRun.ts";
import type { Kept } from "./run.ts";

/** The kept runs as far as they have been read. */
export interface KeptList {
  /** The newest first. */
  readonly runs: readonly KeptRun[];
  /** How many ended runs the server keeps; undefined: nothing was read yet. */
  readonly kept: Kept | undefined;
  readonly hasOlder: boolean;
  /** Whether older runs have been read, so that the list stands still. */
  readonly isStill: boolean;
  readonly isReading: boolean;
  readonly error: unknown;
  readonly older: () => void;
  /** Reads the newest runs anew. */
  readonly again: () => void;
}

/** How many runs a page has. */
const limit = 100;

const nothing = {
  runs: [] as readonly KeptRun[],
  kept: undefined as Kept | undefined,
  next: undefined as string | undefined,
  pages: 0,
  isReading: true,
  error: undefined as unknown,
};

/**
 * The kept runs that a query means, page by page. The first page is read anew every 5 seconds while it is the only one and the browser
 * shows it. With older runs below it the list stands still, so that what a person reads does not move.
 */
export function useKeptRuns(query: string): KeptList {
  const [state, setState] = useState(nothing);
  const [round, setRound] = useState(0);
  const abort = useRef(new AbortController());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const shown = useRef(query);

  const read = async (after: string | undefined) => {
    abort.current.abort();
    clearTimeout(timer.current);
    const { signal } = (abort.current = new AbortController());
    const isSame = shown.current === query;
    shown.current = query;
    setState((known) => (isSame ? { ...known, isReading: true } : nothing));
    const later = () => {
      if (after !== undefined || signal.aborted) return;
      timer.current = setTimeout(() => (document.hidden ? later() : void read(undefined)), shortestInterval);
    };
    try {
      const page = await getJson<KeptPage>(
        `/api/v1/runs${query}&limit=${limit}${after === undefined ? "" : `&after=${encodeURIComponent(after)}`}`,
        { signal },
      );
      if (signal.aborted) return;
      setState((known) => ({
        runs: after === undefined ? page.runs : [...known.runs, ...page.runs],
        kept: page.kept,
        next: page.next,
        pages: after === undefined ? 1 : known.pages + 1,
        isReading: false,
        error: undefined,
      }));
      later();
    } catch (error) {
      if (signal.aborted) return;
      const isRefused = error instanceof ApiError && isFinal(error.problem);
      setState((known) => ({ ...(isRefused && after === undefined ? nothing : known), isReading: false, error }));
      if (!isRefused) later();
    }
  };

  useEffect(() => {
    void read(undefined);
    return () => {
      abort.current.abort();
      clearTimeout(timer.current);
    };
  }, [query, key.value, round]);

  const { runs, kept, next, pages, isReading, error } = state;
  return {
    runs, kept, isReading, error,
    hasOlder: next !== undefined,
    isStill: pages > 1,
    older: () => void read(next),
    again: () => setRound((number) => number + 1),
  };
}

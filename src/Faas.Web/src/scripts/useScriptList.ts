import { useEffect, useRef, useState } from "preact/hooks";
import { getJson } from "../api/client.ts";
import { key } from "../api/key.ts";
import type { ScriptLine } from "./pathTree.ts";

interface Page {
  readonly scripts: ScriptLine[];
  readonly next?: string;
}

/** The list of scripts as far as it has come. */
export interface ScriptList {
  readonly scripts: readonly ScriptLine[];
  /** Whether there are more than have been read. */
  readonly hasMore: boolean;
  readonly isReading: boolean;
  readonly error: unknown;
  readonly readMore: () => void;
  readonly again: () => void;
}

/** The first page is small, so that something is there at once. */
const [firstPage, laterPages] = [200, 1000];

/** How many scripts are read before the user asks for more. */
const most = 10_000;

const nothing = {
  scripts: [] as readonly ScriptLine[],
  next: undefined as string | undefined,
  isReading: true,
  error: undefined as unknown,
};

/** Reads the list page by page, sorted by path: all of it, or of a large one the first scripts whose path begins with `prefix`. */
export function useScriptList(prefix: string): ScriptList {
  const [state, setState] = useState(nothing);
  const [round, setRound] = useState(0);
  const abort = useRef<AbortController | null>(null);

  const read = async (from: string | undefined, known: readonly ScriptLine[], until: number) => {
    abort.current?.abort();
    const { signal } = (abort.current = new AbortController());
    let [scripts, next] = [known, from];
    setState({ scripts, next, isReading: true, error: undefined });
    try {
      do {
        const query = new URLSearchParams({
          limit: `${scripts.length === 0 ? firstPage : laterPages}`,
          ...(prefix && { prefix }),
          ...(next && { after: next }),
        });
        const page = await getJson<Page>(`/api/v1/scripts?${query}`, { signal });
        scripts = [...scripts, ...page.scripts];
        next = page.next;
        setState({ scripts, next, isReading: next !== undefined && scripts.length < until, error: undefined });
      } while (next !== undefined && scripts.length < until);
    } catch (error) {
      if (!signal.aborted) setState({ scripts, next, isReading: false, error });
    }
  };

  useEffect(() => {
    void read(undefined, [], most);
    return () => abort.current?.abort();
  }, [prefix, key.value, round]);

  const { scripts, next, isReading, error } = state;
  return {
    scripts,
    isReading,
    error,
    hasMore: next !== undefined,
    readMore: () => void read(next, scripts, scripts.length + most),
    again: () => setRound((number) => number + 1),
  };
}

import { useEffect, useRef, useState } from "preact/hooks";
import { batcher } from "../api/batch.ts";
import { follow, type StreamState } from "../api/events.ts";
import type { StreamMessage } from "../api/eventParser.ts";
import { key } from "../api/key.ts";
import type { ApiError } from "../api/problem.ts";
import { isEnd, KeptLog } from "./keptLog.ts";

/** The events of a kept run, as they come. */
export interface FollowedLog {
  readonly log: KeptLog;
  readonly state: StreamState;
  /** Why the stream is not open: the server refuses it, or asks to come later; null: it does not. */
  readonly error: ApiError | null;
  /** Whether the server refuses the stream for good. */
  readonly isRefused: boolean;
  readonly again: () => void;
}

/** How long messages are collected before they are drawn, in milliseconds. */
const pause = 80;

/**
 * Follows the events of one kept run from the moment that `isUnderWay` is true until the run's end, across connections that break off.
 * `onStage` is called when the events say another stage than before. A run that waits for another attempt is `queued` again.
 */
export function useKeptLog(id: string, isUnderWay: boolean, onStage: (stage: string) => void): FollowedLog {
  const [log] = useState(() => new KeptLog());
  const [state, setState] = useState<StreamState>("connecting");
  const [failure, setFailure] = useState<{ readonly error: ApiError; readonly isRefused: boolean } | null>(null);
  const [round, setRound] = useState(0);
  const [, redraw] = useState(0);
  const changed = useRef(onStage);
  changed.current = onStage;
  // The stream goes on when the record says the end first: the last lines, and the end, come by it.
  const isBegun = useRef(false);
  isBegun.current ||= isUnderWay;
  const secret = key.value;

  useEffect(() => {
    if (!isBegun.current || log.stage === "ended") return;
    const abort = new AbortController();
    const messages = batcher<StreamMessage>((all) => {
      const before = log.stage;
      for (const message of all) log.take(message);
      redraw((number) => number + 1);
      if (log.stage !== before) changed.current(log.stage);
    }, pause);
    setFailure(null);
    void follow(`/api/v1/runs/${encodeURIComponent(id)}/events`, {
      signal: abort.signal,
      onState: (next) => {
        setState(next);
        if (next === "live") setFailure(null);
      },
      onMessage: (message) => {
        messages.add(message);
        if (isEnd(message)) abort.abort(); // nothing follows: the stream is not opened again
      },
      onFailed: (error) => setFailure({ error, isRefused: false }),
      onRefused: (error) => setFailure({ error, isRefused: true }),
    });
    return () => {
      abort.abort();
      messages.stop();
    };
  }, [id, isBegun.current, secret, round]);

  return {
    log, state, error: failure?.error ?? null, isRefused: failure?.isRefused ?? false, again: () => setRound((number) => number + 1),
  };
}

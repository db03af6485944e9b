import { call, type CallOptions } from "./client.ts";
import { waitBefore } from "./backoff.ts";
import { EventParser, type StreamMessage } from "./eventParser.ts";
import { key } from "./key.ts";
import { ApiError, isFinal, problemIn, type Problem } from "./problem.ts";
import { renewKey } from "./signIn.ts";
import { longestSilence, watchdog, type Watchdog } from "./watchdog.ts";

/** How a followed stream is at the moment; `waiting`: it was lost, and is opened again. */
export type StreamState = "connecting" | "live" | "waiting";

/** What follows a stream. */
export interface Follower {
  readonly onMessage: (message: StreamMessage) => void;
  readonly onState?: (state: StreamState) => void;
  /** The stream could not be opened, and is going to be opened again. */
  readonly onFailed?: (error: ApiError) => void;
  /** The stream ended for good: the server refuses it. It is not tried again. */
  readonly onRefused: (error: ApiError) => void;
  readonly signal: AbortSignal;
}

/** The longest that the page computes before the browser may draw and listen, in milliseconds. */
const slice = 12;

/** The messages of one event stream, until it ends. A stream that breaks off throws. `onPiece` is called for all that comes, pings too. */
export async function* messagesOf(response: Response, onPiece?: () => void): AsyncGenerator<StreamMessage[]> {
  const parser = new EventParser();
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let begun = performance.now();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onPiece?.();
      const messages = parser.push(value);
      if (messages.length > 0) yield messages;
      if (performance.now() - begun > slice) {
        await nextTask();
        begun = performance.now();
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined); // A stream that broke off cannot be cancelled.
  }
}

/** A stream that has lasted for so long is sound, in milliseconds: when it ends, the wait before the next one begins anew. */
const sound = 15_000;

/** The name of the last message of a stream whose key has ended; its data is the problem. */
const refused = "refused";

/**
 * Follows an event stream of the server's state. Theory of operation: fetch, because EventSource sends no key. When the stream ends,
 * breaks off, or is silent for longer than the server's pings allow, it is opened again after a wait that grows, with `Last-Event-ID`; a
 * hidden page waits until it is seen. When the server ends it because of the key, the user is asked for another one.
 */
export async function follow(address: string, follower: Follower, options: CallOptions = {}): Promise<void> {
  const { signal } = follower;
  let last = "";
  follower.onState?.("connecting");
  for (let tries = 0; !signal.aborted; tries++) {
    const secret = key.peek();
    const connection = new AbortController();
    let dog: Watchdog | undefined;
    let refusal: Problem | undefined;
    let opened = Infinity;
    try {
      const headers = { Accept: "text/event-stream", ...(last ? { "Last-Event-ID": last } : {}), ...options.headers };
      const response = await call(address, { ...options, headers, signal: AbortSignal.any([signal, connection.signal]) });
      follower.onState?.("live");
      opened = performance.now();
      dog = watchdog(longestSilence(response.headers.get("X-Ping-Seconds")), () => connection.abort());
      for await (const messages of messagesOf(response, dog.heard)) {
        for (const message of messages) {
          if (message.event === refused) refusal = problemIn(message.data);
          else {
            if (message.id !== "") last = message.id;
            follower.onMessage(message);
          }
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError) {
        if (isFinal(error.problem)) return follower.onRefused(error);
        follower.onFailed?.(error);
      }
    } finally {
      dog?.stop();
    }

    if (signal.aborted) return;
    if (refusal && !(refusal.status === 401 && (await renewKey(secret, refusal.detail)))) return follower.onRefused(new ApiError(refusal));
    follower.onState?.("waiting");
    if (performance.now() - opened > sound) tries = 0;
    await pause(waitBefore(tries, Math.random()), signal);
    await seen(signal);
  }
}

const nextTask = () => new Promise<void>((resume) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => resume(port1.close());
  port2.postMessage(null);
});

function pause(time: number, signal: AbortSignal): Promise<void> {
  return new Promise((resume) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resume();
    };
    const timer = setTimeout(end, time);
    signal.addEventListener("abort", end);
  });
}

function seen(signal: AbortSignal): Promise<void> {
  return new Promise((resume) => {
    if (!document.hidden || signal.aborted) return resume();
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", look);
      signal.removeEventListener("abort", look);
      resume();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
  });
}

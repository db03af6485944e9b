import { call, type CallOptions } from "./client.ts";
import { waitBefore } from "./backoff.ts";
import { EventParser, type StreamMessage } from "./eventParser.ts";
import { ApiError, unreachable } from "./problem.ts";

/** How a followed stream is at the moment. */
export type StreamState = "connecting" | "live" | "waiting";

/** What follows a stream. */
export interface Follower {
  readonly onMessage: (message: StreamMessage) => void;
  readonly onState?: (state: StreamState) => void;
  /** The stream ended for good: the server refuses it. It is not tried again. */
  readonly onRefused: (error: ApiError) => void;
  readonly signal: AbortSignal;
}

/** The longest that the page computes before the browser may draw and listen, in milliseconds. */
const slice = 12;

/** The messages of one event stream, until it ends. A stream that breaks off throws. */
export async function* messagesOf(response: Response): AsyncGenerator<StreamMessage[]> {
  const parser = new EventParser();
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let begun = performance.now();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
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

/**
 * Follows an event stream of the server's state. Theory of operation: fetch, because EventSource sends no key. When the stream ends or
 * breaks off, it is opened again after a wait that grows, with `Last-Event-ID`; a hidden page waits until it is seen.
 */
export async function follow(address: string, follower: Follower, options: CallOptions = {}): Promise<void> {
  const { signal } = follower;
  let last = "";
  for (let tries = 0; !signal.aborted; tries++) {
    follower.onState?.("connecting");
    try {
      const headers = { Accept: "text/event-stream", ...(last ? { "Last-Event-ID": last } : {}), ...options.headers };
      const response = await call(address, { ...options, headers, signal });
      follower.onState?.("live");
      for await (const messages of messagesOf(response)) {
        tries = 0;
        for (const message of messages) {
          last = message.id;
          follower.onMessage(message);
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && isFinal(error.problem.status)) return follower.onRefused(error);
    }

    if (signal.aborted) return;
    follower.onState?.("waiting");
    await pause(waitBefore(tries, Math.random()), signal);
    await seen(signal);
  }
}

// 429 and 5xx pass; what the caller is refused for does not.
const isFinal = (status: number) => status !== unreachable && status >= 400 && status < 500 && status !== 429;

const nextTask = () => new Promise<void>((resume) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => resume(port1.close());
  port2.postMessage(null);
});

function pause(time: number, signal: AbortSignal): Promise<void> {
  return new Promise((resume) => {
    const timer = setTimeout(resume, time);
    signal.addEventListener("abort", () => resume(clearTimeout(timer)), { once: true });
  });
}

function seen(signal: AbortSignal): Promise<void> {
  return new Promise((resume) => {
    if (!document.hidden || signal.aborted) return resume();
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", look);
      resume();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look, { once: true });
  });
}

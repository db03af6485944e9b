import { computed, effect, signal } from "@preact/signals";
import { call } from "../api/client.ts";
import { messagesOf } from "../api/events.ts";
import { session } from "../api/key.ts";
import { ApiError } from "../api/problem.ts";
import { Lines } from "./lines.ts";
import { bodyOf, type Call } from "./snippets.ts";
import { failedOf, linesOf, readAnswer, readEvent, type Outcome } from "./wire.ts";

/** A run of the playground's code, while it goes on and after it. */
export interface Run {
  readonly isStreamed: boolean;
  /** `waiting` until the server answers, `running` while it streams. */
  readonly state: "waiting" | "running" | "ended" | "stopped";
  readonly lines: Lines;
  readonly outcome: Outcome | null;
  /** Where the sandbox came from: `warm`, `spare` or `cold`. */
  readonly start: string | null;
  readonly callId: string | null;
  /** From the click to the end, in seconds. */
  readonly roundTrip: number | null;
}

/** The last run; null: there was none. */
export const run = signal<Run | null>(null);

/** Counts what was drawn of the lines, which grow in place. */
export const linesDrawn = signal(0);

export const isRunning = computed(() => run.value?.state === "waiting" || run.value?.state === "running");

let stopping: AbortController | null = null;

/** Ends the run: the server kills it when its client leaves. */
export const stop = (): void => stopping?.abort();

// The next user of the browser must not see what a run of this one has shown.
effect(() => {
  if (session.value === 0) return;
  stop();
  stopping = null;
  run.value = null;
});

/** Runs code, and shows what comes of it in `run`. A run that goes on is stopped. */
export async function start(asked: Call): Promise<void> {
  stop();
  const own = (stopping = new AbortController());
  const begun = performance.now();
  const isMine = () => stopping === own;
  const set = (change: Partial<Run>) => {
    if (isMine()) run.value = { ...run.peek()!, ...change };
  };
  const end = (state: "ended" | "stopped", outcome: Outcome | null) => {
    if (isMine()) stopping = null;
    else return;
    run.value = { ...run.peek()!, state, outcome, roundTrip: (performance.now() - begun) / 1000 };
    linesDrawn.value++;
  };
  const lines = new Lines();
  run.value = { isStreamed: asked.isStreamed, state: "waiting", lines, outcome: null, start: null, callId: null, roundTrip: null };
  linesDrawn.value++;
  try {
    const headers = { Accept: "text/event-stream, application/json" };
    const response = await call("/run-now", { body: bodyOf(asked), signal: own.signal, headers });
    set({ state: "running", ...headersOf(response.headers) });
    if (asked.isStreamed) end("ended", await readStream(response, lines));
    else {
      const answer = readAnswer(await response.text());
      addLogs(lines, answer.logs ?? "");
      end("ended", answer);
    }
  } catch (error) {
    if (own.signal.aborted) return end("stopped", null);
    const outcome = outcomeOf(error);
    if (error instanceof ApiError) {
      addLogs(lines, error.problem.logs ?? "");
      if (error.headers) set(headersOf(error.headers));
    }

    end("ended", outcome);
  }
}

/** An answer that is no stream has this much of the output, in bytes; a little less, where a character was cut. */
const mostLogged = 64 * 1024 - 4;

function addLogs(lines: Lines, logs: string): void {
  lines.isEnd = new TextEncoder().encode(logs).length >= mostLogged;
  for (const line of linesOf(logs)) lines.add(line);
}

async function readStream(response: Response, lines: Lines): Promise<Outcome> {
  for await (const messages of messagesOf(response)) {
    for (const { data } of messages) {
      const event = readEvent(data);
      if (event && "outcome" in event) return event.outcome;
      if (event) lines.add(event.line);
    }

    drawSoon();
  }

  throw new Error("The stream ended without an outcome.");
}

const headersOf = (headers: Headers): Partial<Run> => ({ start: headers.get("X-Start"), callId: headers.get("X-Call-Id") });

const outcomeOf = (error: unknown): Outcome => error instanceof ApiError
  ? failedOf(error.problem)
  : { reason: "connection", failure: { detail: brokenOff } };

const brokenOff = "The connection broke off before the run had ended. A run cannot be joined again; run the code once more.";

let isDrawing = false;

// Once for each frame that the browser draws, however many lines come.
function drawSoon(): void {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    linesDrawn.value++;
  });
}

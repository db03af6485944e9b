import type { Problem, Stats } from "../api/problem.ts";
import { Json } from "./json.ts";
import type { Line } from "./lines.ts";

/** What a run has come to. */
export interface Outcome {
  /** `ok`, or why it failed. */
  readonly reason: string;
  /** What it returned, if it is ok. */
  readonly value?: Value;
  /** What may have gone otherwise than its author meant it. */
  readonly hint?: string;
  /** Why there is no value. */
  readonly failure?: Failure;
  readonly stats?: Stats;
}

/** A value as it came over the wire. */
export interface Value {
  /** The value as it was sent: numbers have all of their digits. */
  readonly json: Json;
  /** `string`, `number`, `json`, `text` or `bytes`. */
  readonly type: string;
}

/** How a run failed: the members of its problem that are about the script. */
export type Failure = Pick<Problem, "detail" | "name" | "message" | "stack" | "line" | "column" | "exitCode" | "signal" | "retryAfter">;

/** One event of a streamed run. */
export type RunEvent = { readonly line: Line } | { readonly outcome: Outcome };

interface Sent {
  readonly event: "log" | "result" | "error";
  readonly data: unknown;
  readonly type: string;
  readonly stream?: string;
  readonly reason?: string;
  readonly hint?: string;
  readonly stats?: Stats;
}

/** Reads the data of one event of a streamed run; null: an event that this page does not know. */
export function readEvent(text: string): RunEvent | null {
  const sent = JSON.parse(text) as Sent;
  switch (sent.event) {
    case "log":
      return { line: { text: printed(sent, text), isError: sent.stream === "stderr" } };
    case "result":
      return { outcome: okOf(sent, text) };
    case "error":
      return { outcome: failedOf({ ...(sent as unknown as Problem), detail: String(sent.data) }) };
    default:
      return null;
  }
}

/** Reads the answer of a run that was not streamed. */
export function readAnswer(text: string): Outcome & { readonly logs?: string } {
  const sent = JSON.parse(text) as Sent & { logs?: string };
  return { ...okOf(sent, text), ...(sent.logs === undefined ? {} : { logs: sent.logs }) };
}

/** The outcome that a problem tells of. */
export function failedOf(problem: Problem): Outcome {
  const { reason, stats, detail, name, message, stack, line, column, exitCode, signal, retryAfter } = problem;
  const failure = Object.fromEntries(
    Object.entries({ detail, name, message, stack, line, column, exitCode, signal, retryAfter }).filter(([, value]) => value !== undefined),
  ) as unknown as Failure;
  return { reason, failure, ...(stats ? { stats } : {}) };
}

/** The lines of what a run that was not streamed has printed; its two streams cannot be told apart there. */
export function linesOf(logs: string): Line[] {
  const lines = logs.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((text) => ({ text, isError: false }));
}

const okOf = ({ type, hint, stats }: Sent, text: string): Outcome => ({
  reason: "ok", value: { json: dataOf(text), type }, ...(hint ? { hint } : {}), ...(stats ? { stats } : {}),
});

// The line as it was printed: a text is a JSON string on the wire, anything else stands there as it was.
const printed = ({ data, type }: Sent, text: string): string => (type === "text" ? String(data) : dataOf(text).text);

const dataOf = (text: string): Json => new Json(text).find("data") ?? new Json("null");

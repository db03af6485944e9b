import { Json } from "../playground/json.ts";
import type { Kept, Run, RunDetail } from "./run.ts";

/** A run whose record the store keeps, as GET /api/v1/runs?kept=true lists it. */
export interface KeptRun extends Run {
  readonly node?: string;
  readonly attempt?: number;
  readonly priority?: number;
  readonly notBefore?: string;
  /** The run in whose place it runs. */
  readonly redrives?: string;
  /** The run that has run in its place. */
  readonly redrivenBy?: string;
  readonly schedule?: string;
  readonly batch?: string;
  /** Which input of its batch it has, from 0. */
  readonly index?: number;
  readonly failure?: KeptFailure;
  /** Of a run that waits for another attempt: it does not start before. */
  readonly retryAt?: string;
  /** The run that it was handed on to. */
  readonly next?: string;
  /** Why it was not handed on, though it should have been. */
  readonly nextRefused?: string;
  /** The run before it in its chain. */
  readonly previous?: string;
  /** How many runs are before it in its chain. */
  readonly depth?: number;
  readonly callback?: KeptCallback;
}

/** How the last attempt ended that another one was to follow. */
export interface KeptFailure {
  readonly reason: string;
  readonly detail?: string;
  readonly at: string;
}

/** How far a run's callback has come (docs/callbacks.md, "What became of it"). */
export interface KeptCallback {
  readonly url: string;
  readonly state: string;
  readonly attempts: number;
  readonly lastStatus?: number;
  readonly lastError?: string;
  readonly next?: string;
}

/** What a run hands on to (docs/asynchronous.md, "Chains"). */
export interface KeptThen {
  readonly success?: KeptDestination;
  readonly failure?: KeptDestination;
}

/** The script that the next run of a chain runs. */
export interface KeptDestination {
  readonly path: string;
  /** A version's number or an alias; left out: the latest version. */
  readonly version?: string;
  readonly then?: KeptThen;
}

/** A page of them. */
export interface KeptPage {
  readonly runs: readonly KeptRun[];
  readonly kept: Kept;
  readonly next?: string;
}

/** The record of one of them. */
export interface KeptRecord extends KeptRun, RunDetail {
  readonly type?: string;
  readonly hint?: string;
  readonly resultCut?: boolean;
  readonly then?: KeptThen;
}

/** A record, and its text, in which the numbers of input and value have all of their digits. */
export interface ReadRecord {
  readonly run: KeptRecord;
  readonly json: Json;
}

/** A record from its text. */
export const recordOf = (text: string): ReadRecord => ({ run: JSON.parse(text) as KeptRecord, json: new Json(text) });

/** Whether an id is that of a kept run: docs/runs.md says how these look. */
export const isKeptId = (id: string): boolean => id.includes("~k");

/** Whether a run was started. One that waits for another attempt was; `attempt` of one that was not is 0. */
export const hasBegun = (run: KeptRun): boolean => run.state !== "queued" || (run.attempt ?? 0) > 0;

/** The page's address of a kept run. */
export const addressOfRun = (id: string): string => `/runs/${encodeURIComponent(id)}?kept=true`;

/** The run that an address of the view names, from what stands behind `/runs/`; undefined: none. */
export function selectedIn(encoded: string): string | undefined {
  if (encoded === "") return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded; // a person has typed a lone %
  }
}

const known = new Set([
  "id", "call", "via", "path", "version", "alias", "language", "isolation", "stream", "key", "state", "start", "reason", "status", "detail",
  "received", "queued", "started", "ended", "waitSeconds", "runSeconds", "totalSeconds", "cpuSeconds", "memoryBytes", "inputBytes",
  "resultBytes", "logBytes", "kept", "node", "attempt", "priority", "notBefore", "redrives", "redrivenBy", "dead", "schedule", "input",
  "result", "resultCut", "type", "hint", "error", "exitCode", "signal", "log", "logCut", "batch", "index", "failure", "retryAt",
  "then", "next", "nextRefused", "previous", "depth", "callback",
]);

/** A member of a record that this page has no place of its own for. */
export interface FurtherMember {
  readonly name: string;
  readonly text: string;
}

/** What a newer server says of a run, beside what the page knows: each member by its name, a text as its characters. */
export const furtherMembers = (json: Json): readonly FurtherMember[] =>
  json.members
    .filter(({ name, value }) => !known.has(name) && value.kind !== "null")
    .map(({ name, value }) => ({ name, text: value.kind === "string" ? value.string : value.text }));

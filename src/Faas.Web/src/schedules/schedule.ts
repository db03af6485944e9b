import { Json } from "../playground/json.ts";

/** A schedule as GET /api/v1/schedules lists it (docs/schedules.md). */
export interface Schedule {
  readonly name: string;
  readonly path: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly version?: string;
  readonly priority: number;
  readonly enabled: boolean;
  readonly overlap: string;
  readonly missed: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly counts: { readonly runs: number; readonly skipped: number; readonly missed: number; readonly failed: number };
  readonly key?: string;
  readonly next?: string;
  readonly last?: LastFire;
  readonly skippedAt?: string;
}

/** The last fire of a schedule. */
export interface LastFire {
  readonly at: string;
  /** Its run; without it, it could make none. */
  readonly run?: string;
  /** How far the run has come; a list does not say it. */
  readonly state?: string;
  readonly reason?: string;
  readonly detail?: string;
}

/** A page of schedules. */
export interface SchedulePage {
  readonly schedules: readonly Schedule[];
  readonly next?: string;
}

/** The page's address of a schedule. */
export const addressOfSchedule = (name: string): string => `/schedules/${encodeURIComponent(name)}`;

/** The route of the API for a schedule. */
export const apiOfSchedule = (name: string, rest = ""): string => `/api/v1/schedules/${encodeURIComponent(name)}${rest}`;

/** A schedule as it is: read, as its text, and the entity tag of that state. */
export interface ScheduleState {
  readonly schedule: Schedule;
  /** Its text, in which the numbers of the input have all of their digits. */
  readonly json: Json;
  readonly tag: string;
}

/** A schedule from an answer's text and entity tag. */
export const stateOf = (text: string, tag: string | null): ScheduleState => ({
  schedule: JSON.parse(text) as Schedule, json: new Json(text), tag: tag ?? "*",
});

/** What the server says of a schedule and does not take back in the body of PUT. */
const told = new Set(["name", "createdAt", "updatedAt", "counts", "key", "next", "last", "skippedAt"]);

/**
 * The body of `PUT …/schedules/{name}` that leaves a schedule as it is but for some members; `null` leaves a member out. It has each
 * member that the server has told, also those that this page does not know: what a body leaves out is the default again.
 */
export function bodyFrom(json: Json | undefined, changes: Readonly<Record<string, string | null>>): string {
  const members = new Map<string, string | null>();
  for (const { name, value } of json?.members ?? []) if (!told.has(name)) members.set(name, value.text);
  for (const [name, text] of Object.entries(changes)) members.set(name, text);
  const written = [...members].filter(([, text]) => text !== null).map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  return `{${written.join(",")}}`;
}

/** What became of a last fire, in some words. */
export function lastText({ run, state, reason }: LastFire): string {
  if (run === undefined) return `no run: ${reason ?? "unknown"}`;
  return reason ?? state ?? "made a run";
}

/** Whether a last fire is a failure, as far as is told. */
export const isFailure = ({ run, reason }: LastFire): boolean =>
  run === undefined || (reason !== undefined && reason !== "ok" && reason !== "cancelled");

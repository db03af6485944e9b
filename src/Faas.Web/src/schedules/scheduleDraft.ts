// A schedule as a person edits it, and the body of PUT /api/v1/schedules/{name} that it becomes. The server checks it, and what it says
// against a member is shown at the field of that member.

import { inputError } from "../playground/input.ts";
import { prettyJson } from "../playground/prettyJson.ts";
import { bodyFrom, type ScheduleState } from "./schedule.ts";

export interface ScheduleDraft {
  readonly name: string;
  readonly path: string;
  readonly cron: string;
  readonly timeZone: string;
  /** A version's number or an alias; empty: the latest version. */
  readonly version: string;
  /** JSON; empty: `{}`. */
  readonly input: string;
  readonly priority: string;
  readonly enabled: boolean;
  readonly overlap: string;
  readonly missed: string;
}

/** The words of the members that have some, with what they mean. */
export const words = {
  overlap: [
    { value: "skip", title: "skip: no new run" },
    { value: "queue", title: "queue: the new run waits in the queue" },
    { value: "cancel", title: "cancel: the last run is cancelled, and the new one begins after its end" },
  ],
  missed: [
    { value: "skip", title: "skip: nothing" },
    { value: "once", title: "once: one run for the latest of them" },
    { value: "all", title: "all: a run for each of the latest ones" },
  ],
} as const;

/** The draft of a schedule as it is; of a new one, with the server's defaults. */
export function draftOf(state: ScheduleState | undefined): ScheduleDraft {
  const schedule = state?.schedule;
  return {
    name: schedule?.name ?? "",
    path: schedule?.path ?? "",
    cron: schedule?.cron ?? "",
    timeZone: schedule?.timeZone ?? "UTC",
    version: schedule?.version ?? "",
    input: prettyJson(state?.json.find("input")?.text ?? "{}"),
    priority: `${schedule?.priority ?? 5}`,
    enabled: schedule?.enabled ?? true,
    overlap: schedule?.overlap ?? "skip",
    missed: schedule?.missed ?? "skip",
  };
}

/** What is wrong with each field. */
export type DraftErrors = Partial<Record<keyof ScheduleDraft, string>>;

/** What cannot be sent at all: a name that is no part of an address, and an input that is not JSON. The rest the server says. */
export function errorsOf({ name, input }: ScheduleDraft): DraftErrors {
  const wrong = inputError(input);
  return {
    ...(!/^[A-Za-z0-9\-._]{1,64}$/.test(name) || name === "." || name === ".." ? { name: "Take 1 to 64 letters, digits or -._" } : {}),
    ...(wrong === null ? {} : { input: wrong }),
  };
}

/** The body of PUT. What is known of the schedule that is not in the draft stays as it is. */
export function bodyOf(draft: ScheduleDraft, state: ScheduleState | undefined): string {
  const text = (value: string) => (value.trim() === "" ? null : JSON.stringify(value.trim()));
  return bodyFrom(state?.json, {
    path: text(draft.path),
    cron: text(draft.cron),
    timeZone: text(draft.timeZone),
    version: text(draft.version),
    input: draft.input.trim() === "" ? null : draft.input,
    priority: draft.priority,
    enabled: `${draft.enabled}`,
    overlap: text(draft.overlap),
    missed: text(draft.missed),
  });
}

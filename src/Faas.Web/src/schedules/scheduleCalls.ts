import { call } from "../api/client.ts";
import { ApiError } from "../api/problem.ts";
import { apiOfSchedule, bodyFrom, stateOf, type SchedulePage, type Schedule, type ScheduleState } from "./schedule.ts";

/** How many schedules the list shows at most. */
export const mostListed = 5000;

const limit = 1000;

/** All schedules by name, page after page, and whether there are more than the list shows. */
export async function readSchedules(signal: AbortSignal): Promise<{ readonly schedules: readonly Schedule[]; readonly isCut: boolean }> {
  const schedules: Schedule[] = [];
  let next: string | undefined;
  do {
    const after: string = next === undefined ? "" : `&after=${encodeURIComponent(next)}`;
    const page = (await (await call(`/api/v1/schedules?limit=${limit}${after}`, { signal })).json()) as SchedulePage;
    schedules.push(...page.schedules);
    next = page.next;
  } while (next !== undefined && schedules.length < mostListed);
  return { schedules, isCut: next !== undefined };
}

/** One schedule as it is now. */
export async function readSchedule(name: string, signal?: AbortSignal): Promise<ScheduleState> {
  const response = await call(apiOfSchedule(name), signal ? { signal } : {});
  return stateOf(await response.text(), response.headers.get("ETag"));
}

/** Pauses a schedule, or takes it up again, without a change of anything else. Throws if someone changes it meanwhile. */
export async function enable(name: string, enabled: boolean): Promise<void> {
  const { json, tag } = await readSchedule(name);
  await call(apiOfSchedule(name), { method: "PUT", json: bodyFrom(json, { enabled: `${enabled}` }), headers: { "If-Match": tag } });
}

/** Has a run of a schedule begin now, and says its id. */
export async function runNow(name: string): Promise<string> {
  const response = await call(apiOfSchedule(name, "/run"), { method: "POST" });
  return ((await response.json()) as { readonly id: string }).id;
}

/** Whether there is no such schedule. */
export const isMissing = (error: unknown): boolean => error instanceof ApiError && error.problem.status === 404;

/** Whether a change was refused because someone else was quicker, or has taken the name. */
export const isStale = (error: unknown): boolean => error instanceof ApiError && error.problem.status === 412;

import { moment, plural } from "../charts/units.ts";
import { hasBegun, type KeptCallback, type KeptDestination, type KeptFailure, type KeptRun, type KeptThen } from "./keptRun.ts";

// What the record of a kept run says by members of members, in one line for a person.

/** `timeout, 2026-02-08 07:33:20: The run took longer than 3 s.` */
export const failureWords = ({ reason, detail, at }: KeptFailure): string =>
  `${reason}, ${moment(new Date(at))}${detail === undefined ? "" : `: ${detail}`}`;

/** `pending at https://a.example/done, sent 2 times, last answer 503, next 2026-02-08 07:33:20`. */
export function callbackWords({ url, state, attempts, lastStatus, lastError, next }: KeptCallback): string {
  const parts = [`${state} at ${url}`];
  if (attempts > 0) parts.push(`sent ${plural(attempts, "time")}`);
  if (lastStatus !== undefined) parts.push(`last answer ${lastStatus}`);
  if (lastError !== undefined) parts.push(`no answer to the last attempt (${lastError})`);
  if (next !== undefined) parts.push(`next ${moment(new Date(next))}`);
  return parts.join(", ");
}

/** `success: report/mail@stable (success: report/archive), failure: ops/alert`. */
export const thenWords = ({ success, failure }: KeptThen): string =>
  [success && `success: ${destinationWords(success)}`, failure && `failure: ${destinationWords(failure)}`].filter(Boolean).join(", ");

/** What becomes of a run under way that is cancelled. */
export const cancelWords = (run: KeptRun): string =>
  !hasBegun(run)
    ? `The run of ${run.path} has not begun, and will not.`
    : run.state === "queued"
      ? `The run of ${run.path} waits for another attempt, which will not come.`
      : `All processes of the run of ${run.path} are killed. What it has done until then stays done.`;

const destinationWords = ({ path, version, then }: KeptDestination): string =>
  `${path}${version === undefined ? "" : `@${version}`}${then === undefined ? "" : ` (${thenWords(then)})`}`;

import { moment } from "../charts/units.ts";
import { addressOfRun } from "../runs/keptRun.ts";
import { Fact } from "../runs/RunDetails.tsx";
import { keptAddress, everyKept } from "../runs/keptFilter.ts";
import { format } from "../scripts/routes.ts";
import { instantText } from "./instants.ts";
import { isFailure, lastText, type LastFire, type Schedule } from "./schedule.ts";

/** What a schedule runs when, and what became of its instants. */
export function ScheduleFacts({ schedule }: { readonly schedule: Schedule }) {
  const { path, cron, timeZone, version, priority, enabled, overlap, missed, counts, key, next, last, skippedAt } = schedule;
  return (
    <dl class="facts">
      <Fact name="Script">
        <a class="mono" href={format({ path })}>
          {path}
        </a>
      </Fact>
      <Fact name="Version">{version ?? "the latest"}</Fact>
      <Fact name="When">
        <code>{cron}</code> in {timeZone}
      </Fact>
      <Fact name="Next">{!enabled ? "not while it is paused" : next === undefined ? "never" : instantText(new Date(next), timeZone)}</Fact>
      <Fact name="Last">{last === undefined ? "it has not fired yet" : <Last last={last} timeZone={timeZone} />}</Fact>
      <Fact name="Runs">
        {counts.runs}, <a href={keptAddress({ ...everyKept, schedule: schedule.name })}>those that are kept</a>
      </Fact>
      {counts.skipped > 0 && (
        <Fact name="Skipped">
          {counts.skipped}
          {skippedAt !== undefined && `, the last one at ${instantText(new Date(skippedAt), timeZone)}`}
        </Fact>
      )}
      <Fact name="Missed">{counts.missed > 0 && `${counts.missed}`}</Fact>
      <Fact name="Failed to start">{counts.failed > 0 && `${counts.failed}`}</Fact>
      <Fact name="While the last run goes on">{overlap}</Fact>
      <Fact name="Missed instants">{missed}</Fact>
      <Fact name="Priority">{`${priority}`}</Fact>
      <Fact name="Written">{`${moment(new Date(schedule.updatedAt))}${key ? `, by the key ${key}` : ""}`}</Fact>
    </dl>
  );
}

function Last({ last, timeZone }: { readonly last: LastFire; readonly timeZone: string }) {
  return (
    <>
      {instantText(new Date(last.at), timeZone)}:{" "}
      <span class={isFailure(last) ? "wrong" : ""}>
        {last.run === undefined ? lastText(last) : <a href={addressOfRun(last.run)}>{lastText(last)}</a>}
        {last.detail && ` – ${last.detail}`}
      </span>
    </>
  );
}

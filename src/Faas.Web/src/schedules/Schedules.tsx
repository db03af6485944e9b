import "../controls/view.css";
import "./schedules.css";
import { useMemo, useState } from "preact/hooks";
import { useRead } from "../api/useRead.ts";
import { count, plural } from "../charts/units.ts";
import { Button } from "../controls/Button.tsx";
import { Empty, Failed, Loading } from "../controls/States.tsx";
import { selectedIn } from "../runs/keptRun.ts";
import { useCommands } from "../shell/commands.ts";
import { matching } from "../shell/matching.ts";
import { go } from "../shell/navigation.ts";
import type { ViewProps } from "../shell/views.ts";
import { addressOfSchedule } from "./schedule.ts";
import { readSchedules } from "./scheduleCalls.ts";
import { ScheduleDetails } from "./ScheduleDetails.tsx";
import { ScheduleDialog } from "./ScheduleDialog.tsx";
import { ScheduleTable } from "./ScheduleTable.tsx";

/** How often the list is read anew, in milliseconds. */
const interval = 10_000;

/** What may be done to schedules: a new one would start runs, so it needs both scopes. */
const toWrite = ["write", "invoke"] as const;

/** What starts runs by the clock: the list of schedules, and one of them. */
export default function Schedules({ rest }: ViewProps) {
  const selected = selectedIn(rest);
  const list = useRead(readSchedules, [], interval);
  const [text, setText] = useState("");
  const [isMaking, make] = useState(false);
  const all = list.value?.schedules ?? [];
  const found = useMemo(() => matching(all, text, ({ name, path, cron, timeZone }) => `${name} ${path} ${cron} ${timeZone}`), [all, text]);
  useCommands(
    () => [
      { id: "schedule-new", title: "New schedule", group: "Schedules", needs: toWrite, run: () => make(true) },
      { id: "schedules-find", title: "Find a schedule", group: "Schedules", run: () => document.getElementById("schedules-find")?.focus() },
      ...all.slice(0, 500).map(({ name }) => ({
        id: `schedule-${name}`, title: name, group: "Open a schedule", run: () => go(addressOfSchedule(name)),
      })),
    ],
    [list.value],
  );

  return (
    <div class={`schedules ${selected === undefined ? "" : "has-schedule"}`}>
      <h1 class="unseen">Schedules</h1>
      <div class="schedules-main">
        <div class="view-head">
          <p class="view-title" aria-hidden="true">
            Schedules
          </p>
          <input
            id="schedules-find"
            class="input schedules-find"
            type="search"
            placeholder="Find a schedule"
            aria-label="Find a schedule"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <span class="grow" />
          <Button kind="primary" needs={toWrite} onClick={() => make(true)}>
            New schedule
          </Button>
        </div>
        {list.value === undefined ? (
          list.error !== undefined ? (
            <Failed title="The schedules could not be read" error={list.error} onRetry={list.again} />
          ) : (
            <Loading what="the schedules" />
          )
        ) : all.length === 0 ? (
          <Empty title="There is no schedule yet">
            A schedule runs a script by the clock. Make one with New schedule: it needs the path of a script and a cron expression.
          </Empty>
        ) : found.length === 0 ? (
          <Empty title="No schedule is like this">None has this text in its name, script or time.</Empty>
        ) : (
          <div class={`schedules-list ${list.error === undefined ? "" : "is-stale"}`}>
            <ScheduleTable schedules={found} selected={selected} />
          </div>
        )}
        {list.value !== undefined && (
          <p class="schedules-foot muted" role="status">
            {text.trim() === "" ? plural(all.length, "schedule") : `${count(found.length)} of ${plural(all.length, "schedule")}`}
            {list.value.isCut && ": the first ones by name, more are not shown"}
            {list.error !== undefined && ", which could not be read anew just now"}
          </p>
        )}
      </div>
      {selected !== undefined && <ScheduleDetails key={selected} name={selected} onChanged={list.again} />}
      {isMaking && (
        <ScheduleDialog
          state={undefined}
          onClose={() => make(false)}
          onDone={(name) => {
            make(false);
            list.again();
            go(addressOfSchedule(name));
          }}
        />
      )}
    </div>
  );
}

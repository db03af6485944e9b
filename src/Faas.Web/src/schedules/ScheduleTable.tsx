import { moment } from "../charts/units.ts";
import { Table } from "../controls/Table.tsx";
import { addressOfRun } from "../runs/keptRun.ts";
import { addressOfSchedule, isFailure, lastText, type LastFire, type Schedule } from "./schedule.ts";

interface Props {
  readonly schedules: readonly Schedule[];
  readonly selected: string | undefined;
}

/** The schedules as a table: what runs when, and what became of it last. */
export function ScheduleTable({ schedules, selected }: Props) {
  return (
    <Table
      label="Schedules"
      rows={schedules}
      keyOf={({ name }) => name}
      columns={[
        {
          id: "name", title: "Name", sortBy: ({ name }) => name,
          cell: ({ name }) => (
            <a class="mono" href={addressOfSchedule(name)} aria-current={name === selected ? "true" : undefined}>
              {name}
            </a>
          ),
        },
        { id: "path", title: "Script", sortBy: ({ path }) => path, cell: ({ path }) => <span class="mono">{path}</span> },
        {
          id: "cron", title: "When",
          cell: ({ cron, timeZone }) => (
            <>
              <code>{cron}</code> <span class="muted">{timeZone}</span>
            </>
          ),
        },
        {
          id: "next", title: "Next", sortBy: ({ next }) => next ?? "~",
          cell: ({ next, enabled }) =>
            !enabled ? <span class="badge badge-warn">paused</span> : next === undefined ? "never" : moment(new Date(next)),
        },
        { id: "last", title: "Last", sortBy: ({ last }) => last?.at ?? "", cell: ({ last }) => <Last last={last} /> },
        { id: "runs", title: "Runs", isNumber: true, sortBy: ({ counts }) => counts.runs, cell: ({ counts }) => counts.runs },
        {
          id: "lost", title: "Skipped, missed, failed", isNumber: true,
          sortBy: ({ counts }) => counts.skipped + counts.missed + counts.failed,
          cell: ({ counts }) => `${counts.skipped}, ${counts.missed}, ${counts.failed}`,
        },
      ]}
    />
  );
}

function Last({ last }: { readonly last: LastFire | undefined }) {
  if (last === undefined) return <span class="muted">never</span>;
  const at = moment(new Date(last.at));
  return last.run === undefined ? (
    <span class={isFailure(last) ? "wrong" : ""} title={last.detail}>
      {at}, {lastText(last)}
    </span>
  ) : (
    <a href={addressOfRun(last.run)}>{at}</a>
  );
}

import { useEffect, useState } from "preact/hooks";
import { count, duration, plural } from "../charts/units.ts";
import { Button } from "../controls/Button.tsx";
import { Empty, Failed, Loading } from "../controls/States.tsx";
import { useNow } from "../controls/useNow.ts";
import { useCommands } from "../shell/commands.ts";
import { go, place } from "../shell/navigation.ts";
import type { ViewProps } from "../shell/views.ts";
import { everyKept, keptAddress, keptFilterOf, keptPartsOf, keptQuery, type KeptFilter } from "./keptFilter.ts";
import { KeptFilterBar } from "./KeptFilterBar.tsx";
import { selectedIn } from "./keptRun.ts";
import { KeptRunDetails } from "./KeptRunDetails.tsx";
import { ListChoice } from "./ListChoice.tsx";
import { RedriveDialog } from "./RedriveDialog.tsx";
import { RunRows } from "./RunRows.tsx";
import { useKeptRuns } from "./useKeptRuns.ts";
import { useRested } from "./useRested.ts";

/** The runs that the store keeps, in pages, and the record of one of them. */
export function KeptRuns({ rest: encoded }: ViewProps) {
  const selected = selectedIn(encoded);
  const [filter, setFilter] = useState(() => keptFilterOf(location.search));
  const [isRedriving, redrive] = useState(false);
  const list = useKeptRuns(useRested(keptQuery(filter)));
  const now = useNow();

  // A link to the runs, or the browser's way back, says another filter.
  useEffect(() => setFilter(keptFilterOf(location.search)), [place.value]);

  const change = (next: KeptFilter) => {
    setFilter(next);
    go(keptAddress(next, selected), "replace");
  };
  const select = (id: string | undefined) => go(keptAddress(filter, id), selected === undefined ? "push" : "replace");

  useCommands(
    () => [
      { id: "runs-path", title: "Find the kept runs of a script", group: "Runs", run: () => document.getElementById("runs-path")?.focus() },
      {
        id: "runs-list", title: "Go to the list of runs", group: "Runs",
        run: () => document.querySelector<HTMLElement>(".run-rows")?.focus(),
      },
      { id: "runs-recent", title: "Show the recent runs", group: "Runs", run: () => go("/runs") },
      { id: "runs-dead", title: "Show the dead letters", group: "Runs", run: () => change({ ...everyKept, dead: true }) },
      {
        id: "runs-underway", title: "Show the kept runs that wait or run", group: "Runs",
        run: () => change({ ...everyKept, state: ["queued", "running"] }),
      },
      { id: "runs-all", title: "Show all kept runs", group: "Runs", run: () => change(everyKept) },
      { id: "runs-again", title: "Read the kept runs anew", group: "Runs", run: list.again },
      ...(filter.dead
        ? [{
            id: "runs-redrive", title: "Redrive these dead letters", group: "Runs", needs: ["invoke", "runs"] as const,
            run: () => redrive(true),
          }]
        : []),
    ],
    [filter, selected],
  );

  const isNarrowed = keptPartsOf(filter) > 0;
  const older = (
    <Button disabled={list.isReading} onClick={list.older}>
      {list.runs.length === 0 ? "Look among older runs" : "Show older runs"}
    </Button>
  );
  return (
    <div class={`runs runs-kept ${selected === undefined ? "" : "has-run"}`}>
      <h1 class="unseen">Kept runs</h1>
      <div class="runs-main">
        <div class="view-head">
          <p class="view-title" aria-hidden="true">
            Runs
          </p>
          <ListChoice list="kept" path={filter.path} />
          <span class="grow" />
          {filter.dead && (
            <Button needs={["invoke", "runs"]} onClick={() => redrive(true)}>
              Redrive these dead letters
            </Button>
          )}
          <Button onClick={list.again}>Read anew</Button>
        </div>
        <KeptFilterBar filter={filter} onChange={change} />
        {list.kept === undefined ? (
          list.error !== undefined ? (
            <Failed title="The kept runs are not shown" error={list.error} onRetry={list.again} />
          ) : (
            <Loading what="the kept runs" />
          )
        ) : list.runs.length === 0 ? (
          <Empty title={isNarrowed ? "No kept run is like this" : "No run is kept yet"} more={list.hasOlder && older}>
            {list.hasOlder
              ? "None of the newest runs has what you look for."
              : isNarrowed
                ? "None of the runs that the server keeps has what you look for."
                : "Asynchronous calls, the runs of schedules, and calls with “keep” are kept, with their input, value and output."}
          </Empty>
        ) : (
          <div class={`runs-list ${list.error === undefined ? "" : "is-stale"}`}>
            <RunRows runs={list.runs} selected={selected} onSelect={select} now={now} />
          </div>
        )}
        {list.kept !== undefined && (
          <div class="runs-foot muted">
            {list.runs.length > 0 && list.hasOlder && older}
            <p role="note">
              {plural(list.runs.length, "run")}
              {list.isStill && ", which stand still until they are read anew"}. The server keeps the last {count(list.kept.runs)} that have
              ended, for {duration(list.kept.ageSeconds)}.
              {list.error !== undefined && <span class="wrong"> They could not be read just now.</span>}
            </p>
          </div>
        )}
      </div>
      {selected !== undefined && (
        <KeptRunDetails key={selected} id={selected} now={now} onClose={() => select(undefined)}
          onChanged={() => !list.isStill && list.again()} />
      )}
      {isRedriving && <RedriveDialog filter={filter} onClose={() => redrive(false)} onDone={list.again} />}
    </div>
  );
}

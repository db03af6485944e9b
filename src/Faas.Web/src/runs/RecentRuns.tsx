import { useEffect, useMemo, useState } from "preact/hooks";
import { useFollow } from "../api/useFollow.ts";
import { serverNow } from "../api/serverClock.ts";
import { count, duration, plural } from "../charts/units.ts";
import { Button } from "../controls/Button.tsx";
import { Live } from "../controls/Live.tsx";
import { Empty, Failed, Loading } from "../controls/States.tsx";
import { useNow } from "../controls/useNow.ts";
import { useCommands } from "../shell/commands.ts";
import { go, place } from "../shell/navigation.ts";
import type { ViewProps } from "../shell/views.ts";
import { FilterBar } from "./FilterBar.tsx";
import { everyKept, keptAddress } from "./keptFilter.ts";
import { isKeptId, selectedIn } from "./keptRun.ts";
import { KeptRunDetails } from "./KeptRunDetails.tsx";
import { ListChoice } from "./ListChoice.tsx";
import type { RunEvent } from "./run.ts";
import { RunDetails } from "./RunDetails.tsx";
import { addressQuery, apiQuery, everything, filterOf, isShown, partsOf, type RunFilter } from "./runFilter.ts";
import { noRuns, notForgotten, withEvents, type RunList } from "./runList.ts";
import { RunRows } from "./RunRows.tsx";
import { useRested } from "./useRested.ts";

/** How many runs the first message has at most. */
const limit = 1000;

/** The runs of the last minutes, live. */
export function RecentRuns({ rest: encoded }: ViewProps) {
  const selected = selectedIn(encoded);
  const [filter, setFilter] = useState(() => filterOf(location.search));
  const [list, setList] = useState(noRuns);
  const [paused, setPaused] = useState<RunList | null>(null);
  const query = useRested(apiQuery(filter, limit));
  const now = useNow();
  const stream = useFollow<RunEvent>(`/api/v1/runs/events${query}`, (events) =>
    setList((before) => withEvents(before, events, serverNow())),
  );

  // A link to the runs, or the browser's way back, says another filter.
  useEffect(() => setFilter(filterOf(location.search)), [place.value]);

  const change = (next: RunFilter) => {
    setFilter(next);
    go(`/runs${selected === undefined ? "" : `/${encodeURIComponent(selected)}`}${addressQuery(next)}`, "replace");
  };
  const select = (id: string | undefined) =>
    go(`/runs${id === undefined ? "" : `/${encodeURIComponent(id)}`}${addressQuery(filter)}`, selected === undefined ? "push" : "replace");
  const toggle = () => setPaused(paused ? null : list);

  useCommands(
    () => [
      {
        id: "runs-path",
        title: "Find the runs of a script",
        group: "Runs",
        run: () => document.getElementById("runs-path")?.focus(),
      },
      { id: "runs-text", title: "Find runs by a text", group: "Runs", run: () => document.getElementById("runs-text")?.focus() },
      {
        id: "runs-list",
        title: "Go to the list of runs",
        group: "Runs",
        run: () => document.querySelector<HTMLElement>(".run-rows")?.focus(),
      },
      {
        id: "runs-failed",
        title: "Show the runs that failed",
        group: "Runs",
        run: () => change({ ...everything, reason: ["error", "syntax", "dependencies", "exit", "signal", "oom", "timeout", "output_limit", "sandbox"] }),
      },
      {
        id: "runs-running",
        title: "Show the runs under way",
        group: "Runs",
        run: () => change({ ...everything, state: ["waiting", "running"] }),
      },
      { id: "runs-kept", title: "Show the kept runs", group: "Runs", run: () => go(keptAddress(everyKept)) },
      { id: "runs-dead", title: "Show the dead letters", group: "Runs", run: () => go(keptAddress({ ...everyKept, dead: true })) },
      { id: "runs-all", title: "Show all runs", group: "Runs", run: () => change(everything) },
      { id: "runs-pause", title: paused ? "Go on with the list of runs" : "Pause the list of runs", group: "Runs", run: toggle },
    ],
    [filter, paused, list, selected],
  );

  const shownList = paused ?? list;
  const runs = useMemo(
    () => (paused ? paused.runs : notForgotten(list.runs, list.kept, now)).filter((run) => isShown(run, filter)),
    [paused, list, filter, Math.floor(now / 5000)],
  );
  const fresh = paused ? list.runs.filter((run) => !paused.runs.some((old) => old.id === run.id)).length : 0;
  const listed = selected === undefined ? undefined : list.runs.find((run) => run.id === selected);

  return (
    <div class={`runs ${selected === undefined ? "" : "has-run"}`}>
      <h1 class="unseen">Runs</h1>
      <div class="runs-main">
        <div class="view-head">
          <p class="view-title" aria-hidden="true">
            Runs
          </p>
          <ListChoice list="recent" path={filter.path} />
          {stream.error === null && <Live state={stream.state} />}
          <span class="grow" />
          <Button onClick={toggle} aria-pressed={paused !== null}>
            {paused ? `Go on (${count(fresh)} new)` : "Pause"}
          </Button>
        </div>
        <FilterBar filter={filter} onChange={change} />
        {stream.error ? (
          <Failed title="The runs are not shown" error={stream.error} onRetry={stream.again} />
        ) : !shownList.isKnown ? (
          <Loading what="the runs" />
        ) : shownList.kept.runs === 0 ? (
          <Empty title="The server keeps no runs">
            faas.runs.recent.count is 0. With a larger number the runs of the last minutes are here.
          </Empty>
        ) : runs.length === 0 ? (
          <Empty title={partsOf(filter) > 0 ? "No run is like this" : "No run yet"}>
            {partsOf(filter) > 0
              ? "None of the last minutes’ runs has what you look for."
              : "Call a script, or run code in the Playground: its run appears here at once."}
          </Empty>
        ) : (
          <div class={`runs-list ${stream.state === "live" ? "" : "is-stale"}`}>
            <RunRows runs={runs} selected={selected} onSelect={select} now={now} />
          </div>
        )}
        {shownList.isKnown && shownList.kept.runs > 0 && (
          <p class="runs-foot muted" role="note">
            {plural(runs.length, "run")}
            {shownList.isSkipped && ", others came too quickly to be shown"}. The server keeps the last{" "}
            {count(shownList.kept.runs)} that have ended, for {duration(shownList.kept.ageSeconds)}.
          </p>
        )}
      </div>
      {selected !== undefined && !isKeptId(selected) && (
        <RunDetails key={selected} id={selected} listed={listed} now={now} onClose={() => select(undefined)} />
      )}
      {selected !== undefined && isKeptId(selected) && (
        <KeptRunDetails key={selected} id={selected} now={now} onClose={() => select(undefined)} onChanged={() => undefined} />
      )}
    </div>
  );
}

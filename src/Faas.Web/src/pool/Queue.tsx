import { count, duration, plural } from "../charts/units.ts";
import { useNow } from "../controls/useNow.ts";
import { format } from "../scripts/routes.ts";
import { CancelRun } from "./CancelRun.tsx";
import { lanes, running } from "./lanes.ts";
import type { PoolState } from "./poolState.ts";

/** How many lines each of the two lists shows. */
const most = 50;

/** What waits, by script, and what is executed. */
export function Queue({ pool }: { readonly pool: PoolState }) {
  const now = useNow();
  const waiting = lanes(pool.runs.values());
  const executed = running(pool.runs.values());
  const since = (at: number) => duration(Math.max(0, (now - at) / 1000));
  return (
    <>
      <section class="card" aria-labelledby="waiting-title">
        <h2 id="waiting-title">
          Waiting <span class="muted">by script</span>
        </h2>
        {waiting.length === 0 ? (
          <p class="muted">No run waits for a sandbox.</p>
        ) : (
          <ul class="lines">
            {waiting.slice(0, most).map((lane) => (
              <li key={lane.path} class="line">
                <span class="grow mono ellipsis">
                  <ScriptName path={lane.path} />
                </span>
                <span class="number">{plural(lane.runs, "run")}</span>
                <span class="number muted">first for {since(lane.since)}</span>
              </li>
            ))}
          </ul>
        )}
        {waiting.length > most && <p class="muted">and {plural(waiting.length - most, "more script")}</p>}
      </section>
      <section class="card" aria-labelledby="executed-title">
        <h2 id="executed-title">Executed now</h2>
        {executed.length === 0 ? (
          <p class="muted">No run is executed.</p>
        ) : (
          <ul class="lines">
            {executed.slice(0, most).map((run) => (
              <li key={run.id} class="line">
                <span class="grow mono ellipsis">
                  <ScriptName path={run.path} />
                  {run.mode === "check" && <span class="muted"> (check)</span>}
                </span>
                <span class="muted mono line-extra">{run.sandbox}</span>
                <span class="number">{since(Date.parse(run.since))}</span>
                <CancelRun id={run.id} path={run.path} />
              </li>
            ))}
          </ul>
        )}
        {executed.length > most && <p class="muted">and {count(executed.length - most)} more</p>}
      </section>
    </>
  );
}

function ScriptName({ path }: { readonly path: string }) {
  return path.startsWith("/") ? <>{path}</> : <a href={format({ path })}>{path}</a>;
}

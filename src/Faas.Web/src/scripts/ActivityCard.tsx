import { knownLatency, type ScriptActivity } from "../charts/activity.ts";
import { Spark } from "../charts/Spark.tsx";
import { count, duration, plural } from "../charts/units.ts";

/** How often a script was called in the last hour, and how long its callers waited. */
export function ActivityCard({ activity, isKnown }: { readonly activity: ScriptActivity | undefined; readonly isKnown: boolean }) {
  return (
    <section class="card" aria-labelledby="activity-title">
      <h2 id="activity-title">
        Calls <span class="muted">last hour, by minute</span>
      </h2>
      {!isKnown ? (
        <p class="muted">The server does not tell how often scripts are called.</p>
      ) : !activity || activity.runs === 0 ? (
        <p class="muted">No call in the last hour.</p>
      ) : (
        <Figures activity={activity} />
      )}
    </section>
  );
}

function Figures({ activity: { runs, failed, p50Seconds, p95Seconds, series, failures } }: { readonly activity: ScriptActivity }) {
  return (
    <div class="activity">
      <figure class="activity-figure">
        <Spark values={series.runs} width={180} height={44} label={`${plural(runs, "call")}, of which ${count(failed)} failed`} />
        <figcaption>
          <strong class="number">{count(runs)}</strong> calls
          {failed > 0 && (
            <>
              , <strong class="number wrong">{count(failed)}</strong> failed ({failures.map(({ reason }) => reason).join(", ")})
            </>
          )}
        </figcaption>
      </figure>
      <figure class="activity-figure">
        <Spark
          values={series.p95Seconds}
          known={knownLatency(series.p95Seconds, series.runs)}
          second={knownLatency(series.p50Seconds, series.runs)}
          width={180}
          height={44}
          label={`Latency: half of the calls within ${duration(p50Seconds)}, 95 of 100 within ${duration(p95Seconds)}`}
        />
        <figcaption>
          latency: p95 <strong class="number">{duration(p95Seconds)}</strong> (line), p50{" "}
          <strong class="number">{duration(p50Seconds)}</strong> (dashes)
        </figcaption>
      </figure>
    </div>
  );
}

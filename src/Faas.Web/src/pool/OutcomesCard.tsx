import { useMemo, useState } from "preact/hooks";
import { getJson } from "../api/client.ts";
import { useRead } from "../api/useRead.ts";
import { outcomesOf, type Activity } from "../charts/activity.ts";
import { OutcomePlot } from "../charts/OutcomePlot.tsx";
import { ReasonSign } from "../charts/ReasonSign.tsx";
import { count } from "../charts/units.ts";
import { Failed, Loading } from "../controls/States.tsx";
import { Governed } from "./Governed.tsx";
import { governorOfReason, type Setting } from "./governors.ts";

/** How often the last bar is renewed, in milliseconds. */
const interval = 5000;

/** How often each reason ended runs in the last hour, and which setting governs it. */
export function OutcomesCard({ settings }: { readonly settings: ReadonlyMap<string, Setting> | undefined }) {
  const read = useRead((signal) => getJson<Activity>("/api/v1/runs/activity?minutes=60&limit=1000", { signal }), [], interval);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const outcomes = useMemo(() => (read.value ? outcomesOf(read.value) : undefined), [read.value]);
  const toggle = (reason: string) => {
    const next = new Set(hidden);
    if (!next.delete(reason)) next.add(reason);
    setHidden(next);
  };
  return (
    <section class="card" aria-labelledby="outcomes-title">
      <h2 id="outcomes-title">
        Outcomes <span class="muted">by minute, last hour</span>
      </h2>
      {outcomes ? (
        <>
          <OutcomePlot outcomes={outcomes} hidden={hidden} />
          <ul class="reasons" aria-label="Reasons">
            {outcomes.reasons.map(({ reason, total }) => {
              const governor = governorOfReason(reason);
              return (
                <li key={reason} class="reason">
                  <button
                    type="button"
                    class="reason-toggle"
                    aria-pressed={!hidden.has(reason)}
                    onClick={() => toggle(reason)}
                    title={hidden.has(reason) ? "Show it in the bars" : "Leave it out of the bars"}
                  >
                    <ReasonSign reason={reason} />
                    <span class="mono">{reason}</span>
                    <strong class="number">{count(total)}</strong>
                  </button>
                  {governor && <Governed keys={[governor.key]} settings={settings} />}
                </li>
              );
            })}
          </ul>
          {read.value?.more && <p class="muted">The 1,000 scripts with the most runs are counted.</p>}
          {read.error !== undefined && (
            <p class="wrong" role="status">
              Not renewed: the server does not tell it at the moment.
            </p>
          )}
        </>
      ) : read.error !== undefined ? (
        <Failed title="The outcomes could not be read" error={read.error} onRetry={read.again} />
      ) : (
        <Loading what="the outcomes" />
      )}
    </section>
  );
}

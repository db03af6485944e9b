import { Button } from "../controls/Button.tsx";
import { copy } from "../controls/copy.ts";
import { Icon } from "../controls/Icon.tsx";
import { bytesText, timeText } from "./measures.ts";
import type { Run } from "./running.ts";

const starts: Record<string, string> = {
  warm: "an idle sandbox of the same script",
  spare: "a sandbox that stood ready",
  cold: "a sandbox that was made for this run",
};

/** What a run came to, what it cost, and where its sandbox came from. */
export function Facts({ run }: { readonly run: Run }) {
  const { outcome, start, callId, roundTrip } = run;
  const stats = outcome?.stats;
  return (
    <div class="run-facts">
      <span role="status">{badgeOf(run)}</span>
      <dl class="run-facts-list">
        {stats && <Fact name="Time" value={timeText(stats.wallSeconds)} title="From the script's start to its end" />}
        {stats && <Fact name="CPU" value={timeText(stats.cpuSeconds)} title="Processor time of the script" />}
        {stats && <Fact name="Memory" value={bytesText(stats.maxRssBytes)} title="The most memory that the script held" />}
        {start && <Fact name="Start" value={start} title={`The run had ${starts[start] ?? "a sandbox"}`} />}
        {roundTrip !== null && <Fact name="Total" value={timeText(roundTrip)} title="From the click to the end, as this page saw it" />}
      </dl>
      {callId && (
        <Button kind="plain" icon={<Icon name="hash" />} label={`Copy the call's id: ${callId}`}
          onClick={() => copy(callId, "The call's id was")} />
      )}
    </div>
  );
}

function Fact({ name, value, title }: { readonly name: string; readonly value: string; readonly title: string }) {
  return <div title={title}><dt>{name}</dt><dd>{value}</dd></div>;
}

// Of a run that is not streamed nothing is heard until it has ended.
function badgeOf({ state, isStreamed, outcome }: Run) {
  const reason = outcome?.reason;
  if (state === "waiting" && isStreamed) return <span class="badge badge-accent">starting</span>;
  if (state === "waiting" || state === "running") return <span class="badge badge-accent">running</span>;
  if (state === "stopped") return <span class="badge badge-warn">stopped</span>;
  return <span class={`badge ${reason === "ok" ? "badge-good" : "badge-bad"}`}>{reason}</span>;
}

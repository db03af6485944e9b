import { bytes, duration, moment } from "../charts/units.ts";
import { addressOfSchedule } from "../schedules/schedule.ts";
import { addressOfRun, furtherMembers, isKeptId, type ReadRecord } from "./keptRun.ts";
import { callbackWords, failureWords, thenWords } from "./keptWords.ts";
import { isUnderWay } from "./run.ts";
import { Fact, ScriptFact } from "./RunDetails.tsx";

/** What the record of a kept run says of it, beside its values and its output. */
export function KeptFacts({ read: { run, json }, now }: { readonly read: ReadRecord; readonly now: number }) {
  const total = isUnderWay(run) ? Math.max(0, (now - Date.parse(run.received)) / 1000) : run.totalSeconds;
  return (
    <dl class="facts">
      <ScriptFact run={run} />
      <Fact name="Language">{run.language}</Fact>
      <Fact name="Received">{moment(new Date(run.received))}</Fact>
      <Fact name="Not before">{run.notBefore && moment(new Date(run.notBefore))}</Fact>
      <Fact name={isUnderWay(run) ? "So far" : "In all"}>{total !== undefined && duration(total)}</Fact>
      <Fact name="Priority">{run.priority !== undefined && `${run.priority}`}</Fact>
      <Fact name="Attempt">{run.attempt !== undefined && `${run.attempt}`}</Fact>
      <Fact name="Last failure">{run.failure && failureWords(run.failure)}</Fact>
      <Fact name="Next attempt not before">{run.retryAt && moment(new Date(run.retryAt))}</Fact>
      <Fact name="Server">{run.node}</Fact>
      <Fact name="Start">{run.start && (run.isolation ? `${run.start}, isolation ${run.isolation}` : run.start)}</Fact>
      <Fact name="CPU">{run.cpuSeconds !== undefined && duration(run.cpuSeconds)}</Fact>
      <Fact name="Memory">{run.memoryBytes !== undefined && bytes(run.memoryBytes)}</Fact>
      <Fact name="Exit code">{run.exitCode !== undefined && `${run.exitCode}`}</Fact>
      <Fact name="Signal">{run.signal}</Fact>
      <Fact name="Called by">{`${run.via}${run.key ? `, key ${run.key}` : ""}`}</Fact>
      <Fact name="Schedule">{run.schedule && <a href={addressOfSchedule(run.schedule)}>{run.schedule}</a>}</Fact>
      <Fact name="Batch">
        {run.batch && (
          <>
            <span class="mono">{run.batch}</span>
            {run.index !== undefined && `, index ${run.index}`}
          </>
        )}
      </Fact>
      <Fact name="Previous run">{run.previous && <RunLink id={run.previous} />}</Fact>
      <Fact name="Runs before it">{run.depth !== undefined && `${run.depth}`}</Fact>
      <Fact name="Hands on to">{run.then && thenWords(run.then)}</Fact>
      <Fact name="Next run">{run.next && <RunLink id={run.next} />}</Fact>
      <Fact name="Next run refused">{run.nextRefused}</Fact>
      <Fact name="Callback">{run.callback && callbackWords(run.callback)}</Fact>
      <Fact name="Redrives">{run.redrives && <RunLink id={run.redrives} />}</Fact>
      <Fact name="Redriven by">{run.redrivenBy && <RunLink id={run.redrivenBy} />}</Fact>
      <Fact name="Status">{run.status !== undefined && `${run.status}`}</Fact>
      <Fact name="Call id">{run.call}</Fact>
      {furtherMembers(json).map(({ name, text }) => (
        <Fact key={name} name={name}>
          {isKeptId(text) && !/[\s"{[]/.test(text) ? <RunLink id={text} /> : <span class="mono">{text}</span>}
        </Fact>
      ))}
    </dl>
  );
}

const RunLink = ({ id }: { readonly id: string }) => (
  <a class="mono" href={addressOfRun(id)}>
    {id}
  </a>
);

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { getJson } from "../api/client.ts";
import { ApiError } from "../api/problem.ts";
import { useRead } from "../api/useRead.ts";
import { bytes, duration, moment } from "../charts/units.ts";
import { Button } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { Empty, Failed, Loading } from "../controls/States.tsx";
import { VirtualList } from "../controls/VirtualList.tsx";
import type { Line } from "../playground/lines.ts";
import { CancelRun } from "../pool/CancelRun.tsx";
import { format } from "../scripts/routes.ts";
import { phasesOf } from "./phases.ts";
import { isSettled, isUnderWay, type Run, type RunDetail } from "./run.ts";
import { OutcomeSign } from "./RunRows.tsx";

/** How often the log of a run under way is read again, in milliseconds. */
const interval = 5000;

interface Props {
  readonly id: string;
  /** What the list says of it, which is newer than what was read; undefined: it is not in the list. */
  readonly listed: Run | undefined;
  readonly now: number;
  readonly onClose: () => void;
}

/** One run: how it ended, where its time went, what it cost and what it printed. */
export function RunDetails({ id, listed, now, onClose }: Props) {
  const read = useRead(
    (signal) => getJson<RunDetail>(`/api/v1/runs/${encodeURIComponent(id)}`, { signal }),
    [id],
    interval,
    isSettled,
  );
  // The list may know of the end before the next reading; the log is whole only then.
  const hasEnded = listed !== undefined && !isUnderWay(listed);
  useEffect(() => {
    if (hasEnded && read.value && isUnderWay(read.value)) read.again();
  }, [hasEnded, read.value]);
  const run = read.value && { ...read.value, ...listed };
  const isGone = read.error instanceof ApiError && read.error.problem.status === 404;
  return (
    <aside class="run-details" aria-label={`Run ${id}`}>
      <div class="card-head">
        <h2 class="grow mono ellipsis" title={id}>
          {id}
        </h2>
        {run && isUnderWay(run) && <CancelRun id={id} path={run.path} />}
        <Button kind="plain" icon={<Icon name="close" />} label="Close the details" onClick={onClose} />
      </div>
      {run ? (
        <KnownRun run={run} now={now} />
      ) : isGone ? (
        <Empty title="This run is not kept any more">The server keeps the runs of the last minutes.</Empty>
      ) : read.error !== undefined ? (
        <Failed title="The run could not be read" error={read.error} onRetry={read.again} />
      ) : (
        <Loading what="the run" />
      )}
    </aside>
  );
}

function KnownRun({ run, now }: { readonly run: RunDetail; readonly now: number }) {
  const end = isUnderWay(run) ? Math.max(0, (now - Date.parse(run.received)) / 1000) : run.totalSeconds;
  return (
    <>
      <p>
        <OutcomeSign run={run} />
        {run.detail && <span class="run-detail"> {run.detail}</span>}
      </p>
      {run.error && <Fault error={run.error} />}
      <Phases run={run} />
      <dl class="facts">
        <ScriptFact run={run} />
        <Fact name="Language">{run.language}</Fact>
        <Fact name="Received">{moment(new Date(run.received))}</Fact>
        <Fact name={isUnderWay(run) ? "So far" : "In all"}>{end !== undefined && duration(end)}</Fact>
        <Fact name="Start">{run.start && (run.isolation ? `${run.start}, isolation ${run.isolation}` : run.start)}</Fact>
        <Fact name="CPU">{run.cpuSeconds !== undefined && duration(run.cpuSeconds)}</Fact>
        <Fact name="Memory">{run.memoryBytes !== undefined && bytes(run.memoryBytes)}</Fact>
        <Fact name="Input">{run.inputBytes !== undefined && bytes(run.inputBytes)}</Fact>
        <Fact name="Result">{run.resultBytes !== undefined && bytes(run.resultBytes)}</Fact>
        <Fact name="Exit code">{run.exitCode !== undefined && `${run.exitCode}`}</Fact>
        <Fact name="Signal">{run.signal}</Fact>
        <Fact name="Called by">{`${run.via}${run.stream ? ", as a stream" : ""}${run.key ? `, key ${run.key}` : ""}`}</Fact>
        <Fact name="Status sent">{run.status !== undefined ? `${run.status}` : !isUnderWay(run) && "none: the caller had left"}</Fact>
        <Fact name="Call id">{run.call}</Fact>
      </dl>
      <Log run={run} />
    </>
  );
}

/** The script of a run, which leads to the script's page. */
export function ScriptFact({ run }: { readonly run: Run }) {
  return (
    <>
      <dt>Script</dt>
      <dd class="mono">
        {run.path.startsWith("/") ? (
          run.path
        ) : (
          <a href={format({ path: run.path, ...(run.version !== undefined && { version: run.version }) })}>
            {run.path}
            {run.version !== undefined && ` @ ${run.version}`}
          </a>
        )}
        {run.alias && <span class="muted"> by {run.alias}</span>}
      </dd>
    </>
  );
}

/** A fact of a run, where there is one. */
export function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return children ? (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  ) : null;
}

/** What a script has thrown. */
export function Fault({ error: { name, message, stack, line, column } }: { readonly error: NonNullable<RunDetail["error"]> }) {
  return (
    <div class="fault">
      <p class="mono">
        <strong>{name}</strong>
        {message && `: ${message}`}
        {line !== undefined && (
          <span class="muted">
            {" "}
            (line {line}
            {column !== undefined && `, column ${column}`})
          </span>
        )}
      </p>
      {stack && (
        <pre class="fault-stack" tabIndex={0} aria-label="Stack">
          {stack}
        </pre>
      )}
    </div>
  );
}

const words = { before: "before the queue", wait: "wait for a sandbox", run: "run", after: "after the run" };

interface PhasesProps {
  readonly run: Run;
  /** What the wait was for, in other words. */
  readonly wait?: string;
}

/** Where the time of a run went, as a bar and in words. */
export function Phases({ run, wait = words.wait }: PhasesProps) {
  const phases = phasesOf(run);
  return phases.length === 0 ? null : (
    <div class="phases">
      <div class="phase-bar" aria-hidden="true">
        {phases.map(({ name, share }) => (
          <span key={name} class={`phase phase-${name}`} style={{ flexGrow: Math.max(0.005, share) }} />
        ))}
      </div>
      <ul class="phase-list">
        {phases.map(({ name, seconds }) => (
          <li key={name}>
            <span class={`phase phase-sample phase-${name}`} aria-hidden="true" />
            {name === "wait" ? wait : words[name]} <strong class="number">{duration(seconds)}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Log({ run }: { readonly run: RunDetail }) {
  const [isFollowing, follow] = useState(false);
  return (
    <section class="run-log" aria-labelledby="log-title">
      <h3 id="log-title">Log {run.logBytes !== undefined && <span class="muted">{bytes(run.logBytes)}</span>}</h3>
      {run.logCut && (
        <p class="muted">{run.log.length === 0 ? "The output is not kept any more." : "The beginning of the output is not kept."}</p>
      )}
      {run.log.length === 0 ? (
        !run.logCut && <p class="muted">{isUnderWay(run) ? "Nothing was printed yet." : "Nothing was printed."}</p>
      ) : (
        <LogLines
          count={run.log.length}
          at={(index) => ({ text: run.log[index]!.text, isError: run.log[index]!.stream === "stderr" })}
          isFollowing={isFollowing}
          onFollow={follow}
        />
      )}
    </section>
  );
}

interface LinesProps {
  readonly count: number;
  readonly at: (index: number) => Line | undefined;
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
}

/** What a run has printed, of which only the lines in sight are drawn. */
export function LogLines({ count, at, isFollowing, onFollow }: LinesProps) {
  return (
    <VirtualList
      label="Log"
      role="log"
      class="run-lines"
      count={count}
      rowHeight={20}
      isFollowing={isFollowing}
      onFollow={onFollow}
      row={(index) => {
        const line = at(index);
        return (
          <div key={index} class={`log-line ${line?.isError ? "log-error" : ""}`}>
            <span class="log-stream">{line?.isError ? "err" : ""}</span>
            {line?.text}
          </div>
        );
      }}
    />
  );
}

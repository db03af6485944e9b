import { useState } from "preact/hooks";
import { plural } from "../charts/units.ts";
import { Button } from "../controls/Button.tsx";
import { Live } from "../controls/Live.tsx";
import type { Line } from "../playground/lines.ts";
import { hasBegun, type KeptRecord } from "./keptRun.ts";
import { isUnderWay } from "./run.ts";
import { LogLines } from "./RunDetails.tsx";
import type { FollowedLog } from "./useKeptLog.ts";

const words = { waiting: "Connection lost, resuming…" } as const;

interface Props {
  readonly run: KeptRecord;
  readonly followed: FollowedLog;
}

/** What a kept run has printed: by its events while it is under way, and by its record otherwise. */
export function KeptOutput({ run, followed: { log, state, error, isRefused, again } }: Props) {
  const [isFollowing, follow] = useState(true);
  // What the events have told is shown until the server refuses to tell the rest: then the record knows more.
  const isTold = log.lines.count > 0 && !isRefused;
  const count = isTold ? log.lines.count : run.log.length;
  const at = (index: number): Line | undefined =>
    isTold ? log.lines.at(index) : run.log[index] && { text: run.log[index].text, isError: run.log[index].stream === "stderr" };
  const isLive = isUnderWay(run) && log.stage !== "ended" && !isRefused;
  return (
    <section class="run-log" aria-labelledby="log-title">
      <div class="run-log-head">
        <h3 id="log-title">Log</h3>
        <span class="muted">{count > 0 && plural(count, "line")}</span>
        <span class="grow" />
        {!isFollowing && isLive && count > 0 && <Button onClick={() => follow(true)}>Jump to the end</Button>}
        {isLive && <Live state={state} words={words} />}
      </div>
      {error && (isRefused || state === "waiting") && error.problem.status !== 0 && isUnderWay(run) && (
        <p class="wrong" role="alert">
          The log is not live: {error.message} {isRefused && <Button onClick={again}>Try again</Button>}
        </p>
      )}
      {!isTold && run.logCut && (
        <p class="muted">{run.log.length === 0 ? "The output is not kept." : "Lines are missing, mostly the first ones."}</p>
      )}
      {log.lines.dropped > 0 && isTold && <p class="muted">{plural(log.lines.dropped, "older line")} not shown.</p>}
      {count === 0 ? (
        !run.logCut && <p class="muted">{noneText(run)}</p>
      ) : (
        <LogLines count={count} at={at} isFollowing={isFollowing && isLive} onFollow={follow} />
      )}
    </section>
  );
}

const noneText = (run: KeptRecord): string =>
  !isUnderWay(run) ? "Nothing was printed." : hasBegun(run) ? "Nothing was printed yet." : "The run has not begun.";

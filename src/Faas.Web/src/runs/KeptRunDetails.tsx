import "../playground/playground.css";
import { useState } from "preact/hooks";
import { call, getText } from "../api/client.ts";
import type { Scope } from "../api/ownKey.ts";
import { ApiError, sentenceOf } from "../api/problem.ts";
import { keyName } from "../api/scopes.ts";
import { useRead } from "../api/useRead.ts";
import { Button } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { Empty, Failed, Loading } from "../controls/States.tsx";
import { toast } from "../controls/toasts.ts";
import { useCommands, type Command } from "../shell/commands.ts";
import { go } from "../shell/navigation.ts";
import { CancelDialog } from "./CancelDialog.tsx";
import { KeptFacts } from "./KeptFacts.tsx";
import { KeptOutput } from "./KeptOutput.tsx";
import { KeptValues } from "./KeptValues.tsx";
import { addressOfRun, recordOf, type KeptRecord } from "./keptRun.ts";
import { isUnderWay } from "./run.ts";
import { Fault, Phases } from "./RunDetails.tsx";
import { OutcomeSign } from "./RunRows.tsx";
import { useKeptLog } from "./useKeptLog.ts";

/** How often the record of a run under way is read beside its events, which may be lost, in milliseconds. */
const interval = 15_000;

interface Props {
  readonly id: string;
  readonly now: number;
  readonly onClose: () => void;
  /** The run, or another one because of it, is not as the list says. */
  readonly onChanged: () => void;
}

/** A kept run: its record with input and value, what it prints as it prints it, and what may be done with it. */
export function KeptRunDetails({ id, now, onClose, onChanged }: Props) {
  const read = useRead(
    async (signal) => recordOf(await getText(`/api/v1/runs/${encodeURIComponent(id)}`, { signal })),
    [id],
    interval,
    ({ run }) => !isUnderWay(run),
  );
  const [isCancelling, cancel] = useState(false);
  const run = read.value?.run;
  const changed = () => {
    read.again();
    onChanged();
  };
  const followed = useKeptLog(id, run !== undefined && isUnderWay(run), (stage) => stage !== run?.state && changed());
  const isGone = read.error instanceof ApiError && read.error.problem.status === 404;
  const mayCancel = run !== undefined && isUnderWay(run);
  const mayRedrive = run !== undefined && !isUnderWay(run) && run.redrivenBy === undefined;
  const redrive = (to: string) => void redriven(id, to, changed);

  useCommands(
    () => [
      ...(mayCancel ? [command("Cancel the run", needsToCancel(run), () => cancel(true))] : []),
      ...(mayRedrive
        ? [
            command("Redrive the run", "invoke", () => redrive("")),
            command("Redrive the run with the latest version", "invoke", () => redrive("latest")),
          ]
        : []),
    ],
    [id, mayCancel, mayRedrive],
  );

  return (
    <aside class="run-details is-kept" aria-label={`Run ${id}`}>
      <div class="card-head">
        <h2 class="grow mono ellipsis" title={id}>
          {id}
        </h2>
        <Button kind="plain" icon={<Icon name="close" />} label="Close the details" onClick={onClose} />
      </div>
      {read.value && run ? (
        <>
          <div class="run-actions">
            <OutcomeSign run={run} />
            {run.dead && <span class="badge badge-bad">dead letter</span>}
            <span class="grow" />
            {mayCancel && (
              <Button kind="danger" needs={needsToCancel(run)} onClick={() => cancel(true)}>
                Cancel
              </Button>
            )}
            {mayRedrive && (
              <>
                <Button needs="invoke" onClick={() => redrive("")}>
                  Redrive
                </Button>
                <Button needs="invoke" onClick={() => redrive("latest")}>
                  Redrive, latest version
                </Button>
              </>
            )}
          </div>
          {run.detail && <p class="run-detail">{run.detail}</p>}
          {run.error && <Fault error={run.error} />}
          <Phases run={run} wait="wait for its turn" />
          <KeptOutput run={run} followed={followed} />
          <KeptValues read={read.value} />
          <KeptFacts read={read.value} now={now} />
        </>
      ) : isGone ? (
        <Empty title="This run is not kept any more">
          The server keeps ended runs for a time. A key without the scope “runs” sees the runs that it has started itself.
        </Empty>
      ) : read.error !== undefined ? (
        <Failed title="The run could not be read" error={read.error} onRetry={read.again} />
      ) : (
        <Loading what="the run" />
      )}
      {isCancelling && run && (
        <CancelDialog
          run={run}
          onClose={() => cancel(false)}
          onDone={() => {
            cancel(false);
            changed();
          }}
        />
      )}
    </aside>
  );
}

const command = (title: string, needs: Scope, run: () => void): Command => ({ id: title, title, group: "Run", needs, run });

/** The scope for cancelling a run: what the page's key has started it may cancel itself. */
const needsToCancel = (run: KeptRecord): Scope => (run.key !== undefined && run.key === keyName() ? "invoke" : "admin");

async function redriven(id: string, to: string, onRefused: () => void): Promise<void> {
  try {
    const response = await call(`/api/v1/runs/${encodeURIComponent(id)}/redrive${to === "" ? "" : `?to=${to}`}`, { method: "POST" });
    const by = (await response.json()) as { readonly id: string };
    go(addressOfRun(by.id));
    toast("The run runs again, as the one that is shown now.", "note", { title: "Show the old one", run: () => go(addressOfRun(id)) });
  } catch (error) {
    toast(`The run was not redriven. ${sentenceOf(error)}`, "bad");
    onRefused();
  }
}

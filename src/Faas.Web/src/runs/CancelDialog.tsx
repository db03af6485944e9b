import { useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { ApiError, sentenceOf } from "../api/problem.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { toast } from "../controls/toasts.ts";
import type { KeptRun } from "./keptRun.ts";
import { cancelWords } from "./keptWords.ts";

interface Props {
  readonly run: KeptRun;
  readonly onClose: () => void;
  /** The run has ended, by this or before it. */
  readonly onDone: () => void;
}

/** Asks before a kept run is cancelled. The server answers when all of its processes are dead, and so does the dialog. */
export function CancelDialog({ run, onClose, onDone }: Props) {
  const [isSent, setSent] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const send = async () => {
    setSent(true);
    setFailure(null);
    try {
      await call(`/api/v1/runs/${encodeURIComponent(run.id)}`, { method: "DELETE" });
      toast(`The run of ${run.path} is cancelled, and its processes are dead.`);
      onDone();
    } catch (error) {
      setSent(false);
      if (error instanceof ApiError && error.problem.status === 409) {
        toast(`The run of ${run.path} was not cancelled: ${sentenceOf(error)}`);
        onDone();
      } else setFailure(sentenceOf(error));
    }
  };
  return (
    <Dialog title="Cancel the run" onClose={onClose}>
      <p>{cancelWords(run)}</p>
      {isSent && (
        <p class="muted" role="status">
          Waiting until its processes are dead…
        </p>
      )}
      {failure && (
        <p class="report report-bad" role="alert">
          The run was not cancelled. {failure}
        </p>
      )}
      <div class="dialog-foot">
        <Button onClick={onClose}>Let it go on</Button>
        <Button kind="danger" disabled={isSent} onClick={() => void send()}>
          Cancel the run
        </Button>
      </div>
    </Dialog>
  );
}

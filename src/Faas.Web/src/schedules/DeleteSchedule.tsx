import { useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { sentenceOf } from "../api/problem.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { toast } from "../controls/toasts.ts";
import { apiOfSchedule, type ScheduleState } from "./schedule.ts";
import { isStale } from "./scheduleCalls.ts";

interface Props {
  readonly state: ScheduleState;
  readonly onClose: () => void;
  readonly onDone: () => void;
  /** Someone else has changed the schedule. */
  readonly onStale: () => void;
}

/** Asks before a schedule is deleted, and deletes only the state that the user sees. */
export function DeleteSchedule({ state: { schedule, tag }, onClose, onDone, onStale }: Props) {
  const [isSent, setSent] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const send = async () => {
    setSent(true);
    setFailure(null);
    try {
      await call(apiOfSchedule(schedule.name), { method: "DELETE", headers: { "If-Match": tag } });
      toast(`The schedule ${schedule.name} is deleted.`);
      onDone();
    } catch (error) {
      if (isStale(error)) onStale();
      setFailure(isStale(error) ? `Someone has changed it meanwhile, to what you see now. ${sentenceOf(error)}` : sentenceOf(error));
      setSent(false);
    }
  };
  return (
    <Dialog title={`Delete ${schedule.name}`} onClose={onClose}>
      <p>
        It starts no more runs of <span class="mono">{schedule.path}</span>. Runs that it has started go on, and their records stay. This
        cannot be undone.
      </p>
      {failure && (
        <p class="report report-bad" role="alert">
          Nothing was deleted. {failure}
        </p>
      )}
      <div class="dialog-foot">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="danger" disabled={isSent} onClick={() => void send()}>
          Delete
        </Button>
      </div>
    </Dialog>
  );
}

import { useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { ApiError, sentenceOf } from "../api/problem.ts";
import { Button } from "../controls/Button.tsx";
import { toast } from "../controls/toasts.ts";

interface Props {
  readonly id: string;
  readonly path: string;
  readonly onDone?: () => void;
}

/** Cancels a run: its sandbox is killed, and its caller is told so. */
export function CancelRun({ id, path, onDone }: Props) {
  const [isSent, setSent] = useState(false);
  const cancel = async () => {
    setSent(true);
    try {
      await call(`/api/v1/pool/runs/${encodeURIComponent(id)}`, { method: "DELETE" });
      toast(`The run of ${path} is cancelled.`);
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 404) toast(`The run of ${path} had ended before.`);
      else toast(`The run was not cancelled: ${sentenceOf(error)}`, "bad");
    } finally {
      setSent(false);
      onDone?.();
    }
  };
  return (
    <Button kind="danger" needs="admin" disabled={isSent} onClick={cancel} aria-label={`Cancel the run ${id} of ${path}`}>
      Cancel
    </Button>
  );
}

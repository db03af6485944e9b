import { useState } from "preact/hooks";
import { getJson } from "../api/client.ts";
import { sentenceOf } from "../api/problem.ts";
import { plural } from "../charts/units.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { redriveQuery, type KeptFilter } from "./keptFilter.ts";
import { addressOfRun } from "./keptRun.ts";

/** The answer of POST /api/v1/runs/redrive. */
interface Redriven {
  readonly redriven: readonly { readonly id: string; readonly by: string }[];
  readonly refused: readonly { readonly id: string; readonly reason: string; readonly detail: string }[];
  readonly more?: boolean;
}

/** How many dead letters one press has run again at most: what the server does for a caller that names no number. */
const limit = 100;

interface Props {
  readonly filter: KeptFilter;
  readonly onClose: () => void;
  /** Some have run again, so the list is another one. */
  readonly onDone: () => void;
}

/** Has the dead letters that the filter means run again. */
export function RedriveDialog({ filter, onClose, onDone }: Props) {
  const [isLatest, setLatest] = useState(false);
  const [isSent, setSent] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [done, setDone] = useState<Redriven | null>(null);
  const send = async () => {
    setSent(true);
    setFailure(null);
    try {
      const query = redriveQuery(filter, isLatest ? "latest" : "", limit);
      setDone(await getJson<Redriven>(`/api/v1/runs/redrive${query}`, { method: "POST" }));
      onDone();
    } catch (error) {
      setFailure(sentenceOf(error));
    } finally {
      setSent(false);
    }
  };
  return (
    <Dialog title="Redrive these dead letters" onClose={onClose}>
      <p>
        Of the dead letters that the filter means, the newest {limit} run again, each as a new run with the same input. What a failed run
        has done already may be done once more.
      </p>
      <label class="check">
        <input type="checkbox" checked={isLatest} disabled={isSent} onChange={(event) => setLatest(event.currentTarget.checked)} />
        Run the latest version of each script instead of the version that failed
      </label>
      {done && <Outcome done={done} />}
      {failure && (
        <p class="report report-bad" role="alert">
          {failure}
        </p>
      )}
      <div class="dialog-foot">
        <Button onClick={onClose}>{done ? "Done" : "Cancel"}</Button>
        {(done === null || done.more) && (
          <Button kind="primary" disabled={isSent} onClick={() => void send()}>
            {done ? "Redrive more" : "Redrive"}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function Outcome({ done: { redriven, refused, more } }: { readonly done: Redriven }) {
  return (
    <div class={`report ${refused.length > 0 ? "report-bad" : ""}`} role="status">
      <p>
        {redriven.length === 0 ? "No run runs again." : `${plural(redriven.length, "run runs", "runs run")} again.`}
        {more && " There may be more of them: the limit was reached, or the queue is full."}
      </p>
      {refused.length > 0 && (
        <>
          <p>Refused:</p>
          <ul class="redrive-refused">
            {refused.map(({ id, reason, detail }) => (
              <li key={id}>
                <a class="mono" href={addressOfRun(id)}>{id}</a> <strong>{reason}</strong> {detail}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

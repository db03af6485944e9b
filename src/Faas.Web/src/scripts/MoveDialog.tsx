import { useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { sentenceOf } from "../api/problem.ts";
import { useRead } from "../api/useRead.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { Failed, Loading } from "../controls/States.tsx";
import { toast } from "../controls/toasts.ts";
import { addressOfAlias, isStale, readAlias } from "./aliasState.ts";
import { targetText, type Alias } from "./script.ts";

interface Props {
  readonly path: string;
  readonly alias: Alias;
  readonly kind: "rollback" | "delete";
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks before an alias is rolled back or deleted, and does it only to the state that the user sees. */
export function MoveDialog({ path, alias: { name }, kind, onClose, onDone }: Props) {
  const read = useRead((signal) => readAlias(path, name, signal), [path, name]);
  const [isSent, setSent] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const isRollback = kind === "rollback";
  const seen = read.value;

  const send = async () => {
    if (!seen) return;
    setSent(true);
    setFailure(null);
    try {
      await call(`${addressOfAlias(path, name)}${isRollback ? "/rollback" : ""}`, {
        method: isRollback ? "POST" : "DELETE",
        headers: { "If-Match": seen.tag },
      });
      toast(isRollback ? `${name} names ${targetText(seen.alias.previous!)} again.` : `The alias ${name} is deleted.`);
      onDone();
    } catch (error) {
      if (isStale(error)) read.again();
      setFailure(
        isStale(error)
          ? `Nothing was changed: someone has changed this alias meanwhile, to the state that you see now. ${sentenceOf(error)}`
          : sentenceOf(error),
      );
      setSent(false);
    }
  };

  return (
    <Dialog title={isRollback ? `Roll ${name} back` : `Delete the alias ${name}`} onClose={onClose}>
      {read.error !== undefined ? (
        <Failed title="The alias could not be read" error={read.error} onRetry={read.again} />
      ) : seen === undefined ? (
        <Loading what="the alias" />
      ) : seen === null ? (
        <p class="wrong" role="alert">
          There is no alias {name} any more. Someone has deleted it.
        </p>
      ) : isRollback ? (
        <p>
          It names <span class="mono">{targetText(seen.alias)}</span>
          {seen.alias.previous ? (
            <>
              , and will name <span class="mono">{targetText(seen.alias.previous)}</span>, as before its last move.
            </>
          ) : (
            ", and has never been moved."
          )}
        </p>
      ) : (
        <p>
          It names <span class="mono">{targetText(seen.alias)}</span>. The version stays; calls by this name are then answered with 404.
        </p>
      )}
      {failure && (
        <p class="report report-bad" role="alert">
          {failure}
        </p>
      )}
      <div class="dialog-foot">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          kind={isRollback ? "primary" : "danger"}
          disabled={isSent || !seen || (isRollback && !seen.alias.previous)}
          onClick={() => void send()}
        >
          {isRollback ? "Roll back" : "Delete"}
        </Button>
      </div>
    </Dialog>
  );
}

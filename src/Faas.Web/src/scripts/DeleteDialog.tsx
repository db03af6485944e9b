import { useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { sentenceOf } from "../api/problem.ts";
import { plural } from "../charts/units.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { Field } from "../controls/Field.tsx";
import { toast } from "../controls/toasts.ts";
import { api } from "./routes.ts";
import type { Script } from "./script.ts";

interface Props {
  readonly script: Script;
  /** The version that is deleted; undefined: the whole script. */
  readonly version: number | undefined;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Deletes a version, or a script after its path was typed: a deletion cannot be undone. */
export function DeleteDialog({ script, version, onClose, onDone }: Props) {
  const [typed, setTyped] = useState("");
  const [isSent, setSent] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const what = version === undefined ? script.path : `version ${version}`;
  const goes = `${plural(script.versions, "version")} and ${plural(script.aliases.length, "alias", "aliases")}`;
  const isSure = version !== undefined || typed === script.path;

  const send = async () => {
    if (!isSure) return;
    setSent(true);
    setFailure(null);
    try {
      await call(api(script.path, version === undefined ? "" : `/versions/${version}`), { method: "DELETE" });
      toast(version === undefined ? `The script ${script.path} is deleted.` : `${script.path}: version ${version} is deleted.`);
      onDone();
    } catch (error) {
      setFailure(sentenceOf(error));
      setSent(false);
    }
  };

  return (
    <Dialog title={`Delete ${what}`} onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p>
          {version === undefined
            ? `The script goes with ${goes}. New calls of it are answered with 404.`
            : `The version's code and settings go. The number is never given to another version.`}{" "}
          This cannot be undone.
        </p>
        {version === undefined && (
          <Field label={`Type ${script.path} to delete it`} wrong={undefined}>
            {(field) => (
              <input
                {...field}
                class="input mono"
                value={typed}
                autofocus
                autocomplete="off"
                spellcheck={false}
                onInput={(event) => setTyped(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        {failure && (
          <p class="report report-bad" role="alert">
            Nothing was deleted. {failure}
          </p>
        )}
        <div class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" type="submit" disabled={!isSure || isSent}>
            Delete
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

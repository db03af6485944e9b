import { useState } from "preact/hooks";
import { getJson } from "../api/client.ts";
import { sentenceOf } from "../api/problem.ts";
import { fieldOf } from "../api/problemField.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { Field } from "../controls/Field.tsx";
import { PrioritySelect } from "../controls/PrioritySelect.tsx";
import { addressOfRun } from "../runs/keptRun.ts";
import { go } from "../shell/navigation.ts";
import { addressOfCall, bodyOfCall, errorsOfCall, type AsyncDraft, type AsyncErrors } from "./asyncCall.ts";

const names = ["version", "input", "priority", "notBefore"] as const;

interface Props {
  readonly path: string;
  /** The version that is shown; undefined: the latest. */
  readonly version: number | undefined;
  readonly onClose: () => void;
}

/** Starts an asynchronous run of a script, and leads to it. */
export function RunDialog({ path, version, onClose }: Props) {
  const [draft, setDraft] = useState<AsyncDraft>({ version: `${version ?? ""}`, input: "{}", priority: "5", notBefore: "" });
  const [errors, setErrors] = useState<AsyncErrors>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [isSent, setSent] = useState(false);
  const set = (part: Partial<AsyncDraft>) => setDraft({ ...draft, ...part });
  const send = async () => {
    const wrong = errorsOfCall(draft);
    setErrors(wrong);
    setFailure(null);
    if (Object.keys(wrong).length > 0) return;
    setSent(true);
    try {
      const headers = { Prefer: "respond-async" };
      const { id } = await getJson<{ readonly id: string }>(addressOfCall(path, draft.version), { body: bodyOfCall(draft), headers });
      go(addressOfRun(id));
    } catch (error) {
      const sentence = sentenceOf(error);
      const field = fieldOf(sentence, names);
      if (field === undefined) setFailure(sentence);
      else setErrors({ [field]: sentence });
      setSent(false);
    }
  };
  return (
    <Dialog title={`Run ${path} asynchronously`} onClose={onClose}>
      <form
        class="dialog-form"
        novalidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <p class="muted">The run waits in the store until its turn comes, and goes on without this page. Its page shows it.</p>
        <Field label="Input, as JSON; the script sees it as event" wrong={errors.input}>
          {(field) => (
            <textarea
              class="input mono input-json"
              spellcheck={false}
              rows={6}
              autofocus
              {...field}
              value={draft.input}
              onInput={(event) => set({ input: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Version or alias" wrong={errors.version}>
          {(field) => (
            <input
              type="text"
              class="input mono"
              autocomplete="off"
              spellcheck={false}
              placeholder="the latest"
              {...field}
              value={draft.version}
              onInput={(event) => set({ version: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Priority" wrong={errors.priority}>
          {(field) => <PrioritySelect field={field} value={draft.priority} onChange={(priority) => set({ priority })} />}
        </Field>
        <Field label="Not before, by your clock (may be empty)" wrong={errors.notBefore}>
          {(field) => (
            <input
              type="datetime-local"
              class="input"
              {...field}
              value={draft.notBefore}
              onInput={(event) => set({ notBefore: event.currentTarget.value })}
            />
          )}
        </Field>
        {failure && (
          <p class="report report-bad" role="alert">
            {failure}
          </p>
        )}
        <div class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={isSent}>
            Start
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

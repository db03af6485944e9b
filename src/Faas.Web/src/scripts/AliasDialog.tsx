import { useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { sentenceOf } from "../api/problem.ts";
import { useRead } from "../api/useRead.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { Field } from "../controls/Field.tsx";
import { Failed, Loading } from "../controls/States.tsx";
import { toast } from "../controls/toasts.ts";
import { bodyOf, draftOf, errorsOf, type AliasDraft } from "./aliasDraft.ts";
import { addressOfAlias, isStale, readAlias, type AliasState } from "./aliasState.ts";
import { targetText, type Alias, type Script } from "./script.ts";
import { useVersions } from "./useVersions.ts";
import { VersionField } from "./VersionField.tsx";

interface Props {
  readonly script: Script;
  /** The alias that is moved; undefined: a new one is made. */
  readonly alias: Alias | undefined;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Moves an alias, or makes one. The state that the user saw goes along, so that nobody's change is lost unseen. */
export function AliasDialog({ script, alias, onClose, onDone }: Props) {
  const read = useRead(
    (signal) => (alias ? readAlias(script.path, alias.name, signal) : Promise.resolve(null)),
    [script.path, alias?.name],
  );
  return (
    <Dialog title={alias ? `Move ${alias.name}` : "New alias"} onClose={onClose}>
      {read.error !== undefined ? (
        <Failed title="The alias could not be read" error={read.error} onRetry={read.again} />
      ) : read.value === undefined ? (
        <Loading what="the alias" />
      ) : alias && read.value === null ? (
        <p class="wrong" role="alert">
          There is no alias {alias.name} any more. Someone has deleted it.
        </p>
      ) : (
        <AliasForm script={script} seen={read.value} onClose={onClose} onDone={onDone} />
      )}
    </Dialog>
  );
}

/** What the user types of an alias. */
type TextName = "name" | "weight" | "sticky";

interface InputProps {
  readonly autofocus?: boolean;
  readonly placeholder?: string;
  readonly inputMode?: "numeric";
  readonly class?: string;
}

interface FormProps {
  readonly script: Script;
  readonly seen: AliasState | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function AliasForm({ script, seen: seenAtFirst, onClose, onDone }: FormProps) {
  const [seen, setSeen] = useState(seenAtFirst);
  const [draft, setDraft] = useState(() => draftOf(seenAtFirst?.alias, script.latest.version));
  const [isSent, setSent] = useState(false);
  const [isTouched, setTouched] = useState(false);
  const [failure, setFailure] = useState<{ readonly sentence: string; readonly isStale: boolean } | null>(null);
  const versions = useVersions(script.path);
  const errors = errorsOf(draft);
  const set = (part: Partial<AliasDraft>) => setDraft({ ...draft, ...part });
  const wrong = (name: keyof AliasDraft) => (isTouched ? errors[name] : undefined);

  const send = async () => {
    setTouched(true);
    if (Object.keys(errors).length > 0) return;
    setSent(true);
    setFailure(null);
    try {
      await call(addressOfAlias(script.path, draft.name), {
        method: "PUT",
        body: bodyOf(draft),
        headers: seen ? { "If-Match": seen.tag } : { "If-None-Match": "*" },
      });
      toast(`${draft.name} names ${targetText(bodyOf(draft))}.`);
      onDone();
    } catch (error) {
      setFailure({ sentence: sentenceOf(error), isStale: isStale(error) });
      setSent(false);
    }
  };
  const lookAgain = async () => {
    try {
      const now = await readAlias(script.path, draft.name);
      setSeen(now);
      setFailure(
        now
          ? {
              sentence: `${draft.name} names ${targetText(now.alias)} now. Save once more to move it from there, or cancel.`,
              isStale: false,
            }
          : { sentence: `There is no alias ${draft.name} any more. Save once more to make it.`, isStale: false },
      );
    } catch (error) {
      setFailure({ sentence: sentenceOf(error), isStale: false });
    }
  };

  const text = (name: TextName, label: string, more: InputProps) => (
    <Field label={label} wrong={wrong(name)}>
      {(field) => (
        <input
          type="text"
          class="input mono"
          {...field}
          {...more}
          value={draft[name]}
          onInput={(event) => set({ [name]: event.currentTarget.value.trim() })}
        />
      )}
    </Field>
  );
  const version = (name: "version" | "other", label: string) => (
    <VersionField
      label={label}
      wrong={wrong(name)}
      script={script}
      versions={versions}
      value={draft[name]}
      onChange={(value) => set({ [name]: value })}
    />
  );
  return (
    <form
      class="dialog-form"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {seen ? (
        <p class="muted">
          It names <span class="mono">{targetText(seen.alias)}</span>.
        </p>
      ) : (
        text("name", "Name", { autofocus: true, placeholder: "stable" })
      )}
      {version("version", draft.splits ? "First version" : "Version")}
      <label class="check">
        <input type="checkbox" checked={draft.splits} onChange={(event) => set({ splits: event.currentTarget.checked })} />
        Send a part of the calls to another version
      </label>
      {draft.splits && (
        <>
          {version("other", "Second version")}
          {text("weight", "Calls of 100 that run the second version", { inputMode: "numeric", class: "input" })}
          {text("sticky", "Header that keeps a caller with one version (may be empty)", { placeholder: "X-User" })}
        </>
      )}
      {failure && (
        <div class="report report-bad" role="alert">
          <p>
            {!failure.isStale
              ? ""
              : seen
                ? "Nothing was changed: someone has changed this alias since you opened it. "
                : "Nothing was changed: the name is taken. "}
            {failure.sentence}
          </p>
          {failure.isStale && (
            <div>
              <Button onClick={() => void lookAgain()}>Show what it names now</Button>
            </div>
          )}
        </div>
      )}
      <div class="dialog-foot">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" disabled={isSent}>
          {seen ? "Move" : "Make"}
        </Button>
      </div>
    </form>
  );
}

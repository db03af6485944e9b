import { useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { sentenceOf } from "../api/problem.ts";
import { fieldOf } from "../api/problemField.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { toast } from "../controls/toasts.ts";
import { apiOfSchedule, type ScheduleState } from "./schedule.ts";
import { isMissing, isStale, readSchedule } from "./scheduleCalls.ts";
import { bodyOf, draftOf, errorsOf, type DraftErrors } from "./scheduleDraft.ts";
import { ScheduleFields } from "./ScheduleFields.tsx";

/** The members of the body that have a field. */
const names = ["name", "path", "cron", "timeZone", "version", "input", "priority", "enabled", "overlap", "missed"] as const;

interface Props {
  /** The schedule that is edited; undefined: a new one is made. */
  readonly state: ScheduleState | undefined;
  readonly onClose: () => void;
  readonly onDone: (name: string) => void;
}

/** Makes a schedule, or edits one. The state that the user saw goes along, so that no one's change is lost unseen. */
export function ScheduleDialog({ state, onClose, onDone }: Props) {
  const [seen, setSeen] = useState(state);
  const [draft, setDraft] = useState(() => draftOf(state));
  const [errors, setErrors] = useState<DraftErrors>({});
  const [failure, setFailure] = useState<{ readonly sentence: string; readonly isStale: boolean } | null>(null);
  const [isSent, setSent] = useState(false);

  const send = async () => {
    const wrong = errorsOf(draft);
    setErrors(wrong);
    setFailure(null);
    if (Object.keys(wrong).length > 0) return;
    setSent(true);
    try {
      const headers: Record<string, string> = seen ? { "If-Match": seen.tag } : { "If-None-Match": "*" };
      await call(apiOfSchedule(draft.name), { method: "PUT", json: bodyOf(draft, seen), headers });
      toast(seen ? `The schedule ${draft.name} is changed.` : `The schedule ${draft.name} is made.`);
      onDone(draft.name);
    } catch (error) {
      const sentence = sentenceOf(error);
      const field = fieldOf(sentence, names);
      if (field === undefined) setFailure({ sentence, isStale: isStale(error) });
      else setErrors({ [field]: sentence });
      setSent(false);
    }
  };
  const lookAgain = async () => {
    try {
      const now = await readSchedule(draft.name);
      setSeen(now);
      setDraft(draftOf(now));
      setFailure({ sentence: "The fields show the schedule as it is now. Make your change once more, or cancel.", isStale: false });
    } catch (error) {
      if (isMissing(error)) setSeen(undefined);
      setFailure({
        sentence: isMissing(error) ? `There is no schedule ${draft.name} any more. Save once more to make it.` : sentenceOf(error),
        isStale: false,
      });
    }
  };

  return (
    <Dialog title={state ? `Edit ${state.schedule.name}` : "New schedule"} isWide onClose={onClose}>
      <form
        class="dialog-form"
        novalidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <ScheduleFields
          draft={draft}
          errors={errors}
          isNew={state === undefined}
          onChange={(part) => {
            setDraft({ ...draft, ...part });
            setErrors(Object.fromEntries(Object.entries(errors).filter(([name]) => !(name in part))));
          }}
        />
        {failure && (
          <div class="report report-bad" role="alert">
            <p>
              {!failure.isStale
                ? ""
                : seen
                  ? "Nothing was changed: someone has changed this schedule since you opened it. "
                  : "Nothing was changed: the name is taken. "}
              {failure.sentence}
            </p>
            {failure.isStale && (
              <div>
                <Button onClick={() => void lookAgain()}>Show what it is now</Button>
              </div>
            )}
          </div>
        )}
        <div class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={isSent}>
            {seen ? "Save" : "Make"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

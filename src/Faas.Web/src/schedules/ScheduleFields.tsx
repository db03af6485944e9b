import { Field } from "../controls/Field.tsx";
import { PrioritySelect } from "../controls/PrioritySelect.tsx";
import { words, type DraftErrors, type ScheduleDraft } from "./scheduleDraft.ts";

/** What a person writes as one line of text. */
type LineName = "name" | "path" | "cron" | "timeZone" | "version";

interface LineProps {
  readonly list?: string;
  readonly autofocus?: boolean;
}

interface Props {
  readonly draft: ScheduleDraft;
  readonly errors: DraftErrors;
  readonly isNew: boolean;
  readonly onChange: (part: Partial<ScheduleDraft>) => void;
}

/** The fields of a schedule, each with what is wrong with it. */
export function ScheduleFields({ draft, errors, isNew, onChange }: Props) {
  const line = (name: LineName, label: string, placeholder: string, more: LineProps = {}) => (
    <Field label={label} wrong={errors[name]}>
      {(field) => (
        <input
          type="text"
          class="input mono"
          autocomplete="off"
          spellcheck={false}
          placeholder={placeholder}
          {...field}
          {...more}
          value={draft[name]}
          onInput={(event) => onChange({ [name]: event.currentTarget.value })}
        />
      )}
    </Field>
  );
  const choice = (name: "overlap" | "missed", label: string) => (
    <Field label={label} wrong={errors[name]}>
      {(field) => (
        <select class="input" {...field} value={draft[name]} onChange={(event) => onChange({ [name]: event.currentTarget.value })}>
          {words[name].map(({ value, title }) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <>
      <div class="schedule-fields">
        {isNew && line("name", "Name", "nightly-report", { autofocus: true })}
        {line("path", "Script", "jobs/report")}
        {line("version", "Version or alias", "the latest")}
        {line("cron", "When, as a cron expression", "30 6 * * MON-FRI", isNew ? {} : { autofocus: true })}
        {line("timeZone", "Time zone", "UTC", { list: "schedule-zones" })}
        <Field label="Priority" wrong={errors.priority}>
          {(field) => <PrioritySelect field={field} value={draft.priority} onChange={(priority) => onChange({ priority })} />}
        </Field>
        {choice("overlap", "While the last run goes on")}
        {choice("missed", "Instants in which no server was up")}
      </div>
      <datalist id="schedule-zones">
        {["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <Field label="Input, as JSON; the script sees it as event" wrong={errors.input}>
        {(field) => (
          <textarea
            class="input mono input-json"
            spellcheck={false}
            rows={5}
            {...field}
            value={draft.input}
            onInput={(event) => onChange({ input: event.currentTarget.value })}
          />
        )}
      </Field>
      <label class="check">
        <input type="checkbox" checked={draft.enabled} onChange={(event) => onChange({ enabled: event.currentTarget.checked })} />
        Starts runs; without it the schedule is paused
      </label>
    </>
  );
}

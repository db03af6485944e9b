import type { FieldControl } from "./Field.tsx";

interface Props {
  readonly field: FieldControl;
  readonly value: string;
  readonly onChange: (priority: string) => void;
}

const notes: Record<string, string> = { 1: " (goes last)", 5: " (usual)", 9: " (goes first)" };

/** Chooses the priority of runs: of those of a script that wait, one of the highest priority goes first. */
export function PrioritySelect({ field, value, onChange }: Props) {
  return (
    <select class="input" {...field} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {Array.from({ length: 9 }, (_, at) => `${at + 1}`).map((priority) => (
        <option key={priority} value={priority}>
          {priority}
          {notes[priority]}
        </option>
      ))}
    </select>
  );
}

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

/** What the control of a field is given. */
export interface FieldControl {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

interface Props {
  readonly label: string;
  /** What is wrong with it; undefined: nothing. */
  readonly wrong: string | undefined;
  readonly children: (control: FieldControl) => ComponentChildren;
}

/** A control with its label, and with what is wrong with it. */
export function Field({ label, wrong, children }: Props) {
  const id = useId();
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      {children({ id, "aria-invalid": wrong !== undefined, "aria-describedby": wrong === undefined ? undefined : `${id}-wrong` })}
      {wrong !== undefined && (
        <span id={`${id}-wrong`} class="field-wrong">
          {wrong}
        </span>
      )}
    </div>
  );
}

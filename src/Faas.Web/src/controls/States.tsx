import type { ComponentChildren } from "preact";
import { sentenceOf } from "../api/problem.ts";
import { Button } from "./Button.tsx";

interface EmptyProps {
  readonly title: string;
  /** What would be here, and how it comes here. */
  readonly children?: ComponentChildren;
  /** What stands below that text, such as buttons. */
  readonly more?: ComponentChildren;
}

/** Stands where there is nothing yet. */
export function Empty({ title, children, more }: EmptyProps) {
  return (
    <div class="state">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {more}
    </div>
  );
}

interface FailedProps {
  /** What could not be done: `The scripts could not be read`. */
  readonly title: string;
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** Stands where something could not be read, says why, and tries again. */
export function Failed({ title, error, onRetry }: FailedProps) {
  return (
    <div class="state state-bad" role="alert">
      <h2>{title}</h2>
      <p>{sentenceOf(error)}</p>
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

/** Stands where something is being read. */
export function Loading({ what }: { readonly what: string }) {
  return <div class="state" role="status">Loading {what}…</div>;
}

import { Button } from "../controls/Button.tsx";
import { failurePlace } from "./failurePlace.ts";
import { titleOf } from "./mark.ts";
import type { Outcome } from "./wire.ts";

interface Props {
  readonly outcome: Outcome;
  readonly onGoTo: (line: number, column: number | undefined) => void;
}

/** Why a run has no result, and where its script went wrong. */
export function FailedRun({ outcome: { reason, failure }, onGoTo }: Props) {
  if (!failure) return null;
  const { detail, message, stack, exitCode, signal, retryAfter } = failure;
  const place = failurePlace(failure);
  return (
    <section class="pane failed" aria-label="Failure">
      <div class="pane-head">
        <h2>Failed: <code>{reason}</code></h2>
        <span class="grow" />
        {place && <Button onClick={() => onGoTo(place.line, place.column)}>Go to line {place.line}</Button>}
      </div>
      <div class="pane-body" tabIndex={0} role="group" aria-label="What went wrong">
        <p class="failed-title mono">{titleOf(failure)}</p>
        {message && !detail.includes(message) && <p class="muted">{detail}</p>}
        {exitCode !== undefined && <p class="muted">Exit code {exitCode}</p>}
        {signal !== undefined && <p class="muted">Signal {signal}</p>}
        {retryAfter !== undefined && <p class="muted">Another try may succeed after {retryAfter} s.</p>}
        {stack && <pre class="failed-stack">{stack}</pre>}
      </div>
    </section>
  );
}

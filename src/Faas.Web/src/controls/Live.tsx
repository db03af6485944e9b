import type { StreamState } from "../api/events.ts";

const words: Record<StreamState, string> = { live: "Live", connecting: "Connecting…", waiting: "Reconnecting…" };

interface Props {
  readonly state: StreamState;
  /** What is said of a state in other words. */
  readonly words?: Partial<Record<StreamState, string>>;
}

/** Says whether what is shown is what is. */
export function Live({ state, words: own }: Props) {
  return (
    <span class={`live live-${state}`} role="status">
      <span class="live-dot" aria-hidden="true" />
      {own?.[state] ?? words[state]}
    </span>
  );
}

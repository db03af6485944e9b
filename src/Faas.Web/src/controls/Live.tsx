import type { StreamState } from "../api/events.ts";

const words: Record<StreamState, string> = { live: "Live", connecting: "Connecting…", waiting: "Reconnecting…" };

/** Says whether what is shown is what is. */
export function Live({ state }: { readonly state: StreamState }) {
  return (
    <span class={`live live-${state}`} role="status">
      <span class="live-dot" aria-hidden="true" />
      {words[state]}
    </span>
  );
}

import { count } from "../charts/units.ts";
import type { PoolState } from "./poolState.ts";
import { states } from "./states.ts";

/** What the letters and forms of the cells mean, and how many there are of each. */
export function Legend({ pool }: { readonly pool: PoolState }) {
  const numbers = new Map<string, number>();
  for (const { state } of pool.sandboxes.values()) numbers.set(state, (numbers.get(state) ?? 0) + 1);
  return (
    <ul class="legend" aria-label="States of sandboxes">
      {states.map(({ state, letter, means }) => (
        <li key={state} class="legend-item" title={means}>
          <span class={`cell cell-sample cell-${state}`} aria-hidden="true">
            <span class="cell-letter">{letter}</span>
          </span>
          <span>{state}</span>
          <strong>{count(numbers.get(state) ?? 0)}</strong>
          <span class="unseen">{means}</span>
        </li>
      ))}
    </ul>
  );
}

import { bytes, count, duration } from "../charts/units.ts";
import { Button } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { useNow } from "../controls/useNow.ts";
import { format } from "../scripts/routes.ts";
import { CancelRun } from "./CancelRun.tsx";
import type { PoolState } from "./poolState.ts";
import type { Sandbox } from "./protocol.ts";
import { letterOf, states } from "./states.ts";

interface Props {
  readonly sandbox: Sandbox | undefined;
  readonly name: string;
  readonly pool: PoolState;
  readonly onClose: () => void;
}

/** What is known of one sandbox. */
export function Details({ sandbox, name, pool, onClose }: Props) {
  const now = useNow();
  return (
    <aside class="card details" aria-label={`Sandbox ${name}`}>
      <div class="card-head">
        <h2 class="mono grow">{name}</h2>
        <Button kind="plain" icon={<Icon name="close" />} label="Close the details" onClick={onClose} />
      </div>
      {sandbox === undefined ? (
        <p class="muted">This sandbox has ended.</p>
      ) : (
        <>
          <dl class="facts">
            <dt>State</dt>
            <dd>
              <span class={`cell cell-sample cell-${sandbox.state}`} aria-hidden="true">
                <span class="cell-letter">{letterOf(sandbox.state)}</span>
              </span>
              {sandbox.state}, {states.find(({ state }) => state === sandbox.state)?.means} (for{" "}
              {duration(Math.max(1, Math.round((now - Date.parse(sandbox.since)) / 1000)))})
            </dd>
            <dt>Bound to</dt>
            <dd class="mono">
              {sandbox.path === undefined ? (
                "nothing"
              ) : sandbox.version === undefined ? (
                sandbox.path
              ) : (
                <a href={format({ path: sandbox.path, version: sandbox.version })}>
                  {sandbox.path} @ {sandbox.version}
                </a>
              )}
            </dd>
            <dt>Image</dt>
            <dd class="mono">{sandbox.image}</dd>
            <dt>Memory</dt>
            <dd>{bytes(sandbox.memoryBytes)}</dd>
            <dt>Runs so far</dt>
            <dd>{count(sandbox.uses)}</dd>
          </dl>
          <RunsOf sandbox={sandbox} pool={pool} now={now} />
        </>
      )}
    </aside>
  );
}

function RunsOf({ sandbox, pool, now }: { readonly sandbox: Sandbox; readonly pool: PoolState; readonly now: number }) {
  const runs = [...pool.runs.values()].filter((run) => run.sandbox === sandbox.name);
  return runs.length === 0 ? null : (
    <ul class="lines" aria-label={`Runs in ${sandbox.name}`}>
      {runs.map((run) => (
        <li key={run.id} class="line">
          <span class="grow mono ellipsis">{run.id}</span>
          <span class="number">{duration(Math.max(0, (now - Date.parse(run.since)) / 1000))}</span>
          <CancelRun id={run.id} path={run.path} />
        </li>
      ))}
    </ul>
  );
}

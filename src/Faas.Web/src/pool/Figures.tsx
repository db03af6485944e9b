import type { ComponentChildren } from "preact";
import { bytes, count, duration } from "../charts/units.ts";
import { useNow } from "../controls/useNow.ts";
import { Governed } from "./Governed.tsx";
import type { Setting } from "./governors.ts";
import { lanes } from "./lanes.ts";
import type { PoolState } from "./poolState.ts";

interface Props {
  readonly pool: PoolState;
  readonly settings: ReadonlyMap<string, Setting> | undefined;
}

/** The pool in numbers, each with the settings that govern it. */
export function Figures({ pool, settings }: Props) {
  const { counts } = pool;
  const now = useNow();
  const waiting = lanes(pool.runs.values());
  const longest = waiting[0] ? Math.max(0, (now - waiting[0].since) / 1000) : 0;
  const most = (key: string) => Number(settings?.get(key)?.value ?? 0);
  return (
    <div class="figures">
      <Figure
        title="Busy"
        value={count(counts.busy)}
        of={most("faas.pool.running")}
        share={counts.busy}
        note={counts.busy >= most("faas.pool.running") && most("faas.pool.running") > 0 ? "all places are taken" : "sandboxes with a run"}
      >
        <Governed keys={["faas.pool.running"]} settings={settings} />
      </Figure>
      <Figure
        title="Waiting"
        value={count(counts.waiting)}
        of={most("faas.pool.queue")}
        share={counts.waiting}
        note={counts.waiting > 0 ? `longest wait ${duration(longest)}` : "no run waits"}
      >
        <Governed keys={["faas.pool.queue", "faas.pool.queue-timeout"]} settings={settings} />
      </Figure>
      <Figure
        title="Sandboxes"
        value={count(pool.sandboxes.size)}
        of={most("faas.pool.sandboxes")}
        share={pool.sandboxes.size}
        note={`${count(counts.idle)} idle, ${count(counts.spare)} spare`}
      >
        <Governed keys={["faas.pool.sandboxes", "faas.pool.idle-ttl"]} settings={settings} />
      </Figure>
      <Figure
        title="Memory held"
        value={bytes(counts.heldBytes)}
        of={counts.memoryBytes}
        ofText={bytes(counts.memoryBytes)}
        share={counts.heldBytes}
        note="sandboxes and mothers"
      >
        <Governed keys={["faas.pool.memory"]} settings={settings} />
      </Figure>
      <Figure
        title="Spares"
        isWide
        value={count(counts.spare)}
        of={0}
        share={counts.spare}
        note={counts.starting > 0 ? `${count(counts.starting)} starting` : "ready for any script"}
      >
        <Governed
          keys={["faas.pool.spares.node", "faas.pool.spares.python", "faas.pool.spares.max", "faas.pool.spares.memory", "faas.pool.starts"]}
          settings={settings}
        />
      </Figure>
    </div>
  );
}

interface FigureProps {
  readonly title: string;
  readonly value: string;
  /** The most that there may be; 0: the page does not know it. */
  readonly of: number;
  readonly ofText?: string;
  readonly share: number;
  readonly note: string;
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
}

function Figure({ title, value, of, ofText, share, note, isWide = false, children }: FigureProps) {
  return (
    <div class={`card figure ${isWide ? "figure-wide" : ""}`}>
      <h2 class="figure-title">{title}</h2>
      <p class="figure-value">
        <span class="figure-number">{value}</span>
        {of > 0 && <span class="figure-of"> of {ofText ?? count(of)}</span>}
      </p>
      {of > 0 && (
        <meter
          class={`figure-meter ${share >= of ? "is-full" : ""}`}
          min={0}
          max={of}
          value={Math.min(of, share)}
          aria-label={`${title}: ${value} of ${ofText ?? count(of)}`}
        />
      )}
      <p class="muted figure-note">{note}</p>
      {children}
    </div>
  );
}

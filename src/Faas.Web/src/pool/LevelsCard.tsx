import { useEffect, useMemo, useState } from "preact/hooks";
import { levels, rows, sample } from "../charts/levels.ts";
import { LevelPlot, type Line } from "../charts/LevelPlot.tsx";
import { useNow } from "../controls/useNow.ts";
import { serverNow } from "../api/serverClock.ts";
import type { Counts } from "./protocol.ts";

const lines: readonly Line[] = [
  { name: "waiting", token: "warn", dash: [] },
  { name: "busy", token: "accent", dash: [6, 3] },
  { name: "idle", token: "muted", dash: [2, 3] },
];
const [step, length] = [2, 300];

interface Props {
  readonly counts: Counts;
  readonly isLive: boolean;
}

/** The numbers of the pool since the page was opened, at most ten minutes. */
export function LevelsCard({ counts, isLive }: Props) {
  const [known, setKnown] = useState(() => levels(step, length));
  useEffect(() => {
    if (isLive) setKnown((before) => sample(before, serverNow() / 1000, [counts.waiting, counts.busy, counts.idle]));
  }, [counts, isLive]);
  const now = Math.floor(useNow(step * 1000) / 1000);
  const data = useMemo(() => {
    const first = (Math.floor(now / step) - length + 1) * step;
    const times = Array.from({ length }, (_, index) => first + index * step);
    return [times, ...rows(known, now, lines.length)] as [number[], ...(number | null)[][]];
  }, [known, now]);
  const label = `Over the last ten minutes: ${counts.waiting} runs wait, ${counts.busy} sandboxes are busy and ${counts.idle} idle now.`;
  return (
    <section class="card" aria-labelledby="levels-title">
      <h2 id="levels-title">
        Load <span class="muted">last ten minutes, since the page was opened</span>
      </h2>
      <LevelPlot label={label} lines={lines} data={data} />
      <ul class="reasons reasons-row" aria-label="Lines">
        {lines.map(({ name, token, dash }) => (
          <li key={name} class="reason">
            <svg width="26" height="8" aria-hidden="true" class={`line-sample line-${token}`}>
              <line x1="1" y1="4" x2="25" y2="4" stroke-width="2" stroke-dasharray={dash.join(" ") || undefined} />
            </svg>
            <span>{name}</span>
            <strong class="number">{counts[name as "waiting" | "busy" | "idle"]}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}

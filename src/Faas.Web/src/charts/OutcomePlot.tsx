import { useMemo } from "preact/hooks";
import uPlot from "uplot";
import type { Outcomes } from "./activity.ts";
import { axes, fromZero } from "./axes.ts";
import { patternFill } from "./pattern.ts";
import { Plot } from "./Plot.tsx";
import { lookOf } from "./reasonLook.ts";
import { count } from "./units.ts";

interface Props {
  readonly outcomes: Outcomes;
  /** Reasons that are left out of the bars. */
  readonly hidden: ReadonlySet<string>;
}

/** Bars by minute, of which each part is a reason. */
export function OutcomePlot({ outcomes, hidden }: Props) {
  const shown = outcomes.reasons.filter(({ reason }) => !hidden.has(reason));
  const data = useMemo<uPlot.AlignedData>(() => {
    const sums = outcomes.starts.map(() => 0);
    const stacked = shown.map(({ runs }) =>
      runs.map((value, index) => {
        sums[index] = sums[index]! + value;
        return value > 0 ? sums[index]! : null;
      }),
    );
    // The highest first: each lower part is drawn over it.
    return [outcomes.starts, ...stacked.reverse()];
  }, [outcomes, hidden]);
  const bucket = (outcomes.starts[1] ?? 60) - (outcomes.starts[0] ?? 0);
  const names = shown.map(({ reason }) => reason).reverse();
  const label = outcomes.reasons.some(({ total }) => total > 0)
    ? `Runs by minute in the last hour: ${outcomes.reasons.map(({ reason, total }) => `${reason} ${count(total)}`).join(", ")}.`
    : "No run has ended in the last hour.";
  return (
    <Plot
      label={label}
      height={170}
      data={data}
      shape={names.join()}
      options={(colour) => ({
        scales: { x: { time: true, range: (_, first, last) => [first, last + bucket] }, y: fromZero },
        axes: axes(colour, count),
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        series: [
          {},
          ...names.map((reason): uPlot.Series => {
            const { token, pattern } = lookOf(reason);
            const fill = patternFill(pattern, colour(token), colour("back"));
            return {
              label: reason,
              stroke: colour(token),
              width: 0.5,
              fill: () => fill as string,
              points: { show: false },
              paths: uPlot.paths.bars!({ size: [0.8, 14], align: 1 }),
            };
          }),
        ],
      })}
    />
  );
}

import type uPlot from "uplot";
import { axes, fromZero } from "./axes.ts";
import { Plot } from "./Plot.tsx";

/** A line of the plot. */
export interface Line {
  readonly name: string;
  readonly token: string;
  /** The lengths of dashes and gaps; empty: a whole line. The colour is never the only sign. */
  readonly dash: readonly number[];
}

interface Props {
  readonly label: string;
  readonly lines: readonly Line[];
  readonly data: uPlot.AlignedData;
}

/** Lines of numbers that hold until they change. */
export function LevelPlot({ label, lines, data }: Props) {
  return (
    <Plot
      label={label}
      height={170}
      data={data}
      shape={lines.map(({ name }) => name).join()}
      options={(colour) => ({
        scales: { x: { time: true }, y: fromZero },
        axes: axes(colour),
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        series: [
          {},
          ...lines.map(({ name, token, dash }): uPlot.Series => ({
            label: name,
            stroke: colour(token),
            width: 2,
            dash: [...dash],
            points: { show: false },
          })),
        ],
      })}
    />
  );
}

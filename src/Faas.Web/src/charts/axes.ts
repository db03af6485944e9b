import type uPlot from "uplot";
import { clock } from "./units.ts";

/** The axes of a plot over time: hours and minutes below, whole numbers at the left. */
export function axes(colour: (token: string) => string, format: (value: number) => string = String): uPlot.Axis[] {
  const font = "11px system-ui, sans-serif";
  const grid = { stroke: colour("line"), width: 1 };
  const ticks = { show: false };
  return [
    {
      stroke: colour("muted"),
      font,
      ticks,
      grid: { show: false },
      size: 24,
      gap: 4,
      space: 64,
      values: (_, splits) => splits.map((at) => clock(new Date(at * 1000)).slice(0, 5)),
    },
    {
      stroke: colour("muted"),
      font,
      ticks,
      grid,
      size: 40,
      gap: 4,
      space: 28,
      values: (_, splits) => splits.map((value) => (Number.isInteger(value) ? format(value) : "")),
    },
  ];
}

/** A scale that begins at 0 and is never flat. */
export const fromZero: uPlot.Scale = { range: (_, __, highest) => [0, Math.max(4, Math.ceil((highest || 0) * 1.1))] };

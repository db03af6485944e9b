/** A point of a drawing. */
type Point = readonly [x: number, y: number];

/**
 * The lines of a sparkline, as texts for `d` of an SVG path: a number's height is its share of the highest one. Where a number is not
 * known the line has a gap, and a number alone is a short dash, so that it can be seen.
 */
export function sparkline(values: readonly (number | null)[], width: number, height: number, highest = highestOf(values)): string {
  const step = values.length > 1 ? width / (values.length - 1) : width;
  const lines: Point[][] = [];
  let line: Point[] = [];
  values.forEach((value, index) => {
    if (value === null) {
      line = [];
      return;
    }

    if (line.length === 0) lines.push(line);
    line.push([round(index * step), round(height - (highest > 0 ? Math.min(1, value / highest) : 0) * height)]);
  });
  return lines
    .map((points) => (points.length === 1 ? dash(points[0]!, width) : `M${points.map((point) => point.join(" ")).join("L")}`))
    .join("");
}

/** The area below such a line, for numbers that are all known. */
export const sparkArea = (values: readonly number[], width: number, height: number, highest?: number): string =>
  values.length === 0 ? "" : `${sparkline(values, width, height, highest)}L${width} ${height}L0 ${height}Z`;

/** The highest of the known numbers; 0: none is known. */
export const highestOf = (values: readonly (number | null)[]): number =>
  values.reduce<number>((highest, value) => Math.max(highest, value ?? 0), 0);

const dash = ([x, y]: Point, width: number) => `M${Math.max(0, x - 3)} ${y}L${Math.min(width, x + 3)} ${y}`;
const round = (value: number) => Math.round(value * 10) / 10;

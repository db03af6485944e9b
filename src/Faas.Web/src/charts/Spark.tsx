import "./charts.css";
import { highestOf, sparkArea, sparkline } from "./sparkline.ts";

interface Props {
  readonly values: readonly number[];
  /** Another line on the same scale. */
  readonly second?: readonly (number | null)[];
  /** The values that are known; without it, all are. */
  readonly known?: readonly (number | null)[];
  readonly width: number;
  readonly height: number;
  /** What it shows, for those who cannot see it. */
  readonly label: string;
}

/** A line as small as a word. */
export function Spark({ values, second, known, width, height, label }: Props) {
  const highest = Math.max(highestOf(known ?? values), highestOf(second ?? []));
  return (
    <svg
      class="spark"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      preserveAspectRatio="none"
    >
      {!known && <path class="spark-area" d={sparkArea(values, width, height, highest)} />}
      <path class="spark-line" d={sparkline(known ?? values, width, height, highest)} />
      {second && <path class="spark-line spark-second" d={sparkline(second, width, height, highest)} />}
    </svg>
  );
}

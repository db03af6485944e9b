import "uplot/dist/uPlot.min.css";
import "./charts.css";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { isDark } from "../shell/theme.ts";

interface Props {
  /** What the plot shows, in a sentence with its main numbers, for those who cannot see it. */
  readonly label: string;
  readonly height: number;
  readonly data: uPlot.AlignedData;
  /** Makes the options; the colours come from the page's tokens. It is called again when `shape` or the theme changes. */
  readonly options: (colour: (token: string) => string) => Omit<uPlot.Options, "width" | "height">;
  /** What the options depend on. */
  readonly shape: string;
}

/** A plot that is as wide as its place. */
export function Plot({ label, height, data, options, shape }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const newest = useRef(data);
  newest.current = data;
  const dark = isDark.value;

  useEffect(() => {
    const box = place.current!;
    const style = getComputedStyle(document.documentElement);
    const made = new uPlot(
      { ...options((token) => style.getPropertyValue(`--${token}`).trim()), width: Math.max(160, box.clientWidth), height },
      newest.current,
      box,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (box.clientWidth > 0 && box.clientWidth !== made.width) made.setSize({ width: box.clientWidth, height });
    });
    observer.observe(box);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, dark, height]);

  useEffect(() => plot.current?.setData(data), [data]);
  return <div ref={place} class="plot" role="img" aria-label={label} />;
}

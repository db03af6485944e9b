// How high something stood over time. A level holds until the next sample, so a slice without a sample has the last one before it, and a
// slice with several has the highest: a peak that is shorter than a slice still shows.

export interface Levels {
  readonly step: number;
  readonly length: number;
  readonly slices: ReadonlyMap<number, Sample>;
}

interface Sample {
  readonly high: readonly number[];
  readonly last: readonly number[];
}

export function levels(step: number, length: number): Levels {
  return { step, length, slices: new Map() };
}

/** With the levels of a moment, in seconds. */
export function sample(to: Levels, at: number, values: readonly number[]): Levels {
  const start = Math.floor(at / to.step) * to.step;
  const oldest = start - to.length * to.step; // one more than is shown: its last levels hold on
  const slices = new Map([...to.slices].filter(([other]) => other >= oldest));
  const before = slices.get(start)?.high ?? values;
  slices.set(start, { high: values.map((value, index) => Math.max(value, before[index] ?? value)), last: values });
  return { ...to, slices };
}

/** A row for each level, with a number for each slice; null where nothing is known yet. */
export function rows(of: Levels, now: number, width: number): (number | null)[][] {
  const first = (Math.floor(now / of.step) - of.length + 1) * of.step;
  const shown: (number | null)[][] = Array.from({ length: width }, () => []);
  let last = [...of.slices]
    .filter(([start]) => start < first)
    .sort(([one], [other]) => one - other)
    .at(-1)?.[1].last;
  for (let start = first; start <= now; start += of.step) {
    const slice = of.slices.get(start);
    shown.forEach((row, index) => row.push((slice?.high ?? last)?.[index] ?? null));
    last = slice?.last ?? last;
  }

  return shown;
}

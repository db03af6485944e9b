// Numbers as people read them. Units of sizes are powers of 1024, as in the server's settings.

const SIZES = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `1.5 MiB`: three significant digits at most. */
export function bytes(count: number): string {
  let [value, unit] = [count, 0];
  while (value >= 1024 && unit < SIZES.length - 1) {
    value /= 1024;
    unit++;
  }

  return `${value < 10 && unit > 0 ? trimmed(value, 1) : Math.round(value)} ${SIZES[unit]}`;
}

/** `12 ms`, `1.2 s`, `3 min 5 s`, `2 h 4 min`: of a duration in seconds. */
export function duration(seconds: number): string {
  if (seconds < 0.000_95) {
    return `${Math.round(seconds * 1e6)} µs`;
  }

  if (seconds < 0.9995) {
    return `${trimmed(seconds * 1000, seconds < 0.01 ? 1 : 0)} ms`;
  }

  if (seconds < 59.95) {
    return `${trimmed(seconds, 1)} s`;
  }

  const whole = Math.round(seconds);
  return whole < 3600
    ? pair(Math.floor(whole / 60), "min", whole % 60, "s")
    : whole < 86_400
      ? pair(Math.floor(whole / 3600), "h", Math.floor((whole % 3600) / 60), "min")
      : pair(Math.floor(whole / 86_400), "d", Math.floor((whole % 86_400) / 3600), "h");
}

/** `12,345`. */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 run`, `2 runs`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `2026-02-08 07:33:20` in the time zone of the reader. */
export function moment(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock(at)}`;
}

/** `07:33:20` in the time zone of the reader. */
export function clock(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** The same of a moment of today, and `02-08 07:33` of another day. */
export function clockOrDay(at: Date, now: Date): string {
  const isToday = at.toDateString() === now.toDateString();
  return isToday ? clock(at) : `${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

function pair(large: number, unit: string, small: number, smaller: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smaller}`;
}

function trimmed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.0+$/, "");
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

// Makes a child's clocks count from its birth: node's own count from the start of the process that was forked.
import { define, defineProperty, hrtime, toNumber } from '../kernel/primordials.mjs';

const NANOSECONDS = 1e9, MILLISECONDS = 1e6;

const firstStart = hrtime();
const firstStartTime = performance.timeOrigin + performance.now(); // milliseconds since the epoch, with a fraction
let start = firstStart;
let startTime = firstStartTime;

const elapsed = () => toNumber(hrtime() - start) / MILLISECONDS;

/** Seconds since the birth: `process.uptime`. */
export const uptime = () => toNumber(hrtime() - start) / NANOSECONDS;

/** When the child was born, in nanoseconds of the monotonic clock. */
export const birth = () => start;

/** The child is born now: it was forked ahead of its run. */
export function startClocks() {
  start = hrtime();
  startTime = firstStartTime + toNumber(start - firstStart) / MILLISECONDS;
}

/** Replaces the members of `performance` that read the clock, once, before the first fork. */
export function replacePerformance() {
  const target = Object.getPrototypeOf(performance);
  const { mark, measure } = target;
  const own = {
    now() { return elapsed(); },
    mark(name, options) {
      return mark.call(this, name, { ...options, startTime: options?.startTime ?? elapsed() });
    },
    measure(name, startOrOptions, endMark) {
      if (endMark !== undefined) return measure.call(this, name, startOrOptions, endMark);
      if (typeof startOrOptions !== 'object' || startOrOptions === null) {
        return measure.call(this, name, { start: startOrOptions ?? 0, end: elapsed() });
      }
      const { start: from, end, duration } = startOrOptions;
      const isOpen = end === undefined && (duration === undefined || from === undefined);
      return measure.call(this, name, isOpen ? { ...startOrOptions, end: elapsed() } : startOrOptions);
    },
  };
  for (const name of ['now', 'mark', 'measure']) define(target, name, own[name], true);
  const { get } = Object.getOwnPropertyDescriptor({ get timeOrigin() { return startTime; } }, 'timeOrigin');
  defineProperty(target, 'timeOrigin', { __proto__: null, get, enumerable: true, configurable: true });
}

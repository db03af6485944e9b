/** Watches over a connection: it must say something from time to time. */
export interface Watchdog {
  /** Something came. */
  readonly heard: () => void;
  /** The connection has ended. */
  readonly stop: () => void;
}

/** Calls `bark` once, when nothing was heard for that many milliseconds. */
export function watchdog(silence: number, bark: () => void): Watchdog {
  let timer = setTimeout(bark, silence);
  return {
    heard() {
      clearTimeout(timer);
      timer = setTimeout(bark, silence);
    },
    stop: () => clearTimeout(timer),
  };
}

/** How often a server pings that does not say it, in seconds. */
const usualPing = 15;

/** How long a connection that is whole may be silent, in milliseconds, by what the answer's `X-Ping-Seconds` says. */
export function longestSilence(pingSeconds: string | null): number {
  const ping = Number(pingSeconds);
  return 2500 * (ping > 0 && Number.isFinite(ping) ? ping : usualPing);
}

// The settings that govern what the view shows: which key, what it allows, and where it is changed. The ranges are those of the comments
// in hocon/faas.conf, which governors.test.ts compares.

/** One setting as GET /api/v1/settings tells it. */
export interface Setting {
  key: string;
  value: string;
  origin: string;
  reloads: boolean;
}

/** What the page knows of a key. */
export interface Governor {
  readonly key: string;
  /** What it sets, as the end of "sets ...". */
  readonly sets: string;
  readonly allowed: string;
  /** What 0 stands for. */
  readonly zero?: string;
  /** When to change it (docs/tuning.md). */
  readonly advice: string;
}

export const GOVERNORS: readonly Governor[] = [
  {
    key: "faas.pool.running",
    sets: "how many runs are executed at once",
    allowed: "0-1000",
    zero: "four for each processor",
    advice: "Raise it when runs wait, all places are busy and the processors are not.",
  },
  {
    key: "faas.pool.queue",
    sets: "how many runs may wait",
    allowed: "0-100000",
    advice: "Raise it when callers are refused (429) and would rather wait. It adds no capacity.",
  },
  {
    key: "faas.pool.queue-timeout",
    sets: "the longest wait",
    allowed: "1ms-10m",
    advice: "It only says how soon a caller learns that the wait is too long.",
  },
  {
    key: "faas.pool.sandboxes",
    sets: "how many sandboxes live at once",
    allowed: "1-10000",
    advice: "Raise it when scripts lose their sandboxes although memory is left.",
  },
  {
    key: "faas.pool.memory",
    sets: "how much memory all sandboxes may hold",
    allowed: "0-1024T",
    zero: "a quarter of the machine’s",
    advice: "Raise it when the memory held is near it and starts are cold.",
  },
  {
    key: "faas.pool.spares.node",
    sets: "the fewest spares for JavaScript and TypeScript",
    allowed: "0-sandboxes",
    advice: "Raise it when calls of new code must not wait for a start.",
  },
  {
    key: "faas.pool.spares.python",
    sets: "the fewest spares for Python",
    allowed: "0-sandboxes",
    advice: "Raise it when calls of new code must not wait for a start.",
  },
  {
    key: "faas.pool.spares.max",
    sets: "the most spares of each",
    allowed: "0-1000",
    advice: "Raise it when many calls need a new sandbox: new scripts, or run-now.",
  },
  {
    key: "faas.pool.spares.memory",
    sets: "how much memory the spares of one runtime may hold",
    allowed: "0-1T",
    advice: "Raise it together with faas.pool.spares.max.",
  },
  {
    key: "faas.pool.starts",
    sets: "how many sandboxes start at once",
    allowed: "0-100",
    zero: "as many as there are processors",
    advice: "Lower it when starts take far longer than on a quiet machine.",
  },
  {
    key: "faas.pool.idle-ttl",
    sets: "how long a sandbox without a run stays",
    allowed: "1s-24h",
    advice: "Raise it when scripts that are called seldom start cold.",
  },
  {
    key: "faas.sandbox.timeout",
    sets: "how long a run may take",
    allowed: "10ms-24h",
    advice: "Raise it, or the version’s timeout, when runs end with timeout.",
  },
  {
    key: "faas.sandbox.memory",
    sets: "the memory of one sandbox",
    allowed: "32M-1T",
    advice: "Raise it, or the version’s memory, when runs end with oom.",
  },
  {
    key: "faas.sandbox.output-limit",
    sets: "how much one run may print",
    allowed: "1k-1G",
    advice: "Raise it when runs end with output_limit and their callers need all of it.",
  },
];

/** The key that governs how often a reason ends runs; undefined: no setting does. */
export function governorOfReason(reason: string): Governor | undefined {
  const key = {
    timeout: "faas.sandbox.timeout",
    oom: "faas.sandbox.memory",
    output_limit: "faas.sandbox.output-limit",
    queue_full: "faas.pool.queue",
    queue_timeout: "faas.pool.queue-timeout",
  }[reason];
  return GOVERNORS.find((governor) => governor.key === key);
}

/** The value in force, with what 0 stands for. */
export function shownValue(governor: Governor, setting: Setting): string {
  return setting.value === "0" && governor.zero !== undefined ? `0 (${governor.zero})` : setting.value;
}

/** The range as people read it: `1s-24h` is `1s to 24h`. */
export function shownRange(governor: Governor): string {
  return governor.allowed.replace("-", " to ");
}

/** Where the value is written, and what makes another one take effect. */
export function whereToChange(setting: Setting): string {
  const fromEnvironment = setting.origin.startsWith("the environment variable ");
  const written = setting.origin === "default" ? "It has its default" : `It is written in ${setting.origin}`;
  const file = setting.origin === "default" || fromEnvironment ? "in the file that FAAS_CONFIG names" : "there";
  return fromEnvironment
    ? `It is set by ${setting.origin}, which a running server keeps: change that, and start the server again.`
    : setting.reloads
      ? `${written}. Write it ${file}, then reload the settings: the running server takes it.`
      : `${written}. Write it ${file}: it takes effect at the server’s next start.`;
}

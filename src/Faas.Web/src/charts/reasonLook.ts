/** How a reason is drawn: a colour of the tokens and a pattern, so that the colour is never the only sign. */
export interface ReasonLook {
  readonly token: string;
  readonly pattern: Pattern;
}

export type Pattern = "full" | "up" | "down" | "dots" | "cross" | "lines" | "bars";

const looks: Record<string, ReasonLook> = {
  ok: { token: "good", pattern: "full" },
  error: { token: "bad", pattern: "full" },
  syntax: { token: "bad", pattern: "dots" },
  dependencies: { token: "bad", pattern: "dots" },
  exit: { token: "bad", pattern: "lines" },
  signal: { token: "bad", pattern: "bars" },
  oom: { token: "bad", pattern: "up" },
  sandbox: { token: "bad", pattern: "cross" },
  store: { token: "bad", pattern: "cross" },
  timeout: { token: "warn", pattern: "full" },
  output_limit: { token: "warn", pattern: "down" },
  queue_full: { token: "warn", pattern: "up" },
  queue_timeout: { token: "warn", pattern: "dots" },
  cancelled: { token: "line-strong", pattern: "full" },
  draining: { token: "line-strong", pattern: "up" },
  secret: { token: "line-strong", pattern: "dots" },
};

/** The look of a reason; of a word that a newer server has, one that says "something else". */
export const lookOf = (reason: string): ReasonLook =>
  Object.hasOwn(looks, reason) ? looks[reason]! : { token: "line-strong", pattern: "cross" };

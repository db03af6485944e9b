/** What the server answers when it does not do what it was asked (RFC 9457), and what a script that failed says. */
export interface Problem {
  readonly status: number;
  /** The phrase of the status. */
  readonly title: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** One word for programs: `syntax`, `timeout`, `key`, … */
  readonly reason: string;
  readonly callId?: string;
  readonly name?: string;
  readonly message?: string;
  readonly stack?: string;
  /** The source file that does not compile, of a script of several files. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly logs?: string;
  readonly stats?: Stats;
  /** Seconds after which another try may succeed. */
  readonly retryAfter?: number;
}

/** What a run cost. */
export interface Stats {
  readonly cpuSeconds: number;
  readonly maxRssBytes: number;
  readonly wallSeconds: number;
}

/** The status of a problem that the server did not answer with, because it did not answer. */
export const unreachable = 0;

/** A call that was not answered with success. Its message is for a person. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly problem: Problem;
  /** The headers of the answer; null: there was no answer. */
  readonly headers: Headers | null;

  constructor(problem: Problem, headers: Headers | null = null) {
    super(problem.detail);
    this.problem = problem;
    this.headers = headers;
  }
}

/** Reads an answer's body as a problem. What is no problem document, as of a proxy, becomes one. */
export function problemOf(status: number, phrase: string, body: string, retryAfter?: string | null): Problem {
  const wait = Number.parseInt(retryAfter ?? "", 10);
  const rest = Number.isNaN(wait) ? {} : { retryAfter: wait };
  try {
    const read: unknown = JSON.parse(body);
    if (isObject(read) && typeof read.detail === "string" && typeof read.reason === "string") {
      return { title: phrase, ...read, status, ...rest } as unknown as Problem;
    }
  } catch {
    // Not JSON: said below.
  }

  return { status, title: phrase, reason: "unknown", detail: `The server answered with ${status} ${phrase}`.trim() + ".", ...rest };
}

/** The same of a document that says its status itself. */
export function problemIn(body: string): Problem {
  const { status, title } = JSON.parse(body) as Problem;
  return problemOf(status, title, body);
}

/** Whether another try would be refused, too: 429 and 5xx pass, and so does a server that does not answer. */
export const isFinal = ({ status }: Problem): boolean => status >= 400 && status < 500 && status !== 408 && status !== 429;

/** The error for a call that got no answer. */
export const notReached = (): ApiError => new ApiError({
  status: unreachable, title: "No answer", reason: "unreachable", detail: "The server does not answer. Is it running?",
});

/** An error as a sentence for a person. */
export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

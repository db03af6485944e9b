import { key } from "./key.ts";
import { ApiError, notReached, problemOf } from "./problem.ts";
import { noteReached, noteUnreachable } from "./reachable.ts";
import { renewKey } from "./signIn.ts";

/** What a call may say beside its address. */
export interface CallOptions {
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The same as a text that is JSON already, in which numbers have all of their digits; it is sent in the place of `body`. */
  readonly json?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  /** Statuses beside 2xx that are no error, for example 304. */
  readonly allowed?: readonly number[];
}

/**
 * How long an answer to GET may take, in milliseconds: of a connection that was cut without a word, neither side hears anything. Other
 * calls wait without a limit, because runs may be long.
 */
const patience = 20_000;

/**
 * Sends a call with the user's key. Throws an ApiError for each answer that is no success, or an AbortError. A call that needs a key
 * asks the user for one and is sent again.
 */
export const call = (address: string, options: CallOptions = {}): Promise<Response> =>
  exchange(address, options, (response) => Promise.resolve(response));

/** A call whose answer is JSON. */
export const getJson = <T>(address: string, options: CallOptions = {}): Promise<T> =>
  exchange(address, options, (response) => response.json() as Promise<T>);

/** A call whose answer is text. */
export const getText = (address: string, options: CallOptions = {}): Promise<string> =>
  exchange(address, options, (response) => response.text());

async function exchange<T>(address: string, options: CallOptions, read: (response: Response) => Promise<T>): Promise<T> {
  for (;;) {
    const secret = key.peek();
    const response = await attempt(address, options, secret, read);
    if (!(response instanceof Refusal)) return response;
    const { problem, headers } = response;
    if (problem.status === 401 && (await renewKey(secret, problem.detail))) continue;
    throw new ApiError(problem, headers);
  }
}

/** An answer that is no success. */
class Refusal {
  readonly problem: ApiError["problem"];
  readonly headers: Headers;

  constructor(problem: ApiError["problem"], headers: Headers) {
    this.problem = problem;
    this.headers = headers;
  }
}

async function attempt<T>(
  address: string, options: CallOptions, secret: string, read: (response: Response) => Promise<T>,
): Promise<T | Refusal> {
  const body = options.json ?? (options.body === undefined ? null : JSON.stringify(options.body));
  const method = options.method ?? (body === null ? "GET" : "POST");
  const late = new AbortController();
  const timer = method === "GET" ? setTimeout(() => late.abort(), patience) : undefined;
  try {
    const response = await fetch(address, {
      method,
      headers: {
        ...(body === null ? {} : { "Content-Type": "application/json" }),
        ...(secret ? { "X-Api-Key": secret } : {}),
        ...options.headers,
      },
      body,
      signal: options.signal ? AbortSignal.any([options.signal, late.signal]) : late.signal,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
    }).catch((failed: unknown) => missing(failed, options));
    noteReached();
    if (response.ok || options.allowed?.includes(response.status)) return await read(response);
    const text = await response.text();
    return new Refusal(problemOf(response.status, response.statusText, text, response.headers.get("Retry-After")), response.headers);
  } catch (failed) {
    return late.signal.aborted ? missing(failed, options) : Promise.reject(failed);
  } finally {
    clearTimeout(timer);
  }
}

/** There was no answer, or no end of it; unless the caller has given up. */
function missing(failed: unknown, options: CallOptions): never {
  if (options.signal?.aborted || failed instanceof ApiError) throw failed;
  noteUnreachable();
  throw notReached();
}

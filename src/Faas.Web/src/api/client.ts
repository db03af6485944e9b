import { key } from "./key.ts";
import { ApiError, notReached, problemOf } from "./problem.ts";
import { noteReached, noteUnreachable } from "./reachable.ts";
import { renewKey } from "./signIn.ts";

/** What a call may say beside its address. */
export interface CallOptions {
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  /** Statuses beside 2xx that are no error, for example 304. */
  readonly allowed?: readonly number[];
}

/**
 * Sends a call with the user's key. Throws an ApiError for each answer that is no success, or an AbortError. A call that needs a key
 * asks the user for one and is sent again.
 */
export async function call(address: string, options: CallOptions = {}): Promise<Response> {
  for (;;) {
    const secret = key.peek();
    const response = await send(address, options, secret);
    if (response.ok || options.allowed?.includes(response.status)) return response;
    const problem = problemOf(response.status, response.statusText, await response.text(), response.headers.get("Retry-After"));
    if (response.status === 401 && (await renewKey(secret, problem.detail))) continue;
    throw new ApiError(problem, response.headers);
  }
}

/** A call whose answer is JSON. */
export async function getJson<T>(address: string, options?: CallOptions): Promise<T> {
  return (await (await call(address, options)).json()) as T;
}

/** A call whose answer is text. */
export async function getText(address: string, options?: CallOptions): Promise<string> {
  return (await call(address, options)).text();
}

async function send(address: string, options: CallOptions, secret: string): Promise<Response> {
  try {
    const response = await fetch(address, {
      method: options.method ?? (options.body === undefined ? "GET" : "POST"),
      headers: {
        ...(options.body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(secret ? { "X-Api-Key": secret } : {}),
        ...options.headers,
      },
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
    });
    noteReached();
    return response;
  } catch (failed) {
    if (options.signal?.aborted) throw failed;
    noteUnreachable();
    throw notReached();
  }
}

import { call } from "../api/client.ts";
import { ApiError } from "../api/problem.ts";
import { api } from "./routes.ts";
import type { Alias } from "./script.ts";

/** An alias as it is, with the entity tag of that state. */
export interface AliasState {
  readonly alias: Alias;
  readonly tag: string;
}

/** The address of an alias in the API. */
export const addressOfAlias = (path: string, name: string): string => api(path, `/aliases/${encodeURIComponent(name)}`);

/** Reads an alias; null: there is none of that name any more. */
export async function readAlias(path: string, name: string, signal?: AbortSignal): Promise<AliasState | null> {
  try {
    const response = await call(addressOfAlias(path, name), signal ? { signal } : {});
    return { alias: (await response.json()) as Alias, tag: response.headers.get("ETag") ?? "*" };
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 404) return null;
    throw error;
  }
}

/** Whether a change was refused because someone else was quicker. */
export const isStale = (error: unknown): boolean => error instanceof ApiError && error.problem.status === 412;

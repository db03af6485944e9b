import { signal } from "@preact/signals";

const name = "faas.key";

/** The key that calls are sent with; empty: none. It is kept until the tab is closed, and is never part of an address. */
export const key = signal(sessionStorage.getItem(name) ?? "");

/** Keeps a key for the calls that follow; an empty text forgets it. */
export function keepKey(secret: string): void {
  key.value = secret;
  if (secret) sessionStorage.setItem(name, secret);
  else sessionStorage.removeItem(name);
}

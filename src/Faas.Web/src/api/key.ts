import { signal } from "@preact/signals";

const name = "faas.key";

/** The key that calls are sent with; empty: none. It is kept until the tab is closed, and is never part of an address. */
export const key = signal(sessionStorage.getItem(name) ?? "");

/** Grows when the user signs out. All that was read before is then forgotten: views begin anew, and what outlives them listens. */
export const session = signal(0);

/** Forgets the key and all that was read with it. */
export function endSession(): void {
  keepKey("");
  session.value++;
}

/** Keeps a key for the calls that follow; an empty text forgets it. */
export function keepKey(secret: string): void {
  key.value = secret;
  if (secret) sessionStorage.setItem(name, secret);
  else sessionStorage.removeItem(name);
}

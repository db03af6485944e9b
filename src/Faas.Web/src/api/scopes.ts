import { effect, signal } from "@preact/signals";
import { getJson } from "./client.ts";
import { key } from "./key.ts";
import { lackingIn, type Needs, type OwnKey } from "./ownKey.ts";
import { isReachable } from "./reachable.ts";

/** What the page's key may do; null: not known, or the page has no key. Then nothing is kept from the user, and the server decides. */
const own = signal<OwnKey | null>(null);

/** Why the page's key may not do what needs these scopes, as the server would say it; null: it may. */
export const lacking = (needs: Needs): string | null => lackingIn(own.value, needs);

/** The name of the page's key; undefined: it is not known, or the page has no key. */
export const keyName = (): string | undefined => own.value?.name;

/** Asks the server what the page's key may do, whenever the key is another one or the server has come back. */
export function watchScopes(): void {
  effect(() => {
    const secret = key.value;
    if (!isReachable.value) return;
    own.value = null;
    if (secret === "") return;
    getJson<OwnKey>("/api/v1/key").then(
      (answer) => {
        if (key.peek() === secret) own.value = answer;
      },
      () => undefined, // Not known: the server decides at each call.
    );
  });
}

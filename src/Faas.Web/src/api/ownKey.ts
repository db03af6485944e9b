/** What a key may open (docs/keys.md). */
export type Scope = "invoke" | "execute" | "write" | "read" | "runs" | "metrics" | "admin";

/** The answer of GET /api/v1/key. */
export interface OwnKey {
  readonly name?: string;
  readonly scopes: readonly string[];
}

/** The scopes without which the server would refuse something: none, one, or several that are all needed. */
export type Needs = Scope | readonly Scope[] | undefined;

/** Why a key may not do what needs these scopes, as the server would say it; null: it may, or the key is not known. */
export function lackingIn(known: OwnKey | null, needs: Needs): string | null {
  if (!known || known.scopes.includes("admin")) return null;
  const missing = [needs ?? []].flat().find((scope) => !known.scopes.includes(scope));
  return missing === undefined ? null : `The key "${known.name}" lacks the scope "${missing}".`;
}

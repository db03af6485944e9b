/** What a key may open (docs/keys.md). */
export type Scope = "invoke" | "execute" | "write" | "read" | "runs" | "metrics" | "admin";

/** The answer of GET /api/v1/key. */
export interface OwnKey {
  readonly name?: string;
  readonly scopes: readonly string[];
}

/** Why a key may not do what needs this scope, as the server would say it; null: it may, or the key is not known. */
export function lackingIn(known: OwnKey | null, scope: Scope | undefined): string | null {
  if (!known || !scope || known.scopes.includes("admin") || known.scopes.includes(scope)) return null;
  return `The key "${known.name}" lacks the scope "${scope}".`;
}

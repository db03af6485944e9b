import type { Sandbox } from "./protocol.ts";

/** The short name of an image: `node` is what runs JavaScript and TypeScript. */
export const imageText = (image: string): string => image.replace(/^node(?![a-z\d-])/, "JS").replace(/^python(?![a-z\d-])/, "PY");

/** What a sandbox is bound to, for a person; null: nothing. */
export function bindingOf({ path, version }: Sandbox): string | null {
  return path === undefined ? null : version === undefined ? path : `${path} @ ${version}`;
}

/** Whether two sandboxes serve the same thing. */
export const isSameBinding = (one: Sandbox | undefined, other: Sandbox): boolean =>
  one?.path !== undefined && one.path === other.path && one.version === other.version;

/** A cell for those who cannot see it: `node-12, busy, math/add @ 1739000000, 25 MiB`. */
export const cellLabel = (sandbox: Sandbox, memory: string): string =>
  [sandbox.name, sandbox.state, bindingOf(sandbox) ?? "bound to nothing", memory].join(", ");

/** A path in a small place: its end says more than its begin. `…/orders/total` */
export function tailOf(path: string, most: number): string {
  if (path.length <= most) return path;
  const cut = path.slice(path.length - most + 1);
  const slash = cut.indexOf("/");
  return `…${slash < 0 ? cut : cut.slice(slash)}`;
}

import { bindingOf } from "./binding.ts";
import type { Sandbox } from "./protocol.ts";

/** Something that sandboxes are bound to, and what they are and hold together. */
export interface BindingLine {
  /** `math/add @ 1739000000` */
  readonly binding: string;
  /** The names of the sandboxes, in the order of the pool. */
  readonly sandboxes: readonly string[];
  readonly busy: number;
  readonly idle: number;
  readonly memoryBytes: number;
}

/** What the sandboxes of a pool are bound to: what has most of them comes first. Those that are bound to nothing are left out. */
export function bindingsOf(sandboxes: Iterable<Sandbox>): readonly BindingLine[] {
  const lines = new Map<string, BindingLine>();
  for (const sandbox of sandboxes) {
    const binding = bindingOf(sandbox);
    if (binding === null) continue;
    const line = lines.get(binding) ?? { binding, sandboxes: [], busy: 0, idle: 0, memoryBytes: 0 };
    lines.set(binding, {
      binding,
      sandboxes: [...line.sandboxes, sandbox.name],
      busy: line.busy + (sandbox.state === "busy" ? 1 : 0),
      idle: line.idle + (sandbox.state === "idle" ? 1 : 0),
      memoryBytes: line.memoryBytes + sandbox.memoryBytes,
    });
  }

  return [...lines.values()].sort((a, b) => b.sandboxes.length - a.sandboxes.length || (a.binding < b.binding ? -1 : 1));
}

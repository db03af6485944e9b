import { useMemo, useState } from "preact/hooks";
import { bytes, count, plural } from "../charts/units.ts";
import { Button } from "../controls/Button.tsx";
import { Table } from "../controls/Table.tsx";
import { bindingsOf, type BindingLine } from "./bindings.ts";
import type { PoolState } from "./poolState.ts";

/** Lines that are shown at a time. */
const page = 20;

interface Props {
  readonly pool: PoolState;
  /** A text that a line must have. */
  readonly wanted: string;
  readonly selected: string | null;
  readonly onSelect: (name: string) => void;
}

/** What the sandboxes are bound to, as a list: the cells of a large pool have no room for it. */
export function Bindings({ pool, wanted, selected, onSelect }: Props) {
  const [most, setMost] = useState(page);
  const all = useMemo(() => bindingsOf(pool.sandboxes.values()), [pool.sandboxes]);
  const text = wanted.trim().toLowerCase();
  const found = all.filter(({ binding }) => binding.toLowerCase().includes(text));
  if (all.length === 0) return null;
  return (
    <div class="bindings">
      <h3>
        Bound to <span class="muted">{plural(all.length, "version")}</span>
      </h3>
      {found.length === 0 ? (
        <p class="muted">No sandbox is bound to such a script.</p>
      ) : (
        <Table<BindingLine>
          label="What the sandboxes are bound to"
          rows={found}
          most={most}
          keyOf={({ binding }) => binding}
          columns={[
            {
              id: "binding",
              title: "Script and version",
              sortBy: ({ binding }) => binding,
              cell: ({ binding, sandboxes }) => (
                <button
                  type="button"
                  class="link mono"
                  aria-pressed={selected !== null && sandboxes.includes(selected)}
                  title="Mark its sandboxes"
                  onClick={() => onSelect(sandboxes[0]!)}
                >
                  {binding}
                </button>
              ),
            },
            { id: "sandboxes", title: "Sandboxes", isNumber: true, sortBy: (line) => line.sandboxes.length, cell: (line) => count(line.sandboxes.length) },
            { id: "busy", title: "Busy", isNumber: true, sortBy: ({ busy }) => busy, cell: ({ busy }) => count(busy) },
            { id: "idle", title: "Idle", isNumber: true, sortBy: ({ idle }) => idle, cell: ({ idle }) => count(idle) },
            { id: "memory", title: "Memory", isNumber: true, sortBy: (line) => line.memoryBytes, cell: (line) => bytes(line.memoryBytes) },
          ]}
        />
      )}
      {most < found.length && (
        <div>
          <Button onClick={() => setMost(most + 5 * page)}>Show more of {count(found.length)}</Button>
        </div>
      )}
    </div>
  );
}

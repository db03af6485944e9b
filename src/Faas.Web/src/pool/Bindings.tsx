import { useMemo, useState } from "preact/hooks";
import { bytes, count, plural } from "../charts/units.ts";
import { Button } from "../controls/Button.tsx";
import { Table, type Column } from "../controls/Table.tsx";
import { bindingsOf, type BindingLine } from "./bindings.ts";
import type { PoolState } from "./poolState.ts";

/** Lines that are shown at a time. */
const page = 20;

interface Props {
  readonly pool: PoolState;
  /** A text that a line must have. */
  readonly wanted: string;
  readonly isDense: boolean;
  readonly selected: string | null;
  readonly onSelect: (name: string) => void;
}

/** What the sandboxes are bound to, as a list, which is open while the cells are small: they have no room for it. */
export function Bindings({ pool, wanted, isDense, selected, onSelect }: Props) {
  const [most, setMost] = useState(page);
  const all = useMemo(() => bindingsOf(pool.sandboxes.values()), [pool.sandboxes]);
  const text = wanted.trim().toLowerCase();
  const found = all.filter(({ binding }) => binding.toLowerCase().includes(text));
  if (all.length === 0) return null;
  return (
    <details class="bindings" open={isDense}>
      <summary>
        Bound to <span class="muted">{plural(all.length, "version")}</span>
      </summary>
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
            numbers("sandboxes", "Sandboxes", (line) => line.sandboxes.length),
            numbers("busy", "Busy", (line) => line.busy),
            numbers("idle", "Idle", (line) => line.idle),
            numbers("memory", "Memory", (line) => line.memoryBytes, bytes),
          ]}
        />
      )}
      {most < found.length && (
        <div>
          <Button onClick={() => setMost(most + 5 * page)}>Show more of {count(found.length)}</Button>
        </div>
      )}
    </details>
  );
}

const numbers = (id: string, title: string, of: (line: BindingLine) => number, show = count): Column<BindingLine> => ({
  id, title, isNumber: true, sortBy: of, cell: (line) => show(of(line)),
});

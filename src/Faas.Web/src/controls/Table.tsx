import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";

/** A column of a table. */
export interface Column<T> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: T) => ComponentChildren;
  readonly isNumber?: boolean;
  /** Rows can be sorted by it. */
  readonly sortBy?: (row: T) => string | number;
}

interface Props<T> {
  /** What the table shows, for those who cannot see it. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T, index: number) => string | number;
  /** How many rows are shown, the first ones in the order that was chosen; without it all. */
  readonly most?: number;
}

/**
 * A table with a head that stays, which scrolls in itself and sorts by a click on a head. It says its roles, because browsers forget them
 * where a style draws the rows as blocks.
 */
export function Table<T>({ label, columns, rows, keyOf, most }: Props<T>) {
  const [sort, setSort] = useState<{ id: string; isUp: boolean } | null>(null);
  const by = columns.find((column) => column.id === sort?.id)?.sortBy;
  const sorted = useMemo(() => (by && sort ? sortedBy(rows, by, sort.isUp) : rows), [rows, by, sort]);
  const shown = sorted.slice(0, most);
  const order = (id: string) => (sort?.id !== id ? "none" : sort.isUp ? "ascending" : "descending");
  return (
    <div class="table-box" role="region" aria-label={label} tabIndex={0}>
      <table class="table" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ id, title, isNumber, sortBy }) => (
              <th key={id} scope="col" role="columnheader" class={isNumber ? "is-number" : ""} aria-sort={sortBy ? order(id) : undefined}>
                {sortBy ? (
                  <button type="button" class="table-sort" onClick={() => setSort({ id, isUp: !(sort?.id === id && sort.isUp) })}>
                    {title}
                    {sort?.id === id && <span aria-hidden="true">{sort.isUp ? "↑" : "↓"}</span>}
                  </button>
                ) : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {shown.map((row, index) => (
            <tr key={keyOf(row, index)} role="row">
              {columns.map((column) => (
                <td key={column.id} role="cell" class={column.isNumber ? "is-number" : ""}>{column.cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function sortedBy<T>(rows: readonly T[], by: (row: T) => string | number, isUp: boolean): T[] {
  const keyed = rows.map((row) => ({ row, key: by(row) }));
  return keyed.sort((a, b) => compare(a.key, b.key) * (isUp ? 1 : -1)).map(({ row }) => row);
}

const compare = (a: string | number, b: string | number) =>
  typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));

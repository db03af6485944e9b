import { useState } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { Table } from "../controls/Table.tsx";
import { shortened } from "./lines.ts";

/** Rows that are shown at a time. */
const page = 500;

type Row = Readonly<Record<string, unknown>>;

interface Props {
  readonly records: readonly Row[];
  readonly columns: readonly string[];
}

/** An array of records as a table. */
export function Records({ records, columns }: Props) {
  const [shown, setShown] = useState(page);
  return (
    <>
      <Table<Row> label="Records" rows={records} most={shown} keyOf={(_, index) => index} columns={columns.map((column) => ({
        id: column,
        title: column,
        isNumber: records.every((record) => ["number", "undefined"].includes(typeof valueOf(record, column))),
        cell: (record) => shortened(textOf(valueOf(record, column))),
        sortBy: (record) => sortOf(valueOf(record, column)),
      }))} />
      {shown < records.length && <Button onClick={() => setShown(shown + page)}>Show more of {records.length} rows</Button>}
    </>
  );
}

// A record's own: every object has a `constructor` that is none.
const valueOf = (record: Row, column: string): unknown => (Object.hasOwn(record, column) ? record[column] : undefined);

const sortOf = (value: unknown): string | number => (typeof value === "number" ? value : textOf(value));

const textOf = (value: unknown): string => (value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value));

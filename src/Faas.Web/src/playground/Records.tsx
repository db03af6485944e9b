import { useState } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { Table } from "../controls/Table.tsx";

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
      <Table<Row> label="Records" rows={records.slice(0, shown)} keyOf={(_, index) => index} columns={columns.map((column) => ({
        id: column,
        title: column,
        isNumber: records.every((record) => record[column] === undefined || typeof record[column] === "number"),
        cell: (record) => textOf(record[column]),
        sortBy: (record) => (typeof record[column] === "number" ? record[column] : textOf(record[column])),
      }))} />
      {shown < records.length && <Button onClick={() => setShown(shown + page)}>Show more of {records.length} rows</Button>}
    </>
  );
}

const textOf = (value: unknown): string => (value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value));

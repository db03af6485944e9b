import { useMemo, useState } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { Table } from "../controls/Table.tsx";
import type { Json } from "./json.ts";
import { shortened } from "./lines.ts";
import type { Row } from "./value.ts";

/** Rows that are shown at a time. */
const page = 500;

interface Props {
  readonly records: readonly Row[];
  readonly columns: readonly string[];
}

/** An array of records as a table. */
export function Records({ records, columns }: Props) {
  const [shown, setShown] = useState(page);
  const described = useMemo(() => columns.map((column) => ({
    id: column,
    title: shortened(column, mostOfTitle),
    isNumber: records.every((record) => ["number", undefined].includes(record.get(column)?.kind)),
    cell: (record: Row) => shortened(textOf(record.get(column))),
    sortBy: (record: Row) => sortOf(record.get(column)),
  })), [records, columns]);
  return (
    <>
      <Table<Row> label="Records" rows={records} most={shown} keyOf={(_, index) => index} columns={described} />
      {shown < records.length && <Button onClick={() => setShown(shown + page)}>Show more of {records.length} rows</Button>}
    </>
  );
}

/** Characters of a column's name that are drawn. */
const mostOfTitle = 100;

const sortOf = (value: Json | undefined): string | number => (value?.kind === "number" ? Number(value.text) : textOf(value));

const textOf = (value: Json | undefined): string => (value === undefined ? "" : value.kind === "string" ? value.string : value.text);

import { useMemo, useState } from "preact/hooks";
import { count } from "../charts/units.ts";
import { Icon } from "../controls/Icon.tsx";
import type { Json } from "./json.ts";
import { shortened } from "./lines.ts";
import { LongText } from "./LongText.tsx";
import { after, before, isBranch, mostRows, openAtFirst, rowsOf, spanOf, type Span, type TreeRow } from "./treeRows.ts";

/** From this level on a row says its level: the indent ends where it would leave no room for names. */
const levelsSeen = 8;

/** Characters of a name that are drawn. */
const mostOfName = 200;

/** A JSON value whose objects and arrays open and close. */
export function Tree({ value }: { readonly value: Json }) {
  const [open, setOpen] = useState(() => openAtFirst(value));
  const rows = useMemo(() => rowsOf(value, open), [value, open]);
  const set = (branch: Json, span: Span | undefined) => {
    const next = new Map(open);
    if (span) next.set(branch, span);
    else next.delete(branch);
    setOpen(next);
  };
  return <ul class="json mono">{rows.map((row) => <Row key={keyOf(row)} row={row} onOpen={set} />)}</ul>;
}

const keyOf = (row: TreeRow) => (row.kind === "end" ? "end" : row.kind === "value" ? row.value.from : `${row.kind} ${row.branch.from}`);

function Row({ row, onOpen }: { readonly row: TreeRow; readonly onOpen: (branch: Json, span: Span | undefined) => void }) {
  if (row.kind === "end") return <li class="json-note muted">{count(mostRows)} rows are shown. Close some to see those that follow.</li>;
  const { kind, level } = row;
  return (
    <li class="json-item" aria-level={level + 1} style={{ "--level": level }}>
      <span class="json-indent" aria-hidden="true" />
      {level > levelsSeen && <span class="json-level" title={`Level ${level}`}>{level}</span>}
      {kind === "value"
        ? isBranch(row.value)
          ? <Branch row={row} onToggle={() => onOpen(row.value, row.isOpen ? undefined : spanOf(row.value))} />
          : <span class="json-row"><Name name={row.name} /><Leaf value={row.value} /></span>
        : (
          <button type="button" class="json-more"
            onClick={() => onOpen(row.branch, kind === "more" ? after(row.span, row.branch.items.length) : before(row.span))}>
            {kind === "more" ? "Show more" : "Show those before"} ({count(row.branch.items.length)} in all)
          </button>
        )}
    </li>
  );
}

type ValueRow = Extract<TreeRow, { kind: "value" }>;

function Branch({ row: { value, name, isOpen }, onToggle }: { readonly row: ValueRow; readonly onToggle: () => void }) {
  const size = value.items.length;
  return (
    <button type="button" class="json-row json-toggle" aria-expanded={isOpen} onClick={onToggle}>
      <Icon name={isOpen ? "down" : "right"} />
      <Name name={name} />
      <span class="muted">{value.kind === "array" ? `[ ${size} ]` : `{ ${size} }`}</span>
    </button>
  );
}

const Name = ({ name }: { readonly name: string | undefined }) =>
  (name === undefined ? null : <span class="json-name">{shortened(name, mostOfName)}<span class="muted">: </span></span>);

// A string is drawn as its characters, not as they were escaped; everything else as it is written.
function Leaf({ value }: { readonly value: Json }) {
  const { kind, text } = value;
  if (kind !== "string") return <LongText class={`json-${kind}`} text={text} show={(part) => part} />;
  return <LongText class="json-string" text={value.string} show={(part) => JSON.stringify(part)} />;
}

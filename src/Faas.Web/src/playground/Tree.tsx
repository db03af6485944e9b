import { useState } from "preact/hooks";
import { Icon } from "../controls/Icon.tsx";
import { isRecord } from "./value.ts";

/** Members that are shown at a time. */
const page = 100;

/** Levels that are open at first. */
const openLevels = 2;

/** A JSON value whose objects and arrays open and close. */
export function Tree({ value }: { readonly value: unknown }) {
  return <div class="tree mono"><Node value={value} depth={0} /></div>;
}

interface NodeProps {
  readonly name?: string;
  readonly value: unknown;
  readonly depth: number;
}

function Node({ name, value, depth }: NodeProps) {
  const members = Array.isArray(value) ? value : isRecord(value) ? Object.keys(value) : null;
  return members && members.length > 0
    ? <Branch name={name} value={value as object} depth={depth} />
    : <div class="tree-row"><Name name={name} /><Leaf value={value} /></div>;
}

function Branch({ name, value, depth }: { readonly name: string | undefined; readonly value: object; readonly depth: number }) {
  const [isOpen, setOpen] = useState(depth < openLevels);
  const [shown, setShown] = useState(page);
  const isArray = Array.isArray(value);
  const names = isArray ? null : Object.keys(value);
  const count = names?.length ?? (value as unknown[]).length;
  const summary = isArray ? `[ ${count} ]` : `{ ${count} }`;
  return (
    <div class="tree-branch">
      <button type="button" class="tree-row tree-toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name={isOpen ? "down" : "right"} />
        <Name name={name} />
        <span class="muted">{summary}</span>
      </button>
      {isOpen && (
        <ul class="tree-members">
          {Array.from({ length: Math.min(shown, count) }, (_, at) => {
            const member = names?.[at] ?? String(at);
            return <li key={member}><Node name={member} value={(value as Record<string, unknown>)[member]} depth={depth + 1} /></li>;
          })}
          {shown < count && (
            <li><button type="button" class="tree-more" onClick={() => setShown(shown + 10 * page)}>Show more of {count}</button></li>
          )}
        </ul>
      )}
    </div>
  );
}

const Name = ({ name }: { readonly name: string | undefined }) =>
  (name === undefined ? null : <span class="tree-name">{name}<span class="muted">: </span></span>);

function Leaf({ value }: { readonly value: unknown }) {
  const kind = value === null ? "null" : typeof value;
  return <span class={`tree-${kind}`}>{JSON.stringify(value)}</span>;
}

import { useEffect, useRef, useState } from "preact/hooks";
import { bytes } from "../charts/units.ts";
import { cellLabel, isSameBinding } from "./binding.ts";
import { Cell } from "./Cell.tsx";
import { move } from "./gridMoves.ts";
import type { PoolState } from "./poolState.ts";
import { Tip } from "./Tip.tsx";

/** Up to this many places the cells have room for words. */
export const mostWide = 48;

interface Props {
  readonly pool: PoolState;
  readonly selected: string | null;
  readonly onSelect: (name: string | null) => void;
  /** A text that the script of a cell must have; the others are faint. */
  readonly wanted: string;
  readonly isDense: boolean;
}

/** Every sandbox as a cell (ARIA APG, "Listbox": arrow keys, Home and End; the selection follows the focus). */
export function Grid({ pool, selected, onSelect, wanted, isDense }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const chosen = selected === null ? undefined : pool.sandboxes.get(selected);
  const text = wanted.trim().toLowerCase();
  const first = pool.slots.find((name) => name !== null);
  const stop = chosen?.name ?? first;

  // A cell that the focus was on has gone: the focus goes to the cell that the Tab key leads to, not to the page's begin.
  const had = useRef(false);
  useEffect(() => {
    if (had.current && document.activeElement === document.body) cellOf(list.current, stop)?.focus();
  }, [pool.slots]);

  // Small cells say what they are bound to beside the pointer, or beside the focus.
  const [tip, setTip] = useState<HTMLElement | null>(null);
  const tipped = isDense ? pool.sandboxes.get(tip?.dataset["name"] ?? "") : undefined;
  const showTip = ({ target }: Event) => setTip((target as HTMLElement).closest<HTMLElement>("[data-name]"));
  const hideTip = () => setTip(null);
  useEffect(() => {
    if (!tip) return;
    addEventListener("scroll", hideTip, true);
    return () => removeEventListener("scroll", hideTip, true);
  }, [tip]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") hideTip();
    if (event.key === "Escape" && selected !== null) return onSelect(null);
    const from = pool.slots.indexOf((event.target as HTMLElement).dataset["name"] ?? "");
    const columns = columnsOf(list.current!);
    const to = move(
      event.key,
      from,
      columns,
      pool.slots.map((name) => name !== null),
    );
    if (to === null) return;
    event.preventDefault();
    const name = pool.slots[to]!;
    onSelect(name);
    cellOf(list.current, name)?.focus();
  };

  return (
    <div
      ref={list}
      class={`cells ${isDense ? "cells-dense" : ""}`}
      role="listbox"
      aria-label="Sandboxes"
      onKeyDown={onKeyDown}
      onMouseOver={showTip}
      onMouseLeave={hideTip}
      onFocusCapture={(event) => {
        had.current = true;
        showTip(event);
      }}
      onBlurCapture={(event) => {
        had.current = event.relatedTarget === null && !event.currentTarget.contains(event.target as Node);
        hideTip();
      }}
    >
      {tipped && <Tip text={cellLabel(tipped, bytes(tipped.memoryBytes))} cell={tip!} />}
      {pool.slots.map((name, place) => {
        const sandbox = name === null ? undefined : pool.sandboxes.get(name);
        return sandbox === undefined ? (
          <div key={`free-${place}`} class="cell cell-free" role="presentation" />
        ) : (
          <Cell
            key={sandbox.name}
            id={`cell-${sandbox.name}`}
            sandbox={sandbox}
            isSelected={sandbox.name === selected}
            isKin={isSameBinding(chosen, sandbox)}
            isFaint={text !== "" && !(sandbox.path ?? "").toLowerCase().includes(text)}
            isDense={isDense}
            isTabStop={sandbox.name === stop}
            onSelect={onSelect}
          />
        );
      })}
    </div>
  );
}

const columnsOf = (list: HTMLElement) => getComputedStyle(list).gridTemplateColumns.split(" ").length;

const cellOf = (list: HTMLElement | null, name: string | null | undefined) =>
  list?.querySelector<HTMLElement>(`[data-name="${CSS.escape(name ?? "")}"]`);

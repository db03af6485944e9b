import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ScriptActivity } from "../charts/activity.ts";
import { Spark } from "../charts/Spark.tsx";
import { count, plural } from "../charts/units.ts";
import { Icon } from "../controls/Icon.tsx";
import { shownRows } from "../controls/shownRows.ts";
import { languageText } from "./languageText.ts";
import { parentOf, rows, tree, type Row, type ScriptLine } from "./pathTree.ts";

const rowHeight = 30;

interface Props {
  readonly scripts: readonly ScriptLine[];
  readonly open: ReadonlySet<string>;
  readonly onOpen: (id: string, isOpen: boolean) => void;
  /** Whether every folder is open, as while a filter is typed. */
  readonly isAllOpen: boolean;
  readonly selected: string | undefined;
  readonly onSelect: (path: string) => void;
  readonly activity: ReadonlyMap<string, ScriptActivity>;
}

/** The scripts as a tree (ARIA APG, "Tree View"), of which only the rows in sight are drawn. */
export function Tree({ scripts, open, onOpen, isAllOpen, selected, onSelect, activity }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 600 });
  const top = useMemo(() => tree(scripts), [scripts]);
  const all = useMemo(() => rows(top, (id) => isAllOpen || open.has(id)), [top, open, isAllOpen]);
  const [active, setActive] = useState<string | undefined>(selected);
  const at = Math.max(
    0,
    all.findIndex((row) => row.id === active),
  );
  const { first, last } = shownRows(seen.top, seen.height, rowHeight, all.length);

  useLayoutEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => setSeen({ top: element.scrollTop, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    setActive(selected);
    if (selected !== undefined) show(all.findIndex((row) => row.id === selected));
  }, [selected]);

  const show = (index: number) => {
    const element = box.current;
    if (!element || index < 0) return;
    if (index * rowHeight < element.scrollTop) element.scrollTop = index * rowHeight;
    else if ((index + 1) * rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = (index + 1) * rowHeight - element.clientHeight;
  };
  const go = (index: number) => {
    const row = all[index];
    if (!row) return;
    setActive(row.id);
    show(index);
  };
  const press = (row: Row | undefined) => {
    if (!row) return;
    if (row.script) onSelect(row.script.path);
    else onOpen(row.id, !row.open);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = all[at];
    switch (event.key) {
      case "ArrowDown":
        go(at + 1);
        break;
      case "ArrowUp":
        go(at - 1);
        break;
      case "PageDown":
        go(Math.min(all.length - 1, at + 15));
        break;
      case "PageUp":
        go(Math.max(0, at - 15));
        break;
      case "Home":
        go(0);
        break;
      case "End":
        go(all.length - 1);
        break;
      case "Enter":
      case " ":
        press(row);
        break;
      case "ArrowRight":
        if (row && !row.script && !row.open) onOpen(row.id, true);
        else if (row?.open) go(at + 1);
        break;
      case "ArrowLeft":
        if (row?.open && !isAllOpen) onOpen(row.id, false);
        else go(parentOf(all, at));
        break;
      default:
        return;
    }

    event.preventDefault();
  };
  const idOf = (index: number) => `script-row-${index}`;

  return (
    <div
      ref={box}
      class="tree"
      role="tree"
      aria-label="Scripts"
      tabIndex={0}
      aria-activedescendant={all[at] && at >= first && at < last ? idOf(at) : undefined}
      onKeyDown={onKeyDown}
      onScroll={(event) => setSeen({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
    >
      <div class="tree-all" role="none" style={{ height: `${all.length * rowHeight}px` }}>
        <div role="none" style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {all.slice(first, last).map((row, index) => (
            <TreeRow
              key={row.id}
              id={idOf(first + index)}
              row={row}
              isActive={first + index === at}
              isSelected={row.id === selected}
              activity={row.script && activity.get(row.script.path)}
              onPress={() => {
                setActive(row.id);
                press(row);
              }}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly id: string;
  readonly row: Row;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly activity: ScriptActivity | undefined;
  readonly onPress: () => void;
}

function TreeRow({ id, row, isActive, isSelected, activity, onPress }: RowProps) {
  return (
    <div
      id={id}
      class={`tree-row ${isActive ? "is-active" : ""}`}
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={row.open}
      aria-selected={isSelected}
      style={{ paddingLeft: `${8 + (row.level - 1) * 16}px`, height: `${rowHeight}px` }}
      onClick={onPress}
    >
      {row.script ? <span class="tree-language">{languageText(row.script.language)}</span> : <Icon name={row.open ? "down" : "right"} />}
      <span class="grow ellipsis" title={row.id}>
        {row.name}
        {!row.script && "/"}
      </span>
      {row.total !== undefined && (
        <span class="muted number">
          <span class="unseen">{plural(row.total, "script")}</span>
          <span aria-hidden="true">{count(row.total)}</span>
        </span>
      )}
      {activity && activity.runs > 0 && (
        <Spark values={activity.series.runs} width={44} height={16} label={`${plural(activity.runs, "call")} in the last hour`} />
      )}
    </div>
  );
}

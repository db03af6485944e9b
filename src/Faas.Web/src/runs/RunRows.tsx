import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { bytes, clockOrDay, duration } from "../charts/units.ts";
import { shownRows } from "../controls/shownRows.ts";
import { isUnderWay, outcomeOf, toneOf, type Run } from "./run.ts";

const rowHeight = 34;

interface Props {
  readonly runs: readonly Run[];
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
  /** The server's time in milliseconds. */
  readonly now: number;
}

/** The runs as rows, of which only those in sight are drawn (ARIA APG, "Listbox"; the selection follows the focus). */
export function RunRows({ runs, selected, onSelect, now }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 600 });
  const at = runs.findIndex((run) => run.id === selected);
  const { first, last } = shownRows(seen.top, seen.height, rowHeight, runs.length);

  useLayoutEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => setSeen({ top: element.scrollTop, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // Runs that come are put above: what a person reads further down stays where it is.
  const anchor = useRef<{ id: string | undefined; index: number }>({ id: undefined, index: 0 });
  useLayoutEffect(() => {
    const element = box.current!;
    const { id, index } = anchor.current;
    if (id !== undefined && element.scrollTop > 0) {
      const moved = runs.findIndex((run) => run.id === id);
      if (moved > index) element.scrollTop += (moved - index) * rowHeight;
    }

    const top = Math.floor(element.scrollTop / rowHeight);
    anchor.current = { id: runs[top]?.id, index: top };
  }, [runs]);

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: Math.max(0, at - 1),
      PageDown: at + 15,
      PageUp: Math.max(0, at - 15),
      Home: 0,
      End: runs.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || runs.length === 0) return;
    event.preventDefault();
    const index = Math.min(runs.length - 1, Math.max(0, to));
    onSelect(runs[index]!.id);
    const element = box.current!;
    if (index * rowHeight < element.scrollTop) element.scrollTop = index * rowHeight;
    else if ((index + 1) * rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = (index + 1) * rowHeight - element.clientHeight;
  };
  const onScroll = (event: { readonly currentTarget: HTMLElement }) => {
    const { scrollTop, clientHeight } = event.currentTarget;
    setSeen({ top: scrollTop, height: clientHeight });
    const top = Math.floor(scrollTop / rowHeight);
    anchor.current = { id: runs[top]?.id, index: top };
  };

  return (
    <div class="run-table">
      <div class="run-row run-head" aria-hidden="true">
        <span>Outcome</span>
        <span>Script</span>
        <span class="wide">Received</span>
        <span class="wide rare">Start</span>
        <span class="is-number wide">Wait</span>
        <span class="is-number">Run</span>
        <span class="is-number wide rare">CPU</span>
        <span class="is-number wide rare">Memory</span>
      </div>
      <div
        ref={box}
        class="run-rows"
        role="listbox"
        aria-label="Runs"
        tabIndex={0}
        aria-activedescendant={at >= first && at < last ? `run-${at}` : undefined}
        onKeyDown={onKeyDown}
        onScroll={onScroll}
      >
        <div role="none" class="run-all" style={{ height: `${runs.length * rowHeight}px` }}>
          <div role="none" style={{ transform: `translateY(${first * rowHeight}px)` }}>
            {runs.slice(first, last).map((run, index) => (
              <Row
                key={run.id}
                id={`run-${first + index}`}
                run={run}
                isSelected={run.id === selected}
                position={first + index + 1}
                size={runs.length}
                onSelect={onSelect}
                now={now}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly id: string;
  readonly run: Run;
  readonly isSelected: boolean;
  readonly position: number;
  readonly size: number;
  readonly onSelect: (id: string) => void;
  readonly now: number;
}

function Row({ id, run, isSelected, position, size, onSelect, now }: RowProps) {
  const since = run.started ?? run.queued ?? run.received;
  const runs = run.runSeconds ?? (isUnderWay(run) && run.started ? Math.max(0, (now - Date.parse(since)) / 1000) : undefined);
  return (
    <div
      id={id}
      class="run-row"
      role="option"
      aria-selected={isSelected}
      aria-posinset={position}
      aria-setsize={size}
      data-id={run.id}
      onClick={() => onSelect(run.id)}
    >
      <span class="ellipsis">
        <OutcomeSign run={run} />
        {run.dead && (
          <span class="run-dead">
            dead<span class="unseen"> letter</span>
          </span>
        )}
      </span>
      <span class="ellipsis mono" title={run.path}>
        {run.path}
        {run.version !== undefined && <span class="muted wide-inline"> @ {run.alias ?? run.version}</span>}
      </span>
      <span class="wide number">{clockOrDay(new Date(run.received), new Date(now))}</span>
      <span class="wide rare">{run.start ?? ""}</span>
      <span class="wide is-number">{run.waitSeconds === undefined ? "" : duration(run.waitSeconds)}</span>
      <span class="is-number">{runs === undefined ? "" : duration(runs)}</span>
      <span class="wide rare is-number">{run.cpuSeconds === undefined ? "" : duration(run.cpuSeconds)}</span>
      <span class="wide rare is-number">{run.memoryBytes === undefined ? "" : bytes(run.memoryBytes)}</span>
    </div>
  );
}

const marks = { good: "✓", bad: "✕", warn: "!", busy: "▸" } as const;

/** A run's outcome: a word, and a mark of a form and colour of its own. */
export function OutcomeSign({ run }: { readonly run: Run }) {
  const tone = toneOf(run);
  return (
    <span class={`outcome outcome-${tone}`}>
      <span class="outcome-mark" aria-hidden="true">
        {marks[tone]}
      </span>
      {outcomeOf(run)}
    </span>
  );
}

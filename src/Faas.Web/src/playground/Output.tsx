import { useMemo, useState } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { copy } from "../controls/copy.ts";
import { Icon } from "../controls/Icon.tsx";
import { Segments } from "../controls/Segments.tsx";
import { VirtualList } from "../controls/VirtualList.tsx";
import { shownText, type Line } from "./lines.ts";
import { linesDrawn, type Run } from "./running.ts";

type Filter = "all" | "stdout" | "stderr";

const rowHeight = 20;

/** What the script has printed, as it comes. */
export function Output({ run }: { readonly run: Run }) {
  const { lines, state, isStreamed } = run;
  const drawn = linesDrawn.value;
  const [filter, setFilter] = useState<Filter>("all");
  const [isFollowing, setFollowing] = useState(true);
  const filtered = useMemo(() => (filter === "all" ? null : lines.of(filter === "stderr")), [filter, drawn, lines]);
  const count = filtered?.length ?? lines.count;
  const at = (index: number): Line | undefined => (filtered ? filtered[index] : lines.at(index));
  const isOver = state === "ended" || state === "stopped";
  return (
    <section class="pane output" aria-label="Output">
      <div class="pane-head">
        <h2>Output</h2>
        <span class="muted">{lines.count === 1 ? "1 line" : `${lines.count.toLocaleString("en")} lines`}</span>
        {lines.isEnd && <span class="muted">(the end; Stream shows all)</span>}
        {lines.dropped > 0 && <span class="muted">({lines.dropped.toLocaleString("en")} older ones are not kept)</span>}
        <span class="grow" />
        {!isFollowing && count > 0 && <Button onClick={() => setFollowing(true)}>Jump to the end</Button>}
        {lines.errors > 0 && (
          <Segments label="Which lines" value={filter} onChange={setFilter}
            options={[{ value: "all", title: "All" }, { value: "stdout", title: "stdout" }, { value: "stderr", title: "stderr" }]} />
        )}
        <Button kind="plain" icon={<Icon name="copy" />} label="Copy the output" disabled={lines.count === 0}
          onClick={() => copy(lines.text(), "The output was")} />
      </div>
      {count === 0
        ? <p class="output-none muted">{noneText(filter, isOver, isStreamed)}</p>
        : (
          <VirtualList class="output-lines mono" role="log" label="Lines that the script printed" count={count} rowHeight={rowHeight}
            isFollowing={isFollowing} onFollow={setFollowing}
            row={(index) => {
              const line = at(index);
              return (
                <div key={index} class={line?.isError ? "out-line out-error" : "out-line"}>
                  <span class="out-number" aria-hidden="true">{index + 1}</span>
                  {line?.isError && <span class="unseen">stderr: </span>}
                  <span class="out-text">{line && shownText(line.text)}</span>
                </div>
              );
            }} />
        )}
    </section>
  );
}

function noneText(filter: Filter, isOver: boolean, isStreamed: boolean): string {
  if (filter !== "all") return `Nothing has gone to ${filter}.`;
  if (isOver) return "The script has printed nothing.";
  return isStreamed
    ? "Lines come here as soon as they are printed."
    : "Lines come here when the script has ended. Stream shows them as they are printed.";
}

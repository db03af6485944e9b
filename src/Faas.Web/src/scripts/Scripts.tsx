import "../controls/view.css";
import "./scripts.css";
import { useEffect, useMemo, useState } from "preact/hooks";
import { getJson } from "../api/client.ts";
import { useRead } from "../api/useRead.ts";
import type { Activity } from "../charts/activity.ts";
import { count, plural } from "../charts/units.ts";
import { Button } from "../controls/Button.tsx";
import { Empty, Failed, Loading } from "../controls/States.tsx";
import { useCommands } from "../shell/commands.ts";
import { go, place } from "../shell/navigation.ts";
import { foldersAbove, matching } from "./pathTree.ts";
import { format, parse } from "./routes.ts";
import { ScriptPage } from "./ScriptPage.tsx";
import { Tree } from "./Tree.tsx";
import { useScriptList } from "./useScriptList.ts";

/** How often calls and latency are read anew, in milliseconds. */
const interval = 15_000;

/** Up to this many scripts every folder is open at first. */
const mostOpen = 40;

/** The stored scripts: a tree of their paths, and the page of one of them. */
export default function Scripts() {
  void place.value; // drawn anew when the address changes
  const route = parse(location.pathname, location.search);
  const [filter, setFilter] = useState("");
  const [prefix, setPrefix] = useState("");
  const [folders, setFolders] = useState<ReadonlyMap<string, boolean>>(new Map());
  const list = useScriptList(prefix);
  const activity = useRead((signal) => getJson<Activity>("/api/v1/runs/activity?minutes=60&limit=1000", { signal }), [], interval);
  const byPath = useMemo(() => new Map((activity.value?.scripts ?? []).map((script) => [script.path, script])), [activity.value]);
  const found = useMemo(() => matching(list.scripts, filter), [list.scripts, filter]);

  // Of a list that is too large to be read whole, the server looks for what begins with the text.
  const isWhole = prefix === "" && !list.hasMore;
  useEffect(() => {
    if (isWhole || list.isReading) return;
    const timer = setTimeout(() => setPrefix(filter.trim()), 300);
    return () => clearTimeout(timer);
  }, [filter, isWhole, list.isReading]);

  const isOpenAtFirst = list.scripts.length <= mostOpen;
  const open = useMemo(() => {
    const ids = new Set<string>();
    for (const script of found) for (const id of foldersAbove(script.path)) if (folders.get(id) ?? isOpenAtFirst) ids.add(id);
    if (route.path !== undefined) for (const id of foldersAbove(route.path)) if (folders.get(id) ?? true) ids.add(id);
    return ids;
  }, [found, folders, isOpenAtFirst, route.path]);

  useCommands(
    () => [
      { id: "scripts-find", title: "Find a script", group: "Scripts", run: () => document.getElementById("scripts-find")?.focus() },
      {
        id: "scripts-tree",
        title: "Go to the tree of scripts",
        group: "Scripts",
        run: () => document.querySelector<HTMLElement>(".tree")?.focus(),
      },
      ...list.scripts
        .slice(0, 500)
        .map(({ path }) => ({ id: `script-${path}`, title: path, group: "Open a script", run: () => go(format({ path })) })),
    ],
    [list.scripts],
  );

  return (
    <div class={`scripts ${route.path === undefined ? "" : "has-script"}`}>
      {route.path === undefined && <h1 class="unseen">Scripts</h1>}
      <aside class="scripts-side" aria-label="All scripts">
        <div class="scripts-find">
          <input
            id="scripts-find"
            class="input grow"
            type="search"
            placeholder="Find a script"
            aria-label="Find a script"
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        </div>
        {list.error !== undefined && list.scripts.length === 0 ? (
          <Failed title="The scripts could not be read" error={list.error} onRetry={list.again} />
        ) : list.scripts.length === 0 && list.isReading ? (
          <Loading what="the scripts" />
        ) : list.scripts.length === 0 && filter.trim() === "" ? (
          <Empty title="There is no script yet">
            Upload one, or write it in the <a href="/">Playground</a>.
          </Empty>
        ) : found.length === 0 ? (
          <Empty title="No script has this path">{isWhole ? "" : "Only paths that begin with the text were looked for."}</Empty>
        ) : (
          <Tree
            scripts={found}
            open={open}
            isAllOpen={filter.trim() !== ""}
            onOpen={(id, isOpen) => setFolders(new Map(folders).set(id, isOpen))}
            selected={route.path}
            onSelect={(path) => go(format({ path }))}
            activity={byPath}
          />
        )}
        <p class="scripts-count muted" role="status">
          {filter.trim() === ""
            ? plural(list.scripts.length, "script")
            : `${count(found.length)} of ${plural(list.scripts.length, "script")}`}
          {list.isReading && ", reading…"}
        </p>
        {list.error !== undefined && list.scripts.length > 0 && (
          <p class="wrong scripts-count">
            The rest could not be read. <Button onClick={list.readMore}>Try again</Button>
          </p>
        )}
        {list.hasMore && !list.isReading && list.error === undefined && (
          <div class="scripts-count">
            <Button onClick={list.readMore}>Read more</Button>
          </div>
        )}
      </aside>
      <div class="scripts-main">
        {route.path === undefined ? (
          <Empty title="Choose a script">Its versions, names, code, settings and calls are shown here.</Empty>
        ) : (
          <>
            <a class="scripts-back" href="/scripts">
              ← All scripts
            </a>
            <ScriptPage
              key={route.path}
              path={route.path}
              route={route}
              activity={byPath.get(route.path)}
              isActivityKnown={activity.value !== undefined}
              onListChanged={list.again}
            />
          </>
        )}
      </div>
    </div>
  );
}

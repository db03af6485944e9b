import "../controls/view.css";
import "./pool.css";
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { noteDate } from "../api/serverClock.ts";
import { useFollow } from "../api/useFollow.ts";
import { useRead } from "../api/useRead.ts";
import { Live } from "../controls/Live.tsx";
import { Segments } from "../controls/Segments.tsx";
import { Empty, Failed, Loading } from "../controls/States.tsx";
import { useCommands } from "../shell/commands.ts";
import { Bindings } from "./Bindings.tsx";
import { ClusterCard } from "./ClusterCard.tsx";
import { Details } from "./Details.tsx";
import { Figures } from "./Figures.tsx";
import { Grid, mostWide } from "./Grid.tsx";
import { Legend } from "./Legend.tsx";
import { LevelsCard } from "./LevelsCard.tsx";
import { OutcomesCard } from "./OutcomesCard.tsx";
import { apply, EMPTY, type PoolState } from "./poolState.ts";
import type { PoolEvent } from "./protocol.ts";
import { Queue } from "./Queue.tsx";
import { SettingsCard } from "./SettingsCard.tsx";
import type { Setting } from "./governors.ts";

type Density = "auto" | "wide" | "dense";

/** What the server's pool does, live: every sandbox, what waits, how runs end, and the settings that govern it. */
export default function Pool() {
  const [pool, setPool] = useState<PoolState | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const [wanted, setWanted] = useState("");
  const [density, setDensity] = useState<Density>("auto");
  const stream = useFollow<PoolEvent>("/api/v1/pool/events", (events) => setPool((before) => apply(before ?? EMPTY, events)));
  const settings = useRead(readSettings, []);

  // The settings of a server that has come back may be others.
  useEffect(() => {
    if (stream.state === "live" && settings.error !== undefined) settings.again();
  }, [stream.state]);

  useCommands(
    () => [
      {
        id: "pool-find",
        title: "Find the sandboxes of a script",
        group: "Pool",
        run: () => document.getElementById("pool-find")?.focus(),
      },
      {
        id: "pool-cells",
        title: "Go to the sandboxes",
        group: "Pool",
        run: () => document.querySelector<HTMLElement>(".cells [tabindex='0']")?.focus(),
      },
      { id: "pool-wide", title: "Show large cells", group: "Pool", run: () => setDensity("wide") },
      { id: "pool-dense", title: "Show small cells", group: "Pool", run: () => setDensity("dense") },
    ],
    [],
  );

  if (stream.error || !pool) {
    return (
      <>
        <h1 class="unseen">Pool</h1>
        {stream.error ? <Failed title="The pool is not shown" error={stream.error} onRetry={stream.again} /> : <Loading what="the pool" />}
      </>
    );
  }

  const isDense = density === "dense" || (density === "auto" && pool.slots.length > mostWide);
  return (
    <div class="pool">
      <div class="view-head">
        <h1>Pool</h1>
        <Live state={stream.state} />
      </div>
      <Figures pool={pool} settings={settings.value} />
      <div class="pool-middle">
        <section class={`card pool-cells ${stream.state === "live" ? "" : "is-stale"}`} aria-labelledby="cells-title">
          <div class="card-head">
            <h2 id="cells-title" class="grow">
              Sandboxes
            </h2>
            <input
              id="pool-find"
              class="input pool-find"
              type="search"
              placeholder="Find a script"
              aria-label="Find the sandboxes of a script"
              value={wanted}
              onInput={(event) => setWanted(event.currentTarget.value)}
            />
            <Segments
              label="Size of the cells"
              value={density}
              onChange={setDensity}
              options={[
                { value: "auto", title: "Auto" },
                { value: "wide", title: "Large" },
                { value: "dense", title: "Small" },
              ]}
            />
          </div>
          <Legend pool={pool} />
          {pool.sandboxes.size === 0 ? (
            <Empty title="There is no sandbox">
              The next call starts one. Spares are started ahead of calls if faas.pool.spares says so.
            </Empty>
          ) : (
            <Grid pool={pool} selected={selected} onSelect={setSelected} wanted={wanted} isDense={isDense} />
          )}
          <Bindings pool={pool} wanted={wanted} isDense={isDense} selected={selected} onSelect={setSelected} />
        </section>
        {selected !== null && (
          <Details name={selected} sandbox={pool.sandboxes.get(selected)} pool={pool} onClose={() => setSelected(null)} />
        )}
      </div>
      <div class="pool-columns">
        <OutcomesCard settings={settings.value} />
        <LevelsCard counts={pool.counts} isLive={stream.state === "live"} />
        <Queue pool={pool} />
      </div>
      <ClusterCard />
      <SettingsCard read={settings} />
    </div>
  );
}

async function readSettings(signal: AbortSignal): Promise<ReadonlyMap<string, Setting>> {
  const response = await call("/api/v1/settings", { signal });
  noteDate(response);
  const { settings } = (await response.json()) as { settings: Setting[] };
  return new Map(settings.map((setting) => [setting.key, setting]));
}

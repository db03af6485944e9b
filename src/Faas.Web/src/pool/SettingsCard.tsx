import { useState } from "preact/hooks";
import { getJson } from "../api/client.ts";
import { sentenceOf } from "../api/problem.ts";
import type { Read } from "../api/useRead.ts";
import { Button } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { Failed, Loading } from "../controls/States.tsx";
import { Table } from "../controls/Table.tsx";
import { GOVERNORS, shownRange, shownValue, type Setting } from "./governors.ts";

/** The answer of POST /api/v1/reload. */
interface Reload {
  readonly changed: readonly Change[];
  readonly atNextStart: readonly Change[];
  readonly notices: readonly string[];
}

interface Change {
  readonly key: string;
  readonly from: string;
  readonly to: string;
}

/** Every setting that governs the pool, and the button that has the server read them anew. */
export function SettingsCard({ read }: { readonly read: Read<ReadonlyMap<string, Setting>> }) {
  const [report, setReport] = useState<Reload | { readonly failed: string } | null>(null);
  const [isSent, setSent] = useState(false);
  const reload = async () => {
    setSent(true);
    try {
      setReport(await getJson<Reload>("/api/v1/reload", { method: "POST" }));
      read.again();
    } catch (error) {
      setReport({ failed: sentenceOf(error) });
    } finally {
      setSent(false);
    }
  };
  return (
    <section class="card" aria-labelledby="settings-title">
      <div class="card-head">
        <h2 id="settings-title" class="grow">
          Settings <span class="muted">in force</span>
        </h2>
        <Button icon={<Icon name="refresh" />} needs="admin" disabled={isSent} onClick={reload}>
          Reload the settings
        </Button>
      </div>
      <p class="muted">
        The server reads its files anew. Values marked <span class="governor-when is-live">live</span> change at once, the others at its
        next start.
      </p>
      {report && <ReloadReport report={report} />}
      {read.value ? (
        <SettingsTable settings={read.value} />
      ) : read.error !== undefined ? (
        <Failed title="The settings could not be read" error={read.error} onRetry={read.again} />
      ) : (
        <Loading what="the settings" />
      )}
    </section>
  );
}

function SettingsTable({ settings }: { readonly settings: ReadonlyMap<string, Setting> }) {
  const known = GOVERNORS.filter(({ key }) => settings.has(key)).map((governor) => ({ governor, setting: settings.get(governor.key)! }));
  return (
    <Table
      label="Settings of the pool"
      rows={known}
      keyOf={({ governor }) => governor.key}
      columns={[
        { id: "key", title: "Key", cell: ({ governor }) => <code>{governor.key}</code>, sortBy: ({ governor }) => governor.key },
        { id: "value", title: "Value", cell: ({ governor, setting }) => shownValue(governor, setting) },
        { id: "range", title: "Allowed", cell: ({ governor }) => shownRange(governor) },
        {
          id: "when",
          title: "Changes",
          sortBy: ({ setting }) => (setting.reloads ? 0 : 1),
          cell: ({ setting }) => (
            <span class={`governor-when ${setting.reloads ? "is-live" : ""}`}>{setting.reloads ? "live" : "restart"}</span>
          ),
        },
        { id: "origin", title: "Written in", cell: ({ setting }) => <span title={setting.origin}>{setting.origin}</span> },
      ]}
    />
  );
}

function ReloadReport({ report }: { readonly report: Reload | { readonly failed: string } }) {
  if ("failed" in report)
    return (
      <p class="report report-bad" role="alert">
        Nothing was changed. {report.failed}
      </p>
    );
  const { changed, atNextStart, notices } = report;
  return (
    <div class="report" role="status">
      {changed.length === 0 && <p>The files say nothing new that takes effect now.</p>}
      {changed.map(({ key, from, to }) => (
        <p key={key}>
          <code>{key}</code> was {from || "empty"} and is now <strong>{to || "empty"}</strong>.
        </p>
      ))}
      {atNextStart.map(({ key, from, to }) => (
        <p key={key}>
          <code>{key}</code> is {from || "empty"}; <strong>{to || "empty"}</strong> takes effect at the server’s next start.
        </p>
      ))}
      {notices.map((notice) => (
        <p key={notice}>{notice}</p>
      ))}
    </div>
  );
}

import { bytes, moment, plural } from "../charts/units.ts";
import { Action } from "../controls/Action.tsx";
import { Button } from "../controls/Button.tsx";
import { Table } from "../controls/Table.tsx";
import { format } from "./routes.ts";
import { aliasesOf, type Script, type Version } from "./script.ts";
import { settingLines } from "./settingLines.ts";

interface Props {
  readonly script: Script;
  readonly versions: readonly Version[];
  readonly hasMore: boolean;
  readonly isReading: boolean;
  readonly onMore: () => void;
  /** The version whose code is shown. */
  readonly shown: number;
  readonly onDelete: (version: number) => void;
}

/** The versions of a script, newest first. */
export function VersionsCard({ script, versions, hasMore, isReading, onMore, shown, onDelete }: Props) {
  return (
    <section class="card" aria-labelledby="versions-title">
      <h2 id="versions-title">
        Versions <span class="muted">{plural(script.versions, "version")}</span>
      </h2>
      <div class="versions">
        <Table
          label="Versions"
          rows={versions}
          keyOf={({ version }) => version}
          columns={[
            {
              id: "version",
              title: "Version",
              cell: ({ version }) => (
                <a class="mono" href={format({ path: script.path, version })} aria-current={version === shown ? "true" : undefined}>
                  {version}
                </a>
              ),
            },
            { id: "uploaded", title: "Uploaded", cell: ({ uploaded }) => moment(new Date(uploaded)) },
            { id: "names", title: "Called as", cell: ({ version }) => <Names version={version} script={script} /> },
            {
              id: "hash",
              title: "Hash",
              cell: ({ hash }) => <code title={`SHA-256 of the code: ${hash}`}>{hash.slice(0, 8)}</code>,
            },
            { id: "bytes", title: "Size", isNumber: true, cell: (version) => bytes(version.bytes) },
            { id: "settings", title: "Settings", cell: ({ settings }) => <SettingNames settings={settings} /> },
            {
              id: "actions",
              title: "Actions",
              cell: ({ version }) => (
                <span class="row-actions">
                  {version !== shown && (
                    <a href={format({ path: script.path, version: shown, compare: version })}>
                      Compare
                      <span class="unseen">
                        {" "}
                        {shown} with {version}
                      </span>
                    </a>
                  )}
                  {script.versions > 1 && (
                    <Action class="link wrong" needs="write" onClick={() => onDelete(version)}>
                      Delete<span class="unseen"> version {version}</span>
                    </Action>
                  )}
                </span>
              ),
            },
          ]}
        />
      </div>
      {hasMore && (
        <div>
          <Button disabled={isReading} onClick={onMore}>
            Show older versions
          </Button>
        </div>
      )}
    </section>
  );
}

function Names({ version, script }: { readonly version: number; readonly script: Script }) {
  return (
    <span class="names">
      {version === script.latest.version && <span class="badge badge-accent">latest</span>}
      {aliasesOf(version, script.aliases).map((name) => (
        <span key={name} class="badge">
          {name}
        </span>
      ))}
    </span>
  );
}

function SettingNames({ settings }: { readonly settings: Readonly<Record<string, unknown>> }) {
  const lines = settingLines(settings);
  const text = lines.map(({ name, text: value }) => `${name} ${value.split("\n")[0]}`).join(", ");
  return lines.length === 0 ? <span class="muted">defaults</span> : <span title={text}>{text}</span>;
}

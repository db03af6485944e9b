import { useEffect, useState } from "preact/hooks";
import { call, getJson } from "../api/client.ts";
import { ApiError, sentenceOf } from "../api/problem.ts";
import { useRead } from "../api/useRead.ts";
import type { ScriptActivity } from "../charts/activity.ts";
import { Button } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { Empty, Failed, Loading } from "../controls/States.tsx";
import { toast } from "../controls/toasts.ts";
import { fragmentOf } from "../playground/share.ts";
import { useCommands } from "../shell/commands.ts";
import { go } from "../shell/navigation.ts";
import { ActivityCard } from "./ActivityCard.tsx";
import { AliasesCard } from "./AliasesCard.tsx";
import { CodeCard } from "./CodeCard.tsx";
import { DeleteDialog } from "./DeleteDialog.tsx";
import { languageName } from "./languageText.ts";
import { api, format, type ScriptsRoute } from "./routes.ts";
import { RunDialog } from "./RunDialog.tsx";
import type { Script, Version, VersionPage } from "./script.ts";
import { VersionsCard } from "./VersionsCard.tsx";
import { VersionSettings } from "./VersionSettings.tsx";

interface Props {
  readonly path: string;
  readonly route: ScriptsRoute;
  readonly activity: ScriptActivity | undefined;
  readonly isActivityKnown: boolean;
  /** The list of scripts is no longer right. */
  readonly onListChanged: () => void;
}

/** One script: its versions, names, code and settings, and what may be done with it. */
export function ScriptPage({ path, route, activity, isActivityKnown, onListChanged }: Props) {
  const read = useRead((signal) => getJson<Script>(api(path), { signal }), [path]);
  const script = read.value;
  if (!script) {
    const isGone = read.error instanceof ApiError && read.error.problem.status === 404;
    return (
      <>
        <h1 class="unseen">{path}</h1>
        {isGone ? (
          <Empty title="There is no such script">No script has the path {path}. It may have been deleted.</Empty>
        ) : read.error !== undefined ? (
          <Failed title="The script could not be read" error={read.error} onRetry={read.again} />
        ) : (
          <Loading what={path} />
        )}
      </>
    );
  }

  return (
    <KnownScript
      key={path}
      script={script}
      route={route}
      activity={activity}
      isActivityKnown={isActivityKnown}
      onChanged={read.again}
      onListChanged={onListChanged}
    />
  );
}

interface KnownProps extends Omit<Props, "path"> {
  readonly script: Script;
  readonly onChanged: () => void;
}

function KnownScript({ script, route, activity, isActivityKnown, onChanged, onListChanged }: KnownProps) {
  const { path, latest } = script;
  const [pages, setPages] = useState<readonly VersionPage[]>([]);
  const [isReading, setReading] = useState(false);
  const [isRunning, run] = useState(false);
  const [deleted, setDeleted] = useState<{ readonly version: number | undefined } | null>(null);
  const readVersions = async (before: readonly VersionPage[]) => {
    setReading(true);
    try {
      const after = before.at(-1)?.next;
      const page = await getJson<VersionPage>(api(path, `/versions?limit=50${after ? `&after=${encodeURIComponent(after)}` : ""}`));
      setPages([...before, page]);
    } catch (error) {
      toast(`The versions could not be read: ${sentenceOf(error)}`, "bad");
    } finally {
      setReading(false);
    }
  };
  useEffect(() => void readVersions([]), [path, script]);

  const versions = pages.length > 0 ? pages.flatMap((page) => page.versions) : [latest];
  const shown = useVersion(path, route.version, latest, versions);
  const compared = useVersion(path, route.compare, undefined, versions);

  const play = async (code: string, language = latest.language) => go(`/${await fragmentOf({ language, code, input: "{}" })}`);
  const playLatest = async () => {
    try {
      await play(await (await call(api(path, `/versions/${latest.version}/code`))).text());
    } catch (error) {
      toast(`The code could not be read: ${sentenceOf(error)}`, "bad");
    }
  };
  const enable = async (enabled: boolean) => {
    try {
      await call(api(path), { method: "PATCH", body: { enabled } });
      toast(enabled ? `${path} may be called again.` : `${path} is disabled: new calls are answered with 409.`);
      onChanged();
    } catch (error) {
      toast(`Nothing was changed. ${sentenceOf(error)}`, "bad");
    }
  };
  useCommands(
    () => [
      { id: "script-play", title: "Open the script in the Playground", group: path, run: () => void playLatest() },
      {
        id: "script-enable",
        title: script.enabled ? "Disable the script" : "Enable the script",
        group: path,
        needs: "write",
        run: () => void enable(!script.enabled),
      },
      { id: "script-delete", title: "Delete the script", group: path, needs: "write", run: () => setDeleted({ version: undefined }) },
      { id: "script-async", title: "Run the script asynchronously", group: path, needs: "invoke", run: () => run(true) },
      {
        id: "script-runs",
        title: "Show the runs of the script",
        group: path,
        run: () => go(`/runs?path=${encodeURIComponent(path)}`),
      },
    ],
    [script],
  );

  const description = latest.settings["description"];
  return (
    <article class="script" aria-label={path}>
      <div class="view-head script-head">
        <h1 class="mono script-path">{path}</h1>
        <span class="badge">{languageName(latest.language)}</span>
        {!script.enabled && <span class="badge badge-warn">disabled</span>}
        <span class="grow" />
        <a class="button" href={`/runs?path=${encodeURIComponent(path)}`}>
          Runs
        </a>
        <Button needs="invoke" icon={<Icon name="play" />} onClick={() => run(true)}>
          Run asynchronously
        </Button>
        <Button icon={<Icon name="code" />} onClick={() => void playLatest()}>
          Open in Playground
        </Button>
        <Button needs="write" onClick={() => void enable(!script.enabled)}>
          {script.enabled ? "Disable" : "Enable"}
        </Button>
        <Button kind="danger" needs="write" icon={<Icon name="trash" />} onClick={() => setDeleted({ version: undefined })}>
          Delete
        </Button>
      </div>
      {typeof description === "string" && <p class="script-description">{description}</p>}
      <div class="script-columns">
        <ActivityCard activity={activity} isKnown={isActivityKnown} />
        <AliasesCard script={script} onChanged={onChanged} />
      </div>
      <VersionsCard
        script={script}
        versions={versions}
        hasMore={pages.at(-1)?.next !== undefined}
        isReading={isReading}
        onMore={() => void readVersions(pages)}
        shown={shown.value?.version ?? latest.version}
        onDelete={(version) => setDeleted({ version })}
      />
      {shown.value ? (
        <>
          <CodeCard path={path} version={shown.value} compared={compared.value} onPlay={(code) => void play(code, shown.value!.language)} />
          {compared.error !== undefined && <Failed title={`Version ${route.compare} could not be read`} error={compared.error} />}
          <VersionSettings path={path} version={shown.value} keep={script.keep} />
        </>
      ) : shown.error !== undefined ? (
        <Failed title={`Version ${route.version} could not be read`} error={shown.error} onRetry={() => go(format({ path }))} />
      ) : (
        <Loading what="the version" />
      )}
      {isRunning && <RunDialog path={path} version={route.version} onClose={() => run(false)} />}
      {deleted && (
        <DeleteDialog
          script={script}
          version={deleted.version}
          onClose={() => setDeleted(null)}
          onDone={() => {
            setDeleted(null);
            onListChanged();
            if (deleted.version === undefined) go("/scripts");
            else {
              if (deleted.version === route.version || deleted.version === route.compare) go(format({ path }), "replace");
              onChanged();
            }
          }}
        />
      )}
    </article>
  );
}

/** A version that an address names: from the list where it is there, or by a call. */
function useVersion(path: string, number: number | undefined, otherwise: Version | undefined, known: readonly Version[]) {
  const listed = number === undefined ? otherwise : known.find((version) => version.version === number);
  const read = useRead(
    (signal) =>
      listed || number === undefined ? Promise.resolve(undefined) : getJson<Version>(api(path, `/versions/${number}`), { signal }),
    [path, number, listed !== undefined],
  );
  return { value: listed ?? read.value, error: listed ? undefined : read.error };
}

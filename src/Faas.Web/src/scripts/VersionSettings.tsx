import { getJson } from "../api/client.ts";
import { lacking } from "../api/scopes.ts";
import { useRead } from "../api/useRead.ts";
import { moment } from "../charts/units.ts";
import type { Keep, Secret, Version } from "./script.ts";
import { isFor, secretNames, settingLines } from "./settingLines.ts";

interface Props {
  readonly path: string;
  readonly version: Version;
  readonly keep: Keep | undefined;
}

/** What the upload of a version said beside its code. */
export function VersionSettings({ path, version, keep }: Props) {
  const lines = settingLines(version.settings);
  const secrets = secretNames(version.settings);
  return (
    <section class="card" aria-labelledby="version-settings-title">
      <h2 id="version-settings-title">
        Settings <span class="muted">of version {version.version}</span>
      </h2>
      {lines.length === 0 ? (
        <p class="muted">The upload said nothing: the server’s defaults hold.</p>
      ) : (
        <dl class="facts">
          {lines.map(({ name, text }) => [
            <dt key={name} class="mono">
              {name}
            </dt>,
            <dd key={`${name}-text`} class="setting-text">
              {text}
            </dd>,
          ])}
        </dl>
      )}
      <p class="muted">Versions kept: {keepText(keep)}. A setting never changes; upload another version to have other ones.</p>
      {secrets.length > 0 && <Secrets path={path} names={secrets} />}
    </section>
  );
}

function Secrets({ path, names }: { readonly path: string; readonly names: readonly string[] }) {
  const isShown = lacking("admin") === null;
  const read = useRead(
    (signal) => (isShown ? getJson<{ secrets: Secret[] }>("/api/v1/secrets", { signal }) : Promise.resolve(undefined)),
    [isShown],
  );
  const known = read.value && new Map(read.value.secrets.map((secret) => [secret.name, secret]));
  return (
    <>
      <h3>Secrets</h3>
      <ul class="lines">
        {names.map((name) => {
          const secret = known?.get(name);
          return (
            <li key={name} class="line">
              <span class="mono grow">{name}</span>
              {known &&
                (!secret ? (
                  <span class="badge badge-bad">missing: calls are refused</span>
                ) : !isFor(secret.paths, path) ? (
                  <span class="badge badge-bad">not for this script: calls are refused</span>
                ) : (
                  <span class="muted">written {moment(new Date(secret.updatedAt))}</span>
                ))}
            </li>
          );
        })}
      </ul>
      {(read.error !== undefined || !isShown) && <p class="muted">Whether they exist is shown to keys with the scope admin.</p>}
    </>
  );
}

const keepText = (keep: Keep | undefined): string =>
  keep === undefined
    ? "as the server says"
    : [keep.newest && `the newest ${keep.newest}`, keep.days && `those of the last ${keep.days} days`].filter(Boolean).join(" and ") ||
      "all";

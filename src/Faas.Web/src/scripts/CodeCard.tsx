import { useState } from "preact/hooks";
import { getJson, getText } from "../api/client.ts";
import { useRead } from "../api/useRead.ts";
import { CodeEditor } from "../controls/CodeEditor.tsx";
import { copy } from "../controls/copy.ts";
import { Button } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { Failed, Loading } from "../controls/States.tsx";
import { moment } from "../charts/units.ts";
import { DiffView } from "./DiffView.tsx";
import { languageName } from "./languageText.ts";
import { api, format } from "./routes.ts";
import type { Version } from "./script.ts";
import { choices, codeOf, languageOfFile, shownFile, singleText, type Code, type Sources } from "./sourceFiles.ts";

interface Props {
  readonly path: string;
  readonly version: Version;
  /** The version that it is compared with; undefined: none. */
  readonly compared: Version | undefined;
  readonly onPlay: (code: string) => void;
}

/** The code of a version, or how it differs from that of another one. */
export function CodeCard({ path, version, compared, onPlay }: Props) {
  // The older version stands at the left, whichever of the two was asked for first.
  const [left, right] = compared && compared.version > version.version ? [version, compared] : [compared, version];
  const read = useRead(
    async (signal) => ({ left: left ? await codeIn(path, left, signal) : null, right: await codeIn(path, right, signal) }),
    [path, left?.version, right.version],
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const title = left ? `${left.version} → ${right.version}` : `Version ${right.version}`;
  const code = read.value;
  const file = code ? shownFile(chosen, code.left, code.right) : "";
  const textOf = (side: Code | null) => side?.files.get(file) ?? "";
  const shown = code && { left: textOf(code.left), right: textOf(code.right) };
  const isTree = code ? code.right.entry !== "" || (code.left?.entry ?? "") !== "" : false;
  return (
    <section class="card code-card" aria-labelledby="code-title">
      <div class="card-head">
        <h2 id="code-title" class="grow">
          {left ? "Differences" : "Code"}{" "}
          <span class="muted">
            {title}, {left ? sameness(code) : `${languageName(right.language)}, ${moment(new Date(right.uploaded))}`}
          </span>
        </h2>
        {left && (
          <a class="button" href={format({ path, version: version.version })}>
            Show the code alone
          </a>
        )}
        {shown && !left && (
          <Button icon={<Icon name="copy" />} onClick={() => void copy(shown.right, "The code was")}>
            Copy
          </Button>
        )}
        {code && isTree && (
          <select class="input code-files" aria-label="File" value={file} onChange={(event) => setChosen(event.currentTarget.value)}>
            {choices(code.left, code.right).map(({ name, differs }) => (
              <option key={name} value={name}>
                {`${differs ? "• " : ""}${name === "" ? "the single text" : name}${name === code.right.entry ? " (runs)" : ""}`}
              </option>
            ))}
          </select>
        )}
        {shown && !isTree && (
          <Button icon={<Icon name="code" />} onClick={() => onPlay(shown.right)}>
            Open in Playground
          </Button>
        )}
      </div>
      {!shown ? (
        read.error !== undefined ? (
          <Failed title="The code could not be read" error={read.error} onRetry={read.again} />
        ) : (
          <Loading what="the code" />
        )
      ) : left ? (
        <DiffView
          key={`${left.version}-${right.version}-${file}`}
          from={{ title: `Version ${left.version}`, language: languageOfFile(file, left.language), code: shown.left }}
          to={{ title: `Version ${right.version}`, language: languageOfFile(file, right.language), code: shown.right }}
        />
      ) : (
        <div class="code-box" style={{ height: `${heightOf(shown.right)}px` }}>
          <CodeEditor
            key={`${right.version}-${file}`}
            label={`Code of version ${right.version}`}
            language={languageOfFile(file, right.language)}
            value={shown.right}
          />
        </div>
      )}
    </section>
  );
}

/** Room for each line, up to a height that leaves the rest of the page in reach. */
const heightOf = (code: string) => Math.min(560, code.split("\n").length * 20 + 20);

async function codeIn(path: string, { version }: Version, signal: AbortSignal): Promise<Code> {
  const at = api(path, `/versions/${version}`);
  return codeOf(await getJson<Sources>(`${at}/sources`, { signal })) ?? singleText(await getText(`${at}/code`, { signal }));
}

const sameness = (code: { readonly left: Code | null; readonly right: Code } | undefined) =>
  code?.left && code.left.entry === code.right.entry && choices(code.left, code.right).every(({ differs }) => !differs)
    ? "the code is the same"
    : "from the older one to the newer";

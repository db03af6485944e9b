import { linter } from "@codemirror/lint";
import { jsonParseLinter } from "@codemirror/lang-json";
import { Button } from "../controls/Button.tsx";
import { CodeEditor } from "../controls/CodeEditor.tsx";
import { inputError } from "./input.ts";
import { prettyJson } from "./prettyJson.ts";

const parse = jsonParseLinter();

// An empty input is `{}`.
const validation = linter((view) => (view.state.doc.toString().trim() ? parse(view) : []), { delay: 150 });

interface Props {
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** The editor of the input, which says what is wrong with its JSON. */
export function InputEditor({ value, onChange }: Props) {
  const wrong = inputError(value);
  return (
    <section class="pane play-input" aria-label="Input">
      <div class="pane-head">
        <h2>Input</h2>
        <span class="muted">JSON, which the script sees as <code>event</code></span>
        <span class="grow" />
        <Button kind="plain" disabled={wrong !== null || value.trim() === ""} onClick={() => onChange(prettyJson(value))}>Format</Button>
      </div>
      <div class="pane-body">
        <CodeEditor label="Input, as JSON" language="json" value={value} onChange={onChange} extensions={validation} />
      </div>
      {wrong !== null && <p class="play-wrong" role="alert">{wrong}</p>}
    </section>
  );
}

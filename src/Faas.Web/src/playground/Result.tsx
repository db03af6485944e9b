import { useMemo, useState } from "preact/hooks";
import { count } from "../charts/units.ts";
import { Button } from "../controls/Button.tsx";
import { copy } from "../controls/copy.ts";
import { download } from "../controls/download.ts";
import { Icon } from "../controls/Icon.tsx";
import { Segments } from "../controls/Segments.tsx";
import { beginOf } from "./lines.ts";
import { bytesText } from "./measures.ts";
import { prettyJson } from "./prettyJson.ts";
import { Records } from "./Records.tsx";
import { Tree } from "./Tree.tsx";
import { shapeOf, type Shape } from "./value.ts";
import type { Value } from "./wire.ts";

type Form = "image" | "file" | "table" | "tree" | "text" | "json";

const titles: Record<Form, string> = { image: "Image", file: "File", table: "Table", tree: "Tree", text: "Text", json: "JSON" };

/** Characters of a text that are shown; the rest is for those who copy it. */
const mostShown = 200_000;

interface Props {
  readonly value: Value;
  readonly hint: string | undefined;
  /** What the value is: one word with a capital. */
  readonly title?: string;
}

/** What a run returned, or was given, in the form that fits it best, and in each other form that it has. */
export function Result({ value, hint, title = "Result" }: Props) {
  const shape = useMemo(() => shapeOf(value), [value]);
  const forms = useMemo(() => formsOf(value, shape), [value, shape]);
  const [chosen, choose] = useState<Form | null>(null);
  const form = chosen && forms.includes(chosen) ? chosen : forms[0]!;
  const text = useMemo(() => textOf(value), [value]);
  const name = title.toLowerCase();
  return (
    <section class="pane result" aria-label={title}>
      <div class="pane-head">
        <h2>{title}</h2>
        <span class="muted">{value.type}</span>
        <span class="grow" />
        {forms.length > 1 && (
          <Segments label="Show as" value={form} onChange={choose} options={forms.map((one) => ({ value: one, title: titles[one] }))} />
        )}
        <Button kind="plain" icon={<Icon name="copy" />} label={`Copy the ${name}`} onClick={() => copy(text, `The ${name} was`)} />
        <Button kind="plain" icon={<Icon name="download" />} label={`Download the ${name}`}
          onClick={() => download(text, `${name}.${value.json.kind === "string" ? "txt" : "json"}`)} />
      </div>
      {hint && <p class="result-hint">{hint}</p>}
      <div class={`pane-body result-${form}`} {...(form === "table" ? {} : { tabIndex: 0, role: "group", "aria-label": `The ${name}` })}>
        <Shown form={form} value={value} shape={shape} name={name} />
      </div>
    </section>
  );
}

/** The value as a text, exactly: of a string its characters, of everything else what the server sent. */
const textOf = ({ json }: Value): string => (json.kind === "string" ? json.string : json.text);

function formsOf({ json, type }: Value, shape: Shape): readonly Form[] {
  if (shape.kind === "image") return ["image", "json"];
  if (shape.kind === "file") return ["file", "json"];
  if (shape.kind === "records") return ["table", "tree", "json"];
  if (json.kind === "string") return type === "text" ? ["text"] : ["text", "json"];
  return json.kind === "array" || json.kind === "object" ? ["tree", "json"] : ["json"];
}

interface ShownProps {
  readonly form: Form;
  readonly value: Value;
  readonly shape: Shape;
  readonly name: string;
}

function Shown({ form, value, shape, name }: ShownProps) {
  if (form === "image" && shape.kind === "image") {
    return <img class="result-picture" src={shape.url} alt={`The ${name}, as an image (${shape.mediaType})`} />;
  }

  if (form === "file" && shape.kind === "file") {
    return (
      <p>
        {bytesText(shape.bytes)} of <code>{shape.mediaType}</code>. <a href={shape.url} download={name}>Download</a>
      </p>
    );
  }

  if (form === "table" && shape.kind === "records") return <Records records={shape.records} columns={shape.columns} />;
  if (form === "tree") return <Tree key={value} value={value.json} />;
  return <Plain text={form === "text" ? textOf(value) : laidOut(value.json.text)} name={name} />;
}

// What is too long to be shown whole is not laid out either.
const laidOut = (json: string): string => (json.length > 5 * mostShown ? json : prettyJson(json));

function Plain({ text, name }: { readonly text: string; readonly name: string }) {
  return (
    <>
      <pre class="result-plain">{beginOf(text, mostShown)}</pre>
      {text.length > mostShown && (
        <p class="muted">
          The first {count(mostShown)} of {count(text.length)} characters. Copy or download the {name} to have all of them.
        </p>
      )}
    </>
  );
}

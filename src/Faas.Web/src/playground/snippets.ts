import { languages, type Language } from "./languages.ts";

/** The call that the snippets make. */
export interface Call {
  /** Where the server is: `http://localhost:8080`. */
  readonly server: string;
  readonly language: Language;
  readonly code: string;
  /** JSON; empty: `{}`. */
  readonly input: string;
  readonly isStreamed: boolean;
  readonly timeout: string;
  readonly memory: string;
  /** The server asks for a key. The key itself is in no snippet: each takes it from the variable FAAS_KEY. */
  readonly needsKey: boolean;
}

/** A way to make the call. */
export interface Snippet {
  readonly id: "curl" | "javascript" | "python" | "faas";
  readonly title: string;
  readonly text: string;
}

/** The same call in every way. */
export const snippetsOf = (call: Call): readonly Snippet[] => [
  { id: "curl", title: "curl", text: curl(call) },
  { id: "javascript", title: "JavaScript", text: javascript(call) },
  { id: "python", title: "Python", text: python(call) },
  { id: "faas", title: "faas", text: faas(call) },
];

/** The body of `POST /run-now`. The input goes as a text that the server reads as JSON, so that no digit of a number is lost. */
export const bodyOf = ({ language, code, input, isStreamed, timeout, memory }: Omit<Call, "server" | "needsKey">) => ({
  language,
  code,
  input,
  ...(isStreamed ? { stream: true } : { logs: true, stats: true }),
  ...limit("timeout", timeout),
  ...limit("memory", memory),
});

/** A limit as the user has written it: a number, or a text with a unit. */
function limit(name: "timeout" | "memory", written: string): Record<string, unknown> {
  const text = written.trim();
  return text === "" ? {} : { [name]: /^\d+(\.\d+)?$/.test(text) ? Number(text) : text };
}

/** The body as a person would write it: an input that is an object, and no members that only the page wants. */
function plainBody(call: Call): string {
  const { input: _, logs, stats, ...rest } = bodyOf(call) as Record<string, unknown>;
  const { stream, ...others } = rest;
  const members = Object.entries({ ...others, ...(stream ? { stream } : {}) })
    .map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
  members.splice(2, 0, `"input": ${compactJson(call.input)}`);
  return `{\n  ${members.join(",\n  ")}\n}`;
}

// A string would be read as JSON, so it is sent as JSON within a string. Numbers keep their digits: the text is not parsed.
function compactJson(input: string): string {
  const text = input.trim() || "{}";
  return text.startsWith('"') ? JSON.stringify(text) : text.replaceAll("\n", "\n  ");
}

const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function curl(call: Call): string {
  return [
    `curl ${call.isStreamed ? "-N " : ""}${call.server}/run-now`,
    `  -H "Content-Type: application/json"`,
    ...(call.needsKey ? [`  -H "X-Api-Key: $FAAS_KEY"`] : []),
    `  -d ${shellQuoted(plainBody(call))}`,
  ].join(" \\\n");
}

// The body is given as a text: an object would be read and written anew, and its numbers would lose digits.
function javascript(call: Call): string {
  const headers = [`"Content-Type": "application/json"`, ...(call.needsKey ? [`"X-Api-Key": process.env.FAAS_KEY`] : [])].join(", ");
  const body = plainBody(call).replace(/[\\`]|\$\{/g, "\\$&").replaceAll("\r", "\\r");
  const request = `const body = \`${body}\`;
const response = await fetch("${call.server}/run-now", {
  method: "POST",
  headers: { ${headers} },
  body,
});
`;
  return call.isStreamed
    ? `${request}
let rest = "";
for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
  const messages = (rest + piece).split("\\n\\n");
  rest = messages.pop();
  for (const message of messages) {
    const data = message.split("\\n").find((line) => line.startsWith("data: "));
    if (data) console.log(JSON.parse(data.slice(6)));
  }
}
`
    : `${request}
if (!response.ok) throw new Error((await response.json()).detail);
const { data } = await response.json();
console.log(data);
`;
}

// A JSON text is Python but for true, false and null, so the body is given as a text that is read.
function python(call: Call): string {
  const headers = [`"Content-Type": "application/json"`, ...(call.needsKey ? [`"X-Api-Key": os.environ["FAAS_KEY"]`] : [])].join(", ");
  const body = plainBody(call).replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"').replaceAll("\r", "\\r");
  return `import json
${call.needsKey ? "import os\n" : ""}import urllib.request

body = """${body}"""
request = urllib.request.Request("${call.server}/run-now", body.encode(), {${headers}})
with urllib.request.urlopen(request) as response:
${call.isStreamed
    ? `    for line in response:
        if line.startswith(b"data: "):
            print(json.loads(line[6:]))
`
    : `    print(json.load(response)["data"])
`}`;
}

/** Where the command line looks for a server by itself. */
const usual = "http://localhost:8080";

// The line that ends the code. A line of the code that is the same would end it too, and the shell would run what follows.
function endOf(code: string): string {
  const lines = new Set(code.split(/\r?\n/));
  let end = "END_OF_SCRIPT";
  while (lines.has(end)) end += "_";
  return end;
}

// Limits stand in comments at the beginning of a file (docs/cli.md).
function headerOf({ language, timeout, memory }: Call): string {
  const comment = language === "python" ? "#" : "//";
  return [["timeout", timeout.trim()], ["memory", memory.trim()]]
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${comment} faas: ${name} = ${value}\n`)
    .join("");
}

function faas(call: Call): string {
  const file = `script.${languages.find((language) => language.value === call.language)!.extension}`;
  const input = call.input.trim();
  const code = `${headerOf(call)}${call.code.replace(/\n$/, "")}`;
  const end = endOf(code);
  return `cat > ${file} <<'${end}'
${code}
${end}
${call.server === usual ? "" : `FAAS_SERVER=${call.server} `}faas run ${file}${input ? ` --input ${shellQuoted(input)}` : ""}
`;
}

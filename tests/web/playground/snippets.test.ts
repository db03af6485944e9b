import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { Json } from "../../../src/Faas.Web/src/playground/json.ts";
import { bodyOf, snippetsOf, type Call } from "../../../src/Faas.Web/src/playground/snippets.ts";

const call: Call = {
  server: "http://localhost:8080", language: "python", code: `print("it's", '\\n', """x""")\nreturn event\n`,
  input: '{\n  "a": "it\'s",\n  "n": 12345678901234567890\n}',
  isStreamed: false, timeout: "", memory: "", needsKey: false,
};
const textOf = (id: string, change: Partial<Call> = {}) => snippetsOf({ ...call, ...change }).find((snippet) => snippet.id === id)!.text;
type Body = (...values: unknown[]) => Promise<void>;

const sent = { language: "python", code: call.code, input: { a: "it's", n: 12345678901234567890 } };

test("The page's own call asks for what it shows", () => {
  const { server, needsKey, ...rest } = call;
  assert.deepEqual(bodyOf(rest), { language: "python", code: call.code, input: call.input, logs: true, stats: true });
  assert.deepEqual(bodyOf({ ...rest, isStreamed: true, timeout: " 2.5 ", memory: "64M" }), {
    language: "python", code: call.code, input: call.input, stream: true, timeout: 2.5, memory: "64M",
  });
});

test("A shell hands curl the address, the headers and the body", () => {
  const curl = `curl() { /usr/bin/python3 -c 'import json,sys; print(json.dumps(sys.argv[1:]))' "$@"; }`;
  const env = { ...process.env, FAAS_KEY: "the-secret" };
  const args = (text: string) => JSON.parse(execFileSync("bash", ["-c", `${curl}\n${text}`], { encoding: "utf8", env })) as string[];
  const plain = args(textOf("curl"));
  assert.deepEqual(plain.slice(0, 4), ["http://localhost:8080/run-now", "-H", "Content-Type: application/json", "-d"]);
  assert.deepEqual(JSON.parse(plain[4]!), sent);
  const other = args(textOf("curl", { isStreamed: true, needsKey: true, input: '"it\'s"', timeout: "5s" }));
  assert.deepEqual(other.slice(0, 5), ["-N", "http://localhost:8080/run-now", "-H", "Content-Type: application/json", "-H"]);
  assert.equal(other[5], "X-Api-Key: the-secret");
  assert.deepEqual(JSON.parse(other[7]!), { language: "python", code: call.code, input: '"it\'s"', timeout: "5s", stream: true });
});

test("JavaScript sends the same body, and prints the result", async () => {
  const run = async (change: Partial<Call>, answer: () => Response) => {
    const printed: unknown[] = [];
    let body: unknown;
    const fetched = (_: string, options: { body: string }) => {
      body = JSON.parse(options.body);
      return Promise.resolve(answer());
    };
    const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (...parts: string[]) => Body;
    await new AsyncFunction("fetch", "console", textOf("javascript", change))(fetched, { log: (value: unknown) => printed.push(value) });
    return { printed, body };
  };
  assert.deepEqual(await run({}, () => Response.json({ data: 8, type: "number" })), { printed: [8], body: sent });
  const events = 'id: 1\ndata: {"event":"log","data":"a"}\n\n: ping\n\nid: 2\ndata: {"event":"result","data":1}\n\n';
  assert.deepEqual(await run({ isStreamed: true }, () => new Response(events)), {
    printed: [{ event: "log", data: "a" }, { event: "result", data: 1 }], body: { ...sent, stream: true },
  });
});

test("Python sends the same body, and prints the result", () => {
  const run = (change: Partial<Call>, answer: string) => execFileSync("/usr/bin/python3", ["-c", `
import io, json, sys, urllib.request
def urlopen(request):
    print(json.dumps([request.full_url, json.loads(request.data), request.get_header("X-api-key")]))
    return io.BytesIO(${JSON.stringify(answer)}.encode())
urllib.request.urlopen = urlopen
exec(sys.stdin.read())
`], { input: textOf("python", change), encoding: "utf8", env: { ...process.env, FAAS_KEY: "the-secret" } }).trim().split("\n");
  const [request, ...printed] = run({}, '{"data": 8}');
  assert.deepEqual([JSON.parse(request!), printed], [["http://localhost:8080/run-now", sent, null], ["8"]]);
  const [streamed, ...lines] = run({ isStreamed: true, needsKey: true }, 'id: 1\ndata: {"event": "log"}\n\n');
  assert.deepEqual(JSON.parse(streamed!), ["http://localhost:8080/run-now", { ...sent, stream: true }, "the-secret"]);
  assert.deepEqual(lines, ["{'event': 'log'}"]);
});

test("The command line gets a file and the input", () => {
  const text = textOf("faas").replace(/^cat > script\.py/m, "cat").replace(/^faas /m, "printf '<%s>' ");
  const printed = execFileSync("bash", ["-c", text], { encoding: "utf8" });
  assert.equal(printed, `${call.code}<run><script.py><--input><${call.input}>`);
  assert.match(textOf("faas", { input: " " }), /\nfaas run script\.py\n$/);
  assert.ok(textOf("faas", { server: "https://faas.example.org", input: "" })
    .endsWith("\nFAAS_SERVER=https://faas.example.org faas run script.py\n"));
});

test("No line of the code ends the file early, and limits stand in its head", () => {
  const code = "return 1\nEND_OF_SCRIPT\necho pwned\nEND_OF_SCRIPT_";
  const text = textOf("faas", { code, input: "", timeout: "5s", memory: "64M" });
  const written = execFileSync("bash", ["-c", `faas() { cat "$2"; }\ncd "$(mktemp -d)" && ${text}\nrm -r "$PWD"`], { encoding: "utf8" });
  assert.equal(written, `# faas: timeout = 5s\n# faas: memory = 64M\n${code}\n`);
});

test("curl, JavaScript and Python send the same bytes, with every digit of the input", async () => {
  const exact = ["12345678901234567890", "1e400", "0.1000000000000000055511151231257827", "-0", "1.0", '"\\u00e4"'];
  const hard = "`${x}` \\ ''' \"\"\" it's";
  const input = `{\r\n  "of": [${exact.join(", ")}],\n  "text": ${JSON.stringify(hard)}\n}`;
  const change = { code: `return ${JSON.stringify(hard)} # ${hard}\r\n`, input, timeout: "2.5" };
  const curl = execFileSync("bash", ["-c", `curl() { printf '%s' "\${@: -1}"; }\n${textOf("curl", change)}`], { encoding: "utf8" });
  const python = execFileSync("/usr/bin/python3", ["-c", `
import io, sys, urllib.request
def urlopen(request):
    sys.stdout.buffer.write(request.data)
    return io.BytesIO(b'{"data": null}')
urllib.request.urlopen = urlopen
exec(sys.stdin.buffer.read().decode(), {"print": lambda data: None})
`], { input: textOf("python", change), encoding: "utf8" });
  let fetched = "";
  const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (...parts: string[]) => Body;
  await new AsyncFunction("fetch", "console", textOf("javascript", change))((_: string, { body }: { body: string }) => {
    fetched = body;
    return Promise.resolve(Response.json({ data: 8 }));
  }, { log: () => undefined });
  assert.deepEqual([fetched, python], [curl, curl]);
  const sentInput = new Json(curl).find("input")!;
  assert.deepEqual(sentInput.find("of")!.items.map((item) => item.text), exact);
  assert.deepEqual([sentInput.find("text")!.string, new Json(curl).find("code")!.string], [hard, change.code]);
});

// Calls every operation of a running server by openapi-fetch, whose types openapi-typescript has made of the server's document.
// Usage: node client.ts URL KEY DOCUMENT. It fails when an answer is not what the document says, or when an operation was not called.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import createClient from "openapi-fetch";
import type { components, paths } from "./bin/api.d.ts";

const [baseUrl, key, file] = process.argv.slice(2) as [string, string, string];
const document = JSON.parse(readFileSync(file, "utf8"));
const called = new Set<string>();

// Each answer must be one that the document has, and its JSON must have no member that the document does not have.
const ajv = new Ajv2020({ strict: false, validateFormats: false });
const strict = structuredClone(document);
for (const schema of Object.values<any>(strict.components.schemas)) {
  if (schema.properties) schema.additionalProperties = false;
}
ajv.addSchema(strict, "document");

const resolve = (node: any): any =>
  node?.$ref ? node.$ref.slice(2).split("/").reduce((at: any, name: string) => at[name], document) : node;
const pointer = (...names: string[]) =>
  "document#" + names.map((name) => "/" + encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"))).join("");

const api = createClient<paths>({ baseUrl, headers: { "X-Api-Key": key } });
api.use({
  async onResponse({ request, response, schemaPath }) {
    const method = request.method.toLowerCase();
    called.add(`${method} ${schemaPath}`);
    const { responses } = document.paths[schemaPath][method];
    const status = `${response.status}`;
    const type = response.headers.get("content-type")?.split(";")[0];
    const described = resolve(responses[status] ?? responses.default);
    assert.ok(described, `${method} ${schemaPath}: ${status} is not described`);
    if (type === "application/json" || type === "application/problem+json") {
      const at = responses[status] ? status : "default";
      const where = responses[at].$ref
        ? ["components", "responses", responses[at].$ref.split("/").at(-1)]
        : ["paths", schemaPath, method, "responses", at];
      if (!described.content[type] && schemaPath.startsWith("/http/")) return;
      const validate = ajv.getSchema(pointer(...where, "content", type, "schema"))!;
      const body = await response.clone().json();
      assert.ok(validate(body), `${method} ${schemaPath} ${status}: ${JSON.stringify(body)} ${ajv.errorsText(validate.errors)}`);
    }
  },
});

const path = "clients/add";
const script = { params: { path: { path } } };

// What a good answer carries; anything else fails here.
function good<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  assert.equal(answer.error, undefined, `${answer.response.url} ${answer.response.status} ${JSON.stringify(answer.error)}`);
  return answer.data as T;
}

async function scripts() {
  const upload = (code: string) =>
    api.POST("/upload", {
      body: {
        path,
        language: "javascript",
        code,
        timeout: "5s",
        retry: { attempts: 2, on: ["timeout"], delay: "1s" },
        labels: { by: "client" },
      },
    });
  const first = good(await upload("return event.a + event.b")).version;
  const second = good(await upload("return event.a + event.b + 1")).version;
  const number: number = second;
  assert.ok(number > first);

  good(await api.POST("/run/{path}", { ...script, body: { input: { a: 1, b: 2 } } }));
  const older = { params: { path: { path }, query: { version: `${first}` } } };
  const run = good(await api.POST("/run/{path}", { ...older, body: { input: { a: 1, b: 2 }, stats: true } }));
  assert.ok(typeof run === "object");
  const { data, type, stats } = run as components["schemas"]["RunAnswer"];
  assert.deepEqual([data, type], [3, "number"]);
  assert.ok(stats!.wallSeconds > 0);

  const list = good(await api.GET("/api/v1/scripts", { params: { query: { prefix: "clients/", limit: 10, sort: "time" } } }));
  assert.deepEqual(list.scripts.map((one) => [one.path, one.version]), [[path, second]]);
  const described = good(await api.GET("/api/v1/scripts/{path}", script));
  assert.deepEqual([described.latest.version, described.latest.settings.timeout], [second, 5]);
  const versions = good(await api.GET("/api/v1/scripts/{path}/versions", { params: { path: { path }, query: { limit: 1 } } }));
  assert.equal(versions.versions[0]!.version, second);
  const rest = good(await api.GET("/api/v1/scripts/{path}/versions", { params: { path: { path }, query: { after: versions.next! } } }));
  assert.equal(rest.versions[0]!.version, first);

  const version = { params: { path: { path, version: `${first}` } } };
  assert.equal(good(await api.GET("/api/v1/scripts/{path}/versions/{version}", version)).language, "javascript");
  const code: string = good(await api.GET("/api/v1/scripts/{path}/versions/{version}/code", { ...version, parseAs: "text" }));
  assert.equal(code, "return event.a + event.b");
  const sources = [{ name: "lib/one.py", text: "ONE = 1" }, { name: "main.py", text: "from lib.one import ONE\nreturn ONE" }];
  const several = good(await api.POST("/upload", { body: { path: `${path}/tree`, language: "python", sources } })).version;
  const files = good(await api.GET("/api/v1/scripts/{path}/versions/{version}/sources", { params: { path: { path: `${path}/tree`, version: `${several}` } } }));
  assert.deepEqual([files.entry, files.sources.map((file) => file.name)], ["main.py", ["lib/one.py", "main.py"]]);
  await api.DELETE("/api/v1/scripts/{path}", { params: { path: { path: `${path}/tree` } } });
  const query = { from: `${first}`, to: "latest" };
  const diff: string = good(await api.GET("/api/v1/scripts/{path}/diff", { params: { path: { path }, query }, parseAs: "text" }));
  assert.match(diff, /^\+return event.a \+ event.b \+ 1/m);

  const restored = good(await api.POST("/api/v1/scripts/{path}/versions/{version}/restore", {
    params: { path: { path, version: `${second}` } },
  }));
  assert.deepEqual([restored.version, restored.unchanged], [second, true]);

  const changed = good(await api.PATCH("/api/v1/scripts/{path}", { ...script, body: { keep: { newest: 20 } } }));
  assert.equal(changed.keep!.newest, 20);
  assert.equal(good(await api.PATCH("/api/v1/scripts/{path}", { ...script, body: { keep: null } })).keep, undefined);

  const alias = { path, name: "stable" };
  const all = "/api/v1/scripts/{path}/aliases", one = "/api/v1/scripts/{path}/aliases/{name}";
  const made = await api.PUT(one, { params: { path: alias, header: { "If-None-Match": "*" } }, body: { version: first } });
  assert.equal(made.response.status, 201);
  const split = [{ version: first, weight: 50 }, { version: second, weight: 50 }];
  const moved = await api.PUT(one, {
    params: { path: alias, header: { "If-Match": made.response.headers.get("ETag")! } },
    body: { split, sticky: "X-User" },
  });
  assert.deepEqual(good(moved).split, split);
  const stale = await api.PUT(one, { params: { path: alias, header: { "If-Match": '"1"' } }, body: { version: first } });
  assert.deepEqual([stale.error!.status, stale.error!.reason], [412, "stale"]);
  assert.equal(good(await api.GET(one, { params: { path: alias } })).previous!.version, first);
  const known = await api.GET(one, { params: { path: alias, header: { "If-None-Match": moved.response.headers.get("ETag")! } } });
  assert.equal(known.response.status, 304);
  assert.equal(good(await api.POST("/api/v1/scripts/{path}/aliases/{name}/rollback", { params: { path: alias } })).version, first);
  assert.deepEqual(good(await api.GET(all, script)).aliases.map((some) => some.name), ["stable"]);
  assert.equal((await api.DELETE(one, { params: { path: alias } })).response.status, 204);

  assert.equal((await api.DELETE("/api/v1/scripts/{path}/versions/{version}", version)).response.status, 204);
  assert.equal((await api.DELETE("/api/v1/scripts/{path}", script)).response.status, 204);
  const gone = await api.POST("/run/{path}", { ...script, body: {} });
  assert.deepEqual([gone.response.status, gone.error!.reason], [404, "not_found"]);
}

async function codeAlong() {
  const code = "print('x')\nreturn input";
  const run = good(await api.POST("/run-now", { body: { language: "python", code, input: [1, null], logs: true } }));
  const { data, type, logs } = run as components["schemas"]["RunAnswer"];
  assert.deepEqual([data, type, logs], [[1, null], "json", "x\n"]);
  const copy = "import shutil\nshutil.copy('/tmp/in/a.csv', '/tmp/out/b.csv')\nreturn 1";
  const filed = good(await api.POST("/run-now", { body: { language: "python", code: copy, files: [{ name: "a.csv", text: "1,2" }] } }));
  assert.deepEqual((filed as components["schemas"]["RunAnswer"]).files, [{ name: "b.csv", size: 3, mediaType: "text/csv", base64: "MSwy" }]);
  const streamed = { language: "javascript", code: "console.log(1); return 2", stream: true } as const;
  const stream = await api.POST("/run-now", { body: streamed, parseAs: "text" });
  assert.match(good(stream) as string, /^id: 1\ndata: \{"event":"log".*\n\nid: 2\ndata: \{"event":"result","data":2/);
  const wrong = await api.POST("/run-now", { body: { language: "javascript", code: "return (" } });
  assert.deepEqual([wrong.error!.status, wrong.error!.reason, wrong.error!.line], [422, "syntax", 1]);
  const thrown = await api.POST("/run-now", { body: { language: "python", code: "raise ValueError('no')" } });
  assert.deepEqual([thrown.error!.name, thrown.error!.message], ["ValueError", "no"]);
}

async function functions() {
  const code = "return {status: 207, headers: {'x-by': event.http.method}, body: event.http.method + ' ' + (event.http.body ?? '')}";
  good(await api.POST("/upload", { body: { path: "clients/hello", language: "javascript", code } }));
  const target = { params: { path: { target: "clients/hello" } }, parseAs: "text" as const };
  const bytes = { body: "some", bodySerializer: (body: unknown) => body as string };
  for (const [answer, text] of [
    [await api.GET("/http/{target}", target), "GET "],
    [await api.POST("/http/{target}", { ...target, ...bytes }), "POST some"],
    [await api.PUT("/http/{target}", { ...target, ...bytes }), "PUT some"],
    [await api.PATCH("/http/{target}", { ...target, ...bytes }), "PATCH some"],
    [await api.DELETE("/http/{target}", target), "DELETE "],
  ] as const) {
    assert.deepEqual([answer.response.status, answer.data], [207, text]);
  }
}

async function pool() {
  const waits = api.POST("/run-now", {
    body: { language: "javascript", code: "await new Promise((done) => setTimeout(done, 25000))" },
    headers: { "X-Call-Id": "to-be-cancelled" },
  });
  let run: components["schemas"]["Run"] | undefined;
  while (!run?.sandbox) {
    run = good(await api.GET("/api/v1/pool")).runs.find((one) => one.id.startsWith("to-be-cancelled~"));
  }
  const events = good(await api.GET("/api/v1/pool/events", { parseAs: "stream" }))!;
  const reader = events.getReader();
  assert.match(new TextDecoder().decode((await reader.read()).value), /^data: \{"event":"pool"/);
  await reader.cancel();
  assert.equal((await api.DELETE("/api/v1/pool/runs/{id}", { params: { path: { id: run.id } } })).response.status, 204);
  assert.equal((await waits).error!.reason, "cancelled");
}

async function runs() {
  const ran = await api.POST("/run-now", { body: { language: "python", code: "print('seen')\nraise ValueError('no')" } });
  const call = ran.response.headers.get("X-Call-Id")!;
  const list = good(await api.GET("/api/v1/runs", { params: { query: { call, via: "run_now", limit: 10 } } }));
  assert.deepEqual([list.runs.length, list.kept.runs], [1, 1000]);
  const run = good(await api.GET("/api/v1/runs/{id}", { params: { path: { id: list.runs[0]!.id } } }));
  assert.deepEqual([run.reason, run.error?.message, run.log.map((line) => line.text)], ["error", "no", ["seen"]]);
  const activity = good(await api.GET("/api/v1/runs/activity", { params: { query: { path: "/run-now", minutes: 5 } } }));
  assert.ok(activity.scripts[0]!.failures.some((one) => one.reason === "error" && one.runs.length === 5));
  await kept();
  const reader = good(await api.GET("/api/v1/runs/events", { params: { query: { limit: 5 } }, parseAs: "stream" }))!.getReader();
  assert.match(new TextDecoder().decode((await reader.read()).value), /^id: .*\ndata: \{"event":"runs"/);
  await reader.cancel();
}

async function kept() {
  const path = "clients/kept";
  good(await api.POST("/upload", { body: { path, language: "python", code: "return 1" } }));
  const accepted = await api.POST("/run/{path}", {
    params: { path: { path }, header: { Prefer: "respond-async" } },
    body: { input: { a: 1 }, notBefore: new Date(Date.now() + 3600_000).toISOString() },
  });
  assert.equal(accepted.response.status, 202);
  const { id } = accepted.data as components["schemas"]["Accepted"];
  const run = { params: { path: { id } } };
  const record = good(await api.GET("/api/v1/runs/{id}", run));
  assert.deepEqual([record.state, record.input, record.kept], ["queued", { a: 1 }, true]);
  assert.equal(good(await api.GET("/api/v1/runs", { params: { query: { kept: "true", path } } })).runs[0]!.id, id);
  assert.equal(good(await api.DELETE("/api/v1/runs/{id}", run)).reason, "cancelled");
  const events = good(await api.GET("/api/v1/runs/{id}/events", { ...run, parseAs: "text" }));
  assert.match(events!, /^id: 1\ndata: \{"event":"error",.*"reason":"cancelled"/);
  const known = { params: { path: { id }, header: { "Last-Event-ID": "1" } } };
  assert.equal((await api.GET("/api/v1/runs/{id}/events", known)).response.status, 204);
  const again = await api.POST("/api/v1/runs/{id}/redrive", { params: { path: { id }, query: { to: "latest" } } });
  assert.deepEqual([again.response.status, again.data?.state], [202, "queued"]);
  const asked = { params: { path: { path } }, body: { callback: { url: "https://example.com/done", on: ["failed" as const] } } };
  assert.equal((await api.POST("/run/{path}", asked)).response.status, 400); // it is kept by none of the ways
  assert.equal((await api.POST("/api/v1/runs/{id}/callback", run)).response.status, 409);
  assert.deepEqual(good(await api.GET("/api/v1/runs", { params: { query: { kept: "true", callback: "dead" } } })).runs, []);
  assert.deepEqual(good(await api.POST("/api/v1/runs/redrive", { params: { query: { path: "clients/none" } } })).redriven, []);
  assert.equal((await api.DELETE("/api/v1/scripts/{path}", { params: { path: { path } } })).response.status, 204);
}

async function batches() {
  const path = "clients/batch";
  good(await api.POST("/upload", { body: { path, language: "python", code: "return event" } }));
  const notBefore = new Date(Date.now() + 3600_000).toISOString();
  const accepted = await api.POST("/batch/{path}", { params: { path: { path } }, body: { inputs: [{ a: 1 }, null, "text"], notBefore } });
  assert.equal(accepted.response.status, 202);
  const { id, count } = accepted.data as components["schemas"]["AcceptedBatch"];
  assert.equal(count, 3);
  const batch = { params: { path: { id } } };
  assert.deepEqual(good(await api.GET("/api/v1/batches", { params: { query: { path } } })).batches.map((one) => one.id), [id]);
  assert.deepEqual(good(await api.GET("/api/v1/batches/{id}", batch)).state, "queued");
  assert.deepEqual(good(await api.DELETE("/api/v1/batches/{id}", batch)).reasons, { cancelled: 3 });
  const results = await api.GET("/api/v1/batches/{id}/results", { params: { path: { id }, query: { limit: 2 } } });
  assert.equal((results.data as components["schemas"]["BatchResultPage"]).results[1]!.reason, "cancelled");
  const events = good(await api.GET("/api/v1/batches/{id}/events", { ...batch, parseAs: "text" }));
  assert.match(events!, /id: 4\ndata: \{"event":"end","data":\{"cancelled":3\}/);
  assert.equal((await api.DELETE("/api/v1/scripts/{path}", { params: { path: { path } } })).response.status, 204);
}

async function archives() {
  const archive = good(await api.GET("/api/v1/export", { params: { query: { prefix: "clients/" } }, parseAs: "text" })) as string;
  assert.match(archive, /^\{"archive":"faas","form":1\}\n/);
  const report = good(await api.POST("/api/v1/import", {
    params: { query: { dryRun: "true", onto: "copies" } },
    body: archive,
    bodySerializer: (body: unknown) => body as string,
  }));
  assert.deepEqual([report.dryRun, report.refused], [true, []]);
  assert.ok(report.taken.every((one) => one.path.startsWith("copies/clients/") && one.versions > 0));
}

async function secrets() {
  const named = { params: { path: { name: "OF_CLIENT" } } };
  const made = await api.PUT("/api/v1/secrets/{name}", { ...named, body: { value: "a long value", paths: ["clients"] } });
  assert.deepEqual([made.response.status, good(made).paths], [201, ["clients"]]);
  assert.ok(good(await api.GET("/api/v1/secrets")).secrets.some((one) => one.name === "OF_CLIENT"));
  assert.deepEqual(good(await api.POST("/api/v1/secrets/rotate", { body: { newKey: true } })).lost, []);
  assert.equal((await api.DELETE("/api/v1/secrets/{name}", named)).response.status, 204);
}

async function schedules() {
  const path = "clients/scheduled", named = { params: { path: { name: "of-client" } } };
  good(await api.POST("/upload", { body: { path, language: "python", code: "return event" } }));
  const body = { path, cron: "0 0 1 1 *", timeZone: "Europe/Berlin", input: [1], overlap: "queue", missed: "once" } as const;
  const made = await api.PUT("/api/v1/schedules/{name}", { params: { ...named.params, header: { "If-None-Match": "*" } }, body });
  assert.deepEqual([made.response.status, good(made).overlap, good(made).counts.runs], [201, "queue", 0]);
  assert.ok(good(await api.GET("/api/v1/schedules")).schedules.some((one) => one.name === "of-client"));
  assert.deepEqual(good(await api.GET("/api/v1/schedules/{name}", named)).input, [1]);
  const begun = await api.POST("/api/v1/schedules/{name}/run", named);
  assert.deepEqual([begun.response.status, good(begun).state], [202, "queued"]);
  assert.equal((await api.DELETE("/api/v1/schedules/{name}", named)).response.status, 204);
}

async function keys() {
  const rate = { requestsPerSecond: 5, burst: 9 };
  const made = good(await api.POST("/api/v1/keys", { body: { name: "typescript", scopes: ["invoke"], rate } }));
  assert.match(made.secret!, /^faas_/);
  assert.ok(good(await api.GET("/api/v1/keys")).keys.some((one) => one.name === "typescript" && one.rate!.burst === 9 && !one.secret));
  const own = good(await api.GET("/api/v1/key", { headers: { "X-Api-Key": made.secret! } }));
  assert.deepEqual([own.name, own.scopes], ["typescript", ["invoke"]]);
  assert.equal((await api.DELETE("/api/v1/keys/{name}", { params: { path: { name: "typescript" } } })).response.status, 204);
  const unknown = await api.GET("/api/v1/keys", { headers: { "X-Api-Key": "of-no-one-0123456789" } });
  assert.deepEqual([unknown.error!.status, unknown.error!.reason], [401, "unauthorized"]);
}

async function server() {
  assert.equal(good(await api.GET("/healthz")).status, "alive");
  assert.equal(good(await api.GET("/readyz")).status, "ready");
  assert.match(good(await api.GET("/metrics", { parseAs: "text" })), /^# /);
  assert.match(good(await api.GET("/", { parseAs: "text" })), /^Faas /);
}

async function settings() {
  const all = good(await api.GET("/api/v1/settings")).settings;
  assert.ok(all.some((one) => one.key === "faas.pool.running" && one.reloads));
  assert.deepEqual(good(await api.POST("/api/v1/reload")).changed, []);
  assert.deepEqual(good(await api.GET("/api/v1/cluster")), { enabled: false });
  assert.equal((await api.POST("/api/v1/pool/drain", { params: { query: { within: "10s" } } })).response.status, 204);
  const refused = await api.POST("/run-now", { body: { language: "python", code: "return 1" } });
  assert.deepEqual([refused.error!.status, refused.error!.reason], [503, "draining"]);
  assert.equal((await api.DELETE("/api/v1/pool/drain")).response.status, 204);
  good(await api.POST("/run-now", { body: { language: "python", code: "return 1" } }));
}

for (const part of [server, scripts, codeAlong, functions, runs, batches, archives, secrets, schedules, keys, pool, settings]) {
  await part();
}

const operations = Object.entries<Record<string, unknown>>(document.paths)
  .flatMap(([at, item]) => Object.keys(item).map((method) => `${method} ${at}`));
assert.deepEqual([...called].sort(), operations.sort(), "operations that were not called");
console.log(`${called.size} operations`);

import assert from "node:assert/strict";
import { test } from "node:test";
import { Json } from "../../../src/Faas.Web/src/playground/json.ts";
import { shapeOf } from "../../../src/Faas.Web/src/playground/value.ts";

const shape = (data: unknown, type = "json") => shapeOf({ json: new Json(JSON.stringify(data)), type });
const url = "data:image/png;base64,iVBORw0KGgo=";

test("An image is a data URL, returned bytes, or base64 beside a media type", () => {
  const image = { kind: "image", url, mediaType: "image/png" };
  assert.deepEqual(shape(url, "string"), image);
  assert.deepEqual(shape({ base64: "iVBORw0KGgo=", mediaType: "image/png" }, "bytes"), image);
  assert.deepEqual(shape({ data: "iVBORw0K\nGgo=", contentType: "image/png" }), image);
  assert.deepEqual(shape({ status: 200, headers: { "Content-Type": "image/png" }, body: "iVBORw0KGgo=", isBase64Encoded: true }), image);
});

test("Other bytes are a file", () => {
  assert.deepEqual(shape({ base64: "AAECAw==", mediaType: "application/octet-stream" }, "bytes"), {
    kind: "file", url: "data:application/octet-stream;base64,AAECAw==", mediaType: "application/octet-stream", bytes: 4,
  });
  assert.deepEqual(shape("data:text/html;base64,PGI+", "string"),
    { kind: "file", url: "data:text/html;base64,PGI+", mediaType: "text/html", bytes: 3 });
});

test("What only looks like an image is none", () => {
  for (const data of ["data:image/png;base64,", "data:image/png,abc", `${url}"onload="`, "javascript:alert(1)"]) {
    assert.deepEqual(shape(data, "string"), { kind: "plain" }, data);
  }

  assert.deepEqual(shape({ base64: "not base64!", mediaType: "image/png" }), { kind: "plain" });
  assert.deepEqual(shape({ base64: "AAAA", mediaType: 'image/png" x="' }), { kind: "plain" });
  assert.deepEqual(shape({ data: "AAAA", contentType: "text/plain" }), { kind: "plain" });
});

test("An array of records is a table of all their members", () => {
  const records = shapeOf({ json: new Json('[{"a":1e400},{"b":2,"a":-0}]'), type: "json" });
  assert.ok(records.kind === "records");
  assert.deepEqual(records.columns, ["a", "b"]);
  const rows = records.records.map((row) => [...row].map(([name, { text }]) => [name, text]));
  assert.deepEqual(rows, [[["a", "1e400"]], [["b", "2"], ["a", "-0"]]]);
  for (const data of [[], [1, 2], [{ a: 1 }, null], [{ a: 1 }, [2]], [{}], { a: 1 }, null, 3]) {
    assert.deepEqual(shape(data), { kind: "plain" });
  }
});

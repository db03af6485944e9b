import assert from "node:assert/strict";
import { test } from "node:test";
import { choices, codeOf, languageOfFile, shownFile, singleText } from "../../../src/Faas.Web/src/scripts/sourceFiles.ts";

const tree = (files: Record<string, string>, entry = "main.py") =>
  codeOf({ entry, sources: Object.entries(files).map(([name, text]) => ({ name, text })) })!;
const before = tree({ "main.py": "1", "kept.txt": "x", "old.py": "" });
const after = tree({ "main.py": "2", "kept.txt": "x", "new.py": "" });

test("The files of both sides are there by name, and those that differ are marked", () => {
  assert.deepEqual(choices(before, after), [
    { name: "kept.txt", differs: false }, { name: "main.py", differs: true }, { name: "new.py", differs: true }, { name: "old.py", differs: true },
  ]);
  assert.ok(choices(null, after).every(({ differs }) => !differs));
});

test("The chosen file is shown, else the first that differs, else the one that runs", () => {
  assert.equal(shownFile("new.py", before, after), "new.py");
  assert.equal(shownFile("gone.py", before, after), "main.py");
  assert.equal(shownFile(null, null, tree({ "a.js": "", "src/b.js": "" }, "src/b.js")), "src/b.js");
});

test("A single text is one file without a name, and what is no text says its size", () => {
  assert.equal(codeOf({ sources: [] }), null);
  assert.deepEqual(choices(singleText("1"), singleText("2")), [{ name: "", differs: true }]);
  const raw = codeOf({ entry: "main.py", sources: [{ name: "raw.bin", base64: "AP8=" }] })!;
  assert.equal(raw.files.get("raw.bin"), "(2 bytes that are no text)");
});

test("The end of a file's name says its language", () => {
  assert.deepEqual(["a.tsx", "lib/b.py", "data.json", "notes", ""].map((name) => languageOfFile(name, "python")), [
    "typescript", "python", "json", "text", "python",
  ]);
});

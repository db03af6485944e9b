import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { examples } from "../../src/Faas.Web/src/playground/examples.ts";
import { fragmentOf } from "../../src/Faas.Web/src/playground/share.ts";
import { onPage, until, type Look, type Tab } from "./browser.ts";
import { adminKey, keyedServer, openServer } from "./shared.ts";

const { address } = await openServer();

const code = (page: Page) => page.getByRole("textbox", { name: /^Code, in/ });
const input = (page: Page) => page.getByRole("textbox", { name: "Input, as JSON" });
const reason = (page: Page) => page.locator(".run-facts .badge");
const lines = (page: Page) => page.getByRole("log");
const result = (page: Page) => page.getByRole("region", { name: "Result", exact: true });

/** Opens the playground, and tries something on it when its code is there. */
const onPlayground = (look: Look, attempt: (tab: Tab) => Promise<void>, path = "/", server = address) =>
  onPage(server, path, look, async (tab) => {
    await code(tab.page).waitFor();
    await attempt(tab);
  });

/** Replaces what an editor holds. */
async function write(page: Page, editor: ReturnType<typeof code>, text: string): Promise<void> {
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

async function choose(page: Page, language: string, text: string, given = "{}"): Promise<void> {
  await page.getByRole("radio", { name: language, exact: true }).click();
  await write(page, code(page), text);
  await write(page, input(page), given);
}

const waitFor = async (what: ReturnType<typeof reason>, text: string | RegExp) => {
  await until(`${what} says ${text}`, async () => {
    const said = (await what.allTextContents()).join("\n");
    return typeof text === "string" ? said === text : text.test(said);
  });
};

test("The first load is small, the second is next to nothing, and Ctrl+Enter runs", () => onPlayground({}, async ({ page }) => {
  const loaded = async () => {
    await page.waitForLoadState("networkidle");
    return page.evaluate(() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize, 0));
  };
  const first = await loaded();
  assert.ok(first > 50_000 && first < 300_000, `the first load has ${first} bytes`);
  await page.reload();
  await code(page).waitFor();
  const second = await loaded();
  assert.ok(second < 2000, `the second load has ${second} bytes`);

  await page.keyboard.press("ControlOrMeta+Enter");
  await waitFor(reason(page), "ok");
  await result(page).getByText("sum").waitFor();
  assert.match(await page.locator(".run-facts-list").innerText(),
    /Time\s[\d.]+ (µs|ms|s)\s+CPU\s[\d.]+ (µs|ms|s)\s+Memory\s[\d.]+ MiB\s+Start\s(spare|cold)\s+Total/);
}));

test("A stream shows each line as it comes, stderr apart, and its result", () => onPlayground({}, async ({ page }) => {
  await choose(page, "Python", `
import sys
print("first", flush=True)
print("to stderr", file=sys.stderr, flush=True)
print({"not": "json"})
print(12345678901234567890)
return [{"name": "a", "n": 1}, {"name": "b", "n": 2}]
`);
  await page.getByRole("button", { name: "Stream" }).click();
  await waitFor(reason(page), "ok");
  assert.deepEqual(await lines(page).locator(".out-text").allTextContents(),
    ["first", "to stderr", "{'not': 'json'}", "12345678901234567890"]);
  assert.deepEqual(await lines(page).locator(".out-error .out-text").allTextContents(), ["to stderr"]);
  await page.getByRole("radio", { name: "stderr" }).click();
  assert.deepEqual(await lines(page).locator(".out-text").allTextContents(), ["to stderr"]);
  assert.deepEqual(await result(page).locator("td").allTextContents(), ["a", "1", "b", "2"]);
  await page.getByRole("button", { name: "n", exact: true }).click();
  await page.getByRole("button", { name: "n", exact: true }).click();
  assert.deepEqual(await result(page).locator("tbody td:first-child").allTextContents(), ["b", "a"]);
  await page.getByRole("radio", { name: "JSON" }).click();
  await result(page).getByText('"name": "a"').waitFor();
}));

test("Lines are shown before the run has ended, and Stop ends it on the server too", () => onPlayground({}, async ({ page }) => {
  await choose(page, "JavaScript", `for (let i = 1; ; i++) { console.log("tick", i); await new Promise((r) => setTimeout(r, 20)); }`);
  await page.keyboard.press("ControlOrMeta+Shift+Enter");
  await lines(page).getByText("tick 5", { exact: true }).waitFor();
  await waitFor(reason(page), "running");
  const runs = async () => ((await (await fetch(`${address}/api/v1/pool`)).json()) as { runs: unknown[] }).runs.length;
  assert.equal(await runs(), 1);
  await page.getByRole("button", { name: "Stop" }).click();
  await waitFor(reason(page), "stopped");
  await until("the server runs nothing", async () => (await runs()) === 0);
  await page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
}));

test("Each failure has its reason, and marks its place in the code", () => onPlayground({}, async (tab) => {
  const { page } = tab;
  tab.allow(/status of (422|500|504|400)/);
  await choose(page, "TypeScript", "enum Level { Low = 1 }\nconst level: Level = ;");
  await page.getByRole("button", { name: /^Run/ }).click();
  await waitFor(reason(page), "syntax");
  await page.getByRole("button", { name: "Go to line 2" }).click();
  await page.locator(".cm-lintRange-error").first().waitFor();

  await choose(page, "Python", "print('before')\nreturn 1 / event['b']", '{"b": 0}');
  await page.getByRole("button", { name: /^Run/ }).click();
  await waitFor(reason(page), "error");
  await page.getByText("ZeroDivisionError: division by zero", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Go to line 2" }).waitFor();
  assert.deepEqual(await lines(page).locator(".out-text").allTextContents(), ["before"]);

  await page.getByRole("button", { name: "Limits" }).click();
  await page.getByLabel(/^Time/).fill("1");
  await page.getByRole("button", { name: "Done" }).click();
  await choose(page, "Python", "while True: pass");
  await page.getByRole("button", { name: "Stream" }).click();
  await waitFor(reason(page), "timeout");

  await page.getByRole("button", { name: "Limits" }).click();
  await page.getByLabel(/^Memory/).fill("much");
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Stream" }).click();
  await waitFor(reason(page), "malformed");
  await page.getByText(/"memory"/).waitFor();
}));

test("Input that is not JSON is not sent, and says what is wrong", () => onPlayground({}, async ({ page }) => {
  await write(page, input(page), '{"a": }');
  await page.getByRole("alert").getByText(/^The input is not valid JSON/).waitFor();
  await page.keyboard.press("ControlOrMeta+Enter");
  await page.getByRole("status").getByText(/^The input is not valid JSON/).waitFor();
  assert.equal(await reason(page).count(), 0);
}));

test("A returned image is shown, and a value's objects open and close", () => onPlayground({}, async ({ page }) => {
  await page.getByLabel("Examples").selectOption({ label: "Draw an image" });
  await page.getByRole("button", { name: /^Run/ }).click();
  await waitFor(reason(page), "ok");
  const picture = page.getByRole("img", { name: /image\/svg\+xml/ });
  await until("the image is drawn", () => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 100));

  await choose(page, "JavaScript", "return { list: Array.from({ length: 1500 }, (_, i) => i), deep: { er: { inside: true } } }");
  await page.getByRole("button", { name: /^Run/ }).click();
  await page.getByRole("button", { name: /^list/ }).waitFor();
  assert.equal(await result(page).locator("li").filter({ hasText: /^\d+: \d+$/ }).count(), 100);
  await page.getByRole("button", { name: "Show more (1,500 in all)" }).click();
  assert.equal(await result(page).locator("li").filter({ hasText: /^\d+: \d+$/ }).count(), 1100);
  await page.getByRole("button", { name: /^list/ }).click();
  assert.equal(await result(page).locator("li").filter({ hasText: /^\d+: \d+$/ }).count(), 0);
  await page.getByRole("button", { name: /^er/ }).click();
  await result(page).getByText("true").waitFor();
}));

test("Numbers that no double holds are sent, shown and copied as they are written", () => onPlayground({}, async ({ page }) => {
  const exact = ["12345678901234567890", "1e400", "0.1000000000000000055511151231257827", "-0", "1.0"];
  const text = `{"n": [${exact.join(", ")}], "1": 2}`;
  // The answer echoes the bytes that the page has sent: what a runtime makes of such a number is another matter.
  await page.route("**/run-now", async (route) => {
    const { input: sent } = route.request().postDataJSON() as { input: string };
    await route.fulfill({ contentType: "application/json", body: `{"data":${sent},"type":"json","logs":""}` });
  });
  await choose(page, "Python", "return event", text);
  await page.getByRole("button", { name: /^Run/ }).click();
  await waitFor(reason(page), "ok");
  assert.deepEqual(await result(page).locator(".json-number").allTextContents(), [...exact, "2"]);
  await page.getByRole("button", { name: "Copy the result" }).click();
  await until("it is copied", async () => (await page.evaluate(() => navigator.clipboard.readText())) === text);
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the result" }).click();
  assert.equal(readFileSync(await (await saved).path(), "utf8"), text);
  await choose(page, "Python", "return event", `[{"a": ${exact[0]}}, {"a": ${exact[3]}}]`);
  await page.getByRole("button", { name: /^Run/ }).click();
  await until("the table has all digits", async () =>
    (await result(page).locator("td").allTextContents()).join() === `${exact[0]},${exact[3]}`);
}));

test("Of a huge value little is drawn, and all of it can be reached", () => onPlayground({ width: 360, height: 740 }, async (tab) => {
  const { page } = tab;
  await choose(page, "JavaScript", `
let deep = "the end";
for (let level = 0; level < 1000; level++) deep = { ["level_" + level]: deep };
return {
  deep, text: "x".repeat(4_000_000), array: Array.from({ length: 100_000 }, (_, at) => at),
  object: Object.fromEntries(Array.from({ length: 50_000 }, (_, key) => ["key " + key, { n: key }])),
};
`);
  await page.getByRole("button", { name: "Limits" }).click();
  await page.getByLabel(/^Memory/).fill("512M");
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: /^Run/ }).click();
  await waitFor(reason(page), "ok");
  const drawn = () => page.evaluate(() => [document.querySelectorAll("*").length, document.body.innerText.length] as const);
  const [elements, characters] = await drawn();
  assert.ok(elements < 3000 && characters < 20_000, `${elements} elements, ${characters} characters`);
  await tab.checkWidth();

  await result(page).getByText("1,000 of 4,000,000 characters").waitFor();
  await result(page).getByRole("button", { name: "Show more", exact: true }).first().click();
  await result(page).getByText("10,000 of 4,000,000 characters").waitFor();
  await result(page).getByRole("button", { name: "Copy", exact: true }).first().click();
  await until("all of it is copied", () => page.evaluate(async () => (await navigator.clipboard.readText()).length === 4_000_000));
  for (let click = 0; click < 4; click++) await result(page).getByRole("button", { name: "Show more (100,000 in all)" }).click();
  await result(page).getByText("4099: 4099", { exact: true }).waitFor();
  assert.ok((await drawn())[0] < 15_000);
  await result(page).getByRole("button", { name: "Show those before (100,000 in all)" }).waitFor();
  await result(page).getByRole("button", { name: /^array/ }).click();

  // However deep it is: the name is there, and has room.
  for (let level = 999; level > 980; level--) await result(page).getByRole("button", { name: new RegExp(`^level_${level}:`) }).click();
  const last = result(page).getByRole("button", { name: /^level_980:/ }).locator(".json-name");
  await last.scrollIntoViewIfNeeded();
  const { width, height } = (await last.boundingBox())!;
  assert.ok(width > 70 && height < 30, `the name has ${width} by ${height}`);
  await tab.checkWidth();
  await tab.checkAccess();
  await tab.picture("playground-phone-deep");
  await page.getByRole("radio", { name: "JSON", exact: true }).click();
  await result(page).getByText(/^The first 200,000 of/).waitFor();
  assert.ok((await drawn())[0] < 3000);
}));

test("Of a hundred thousand lines few are drawn, while the editor takes what is typed", () => onPlayground({}, async (tab) => {
  const { page } = tab;
  await choose(page, "JavaScript", `for (let i = 1; i <= 100000; i++) console.log("line " + i); return "done"`);
  await page.getByRole("button", { name: "Stream" }).click();
  await lines(page).waitFor();
  await write(page, input(page), '{"typed": "meanwhile"}');
  await waitFor(page.locator(".output .pane-head .muted").first(), "100,000 lines");
  await waitFor(reason(page), "ok");
  await lines(page).getByText("line 100000", { exact: true }).waitFor();
  assert.ok((await lines(page).locator(".out-line").count()) < 100);
  await lines(page).evaluate((box) => (box.scrollTop = 20 * 49_990));
  await lines(page).getByText("line 50000", { exact: true }).waitFor();
  assert.ok((await lines(page).locator(".out-line").count()) < 100);
  await page.getByRole("button", { name: "Jump to the end" }).click();
  await lines(page).getByText("line 100000", { exact: true }).waitFor();
  assert.match(await input(page).innerText(), /meanwhile/);
}));

test("A link carries the code to another browser, and nothing of it to the server", () => onPlayground({}, async ({ page }) => {
  await choose(page, "Python", "return event['ä'] * 2", '{"ä": 21}');
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("status").getByText("The link was copied.").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await onPlayground({}, async (other) => {
    await other.page.getByRole("status").getByText("The shared code is in the editor.").waitFor();
    assert.equal(new URL(other.page.url()).hash, "");
    await other.page.getByRole("button", { name: /^Run/ }).click();
    await result(other.page).getByText("42").waitFor();
    await other.page.getByRole("button", { name: "Undo" }).click();
    await other.page.getByRole("radio", { name: "JavaScript", checked: true }).waitFor();
  }, new URL(link).pathname + new URL(link).hash);
  await onPlayground({}, async (other) => {
    await other.page.getByRole("status").getByText("The link is damaged").waitFor();
  }, "/#code=damaged");
}));

test("Opening a link does not cost the user's own draft", () => onPlayground({}, async (tab) => {
  const { page } = tab;
  await choose(page, "Python", "return 'my own'", '{"own": 12345678901234567890}');
  await page.reload();
  await waitFor(code(page), /my own/);
  await page.evaluate((link) => (location.hash = link), await fragmentOf({ language: "python", code: "return 'shared'", input: "{}" }));
  await page.getByRole("status").getByText("The shared code is in the editor. Your own draft is kept.").waitFor();
  // Neither a change of it, nor a second link, nor a reload makes an end of the draft.
  await write(page, code(page), "return 'shared, and changed'");
  await page.evaluate((link) => (location.hash = link), await fragmentOf({ language: "python", code: "return 'second'", input: "{}" }));
  await waitFor(code(page), /second/);
  await page.getByRole("button", { name: "Undo" }).click();
  await waitFor(code(page), /shared, and changed/);
  await page.evaluate((link) => (location.hash = link), await fragmentOf({ language: "python", code: "return 'second'", input: "{}" }));
  await waitFor(code(page), /second/);
  await page.reload();
  await waitFor(code(page), /second/);
  await page.getByRole("button", { name: "Discard your draft" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await tab.checkAccess();
  await tab.picture("playground-shared");
  await page.getByRole("button", { name: "Back to your draft" }).click();
  await waitFor(code(page), /my own/);
  assert.match(await input(page).innerText(), /12345678901234567890/);
  await page.getByRole("button", { name: "Back to your draft" }).waitFor({ state: "detached" });
  await page.reload();
  await waitFor(code(page), /my own/);
  assert.equal(await page.getByRole("button", { name: "Back to your draft" }).count(), 0);
}));

test("What is written is there after a reload", () => onPlayground({}, async ({ page }) => {
  await choose(page, "Python", "return 'kept'", '{"kept": true}');
  await page.reload();
  await page.getByRole("radio", { name: "Python", checked: true }).waitFor();
  assert.match(await code(page).innerText(), /return 'kept'/);
  assert.match(await input(page).innerText(), /"kept": true/);
}));

test("The same call is there for curl, JavaScript, Python and the command line", () => onPlayground({}, async (tab) => {
  const { page } = tab;
  await page.getByRole("button", { name: "Call it" }).click();
  const text = page.locator(".call-text");
  assert.match(await text.innerText(), /^curl http:\/\/localhost:\d+\/run-now/);
  await page.getByRole("radio", { name: "Stream" }).click();
  assert.match(await text.innerText(), /^curl -N /);
  for (const [tabName, begin] of [["JavaScript", /^const body/], ["Python", /^import json/], ["faas", /^cat > script\.js/]] as const) {
    await page.keyboard.press("Tab");
    await page.getByRole("tab", { name: tabName, exact: true }).click();
    assert.match(await text.innerText(), begin);
  }

  await tab.checkAccess();
  await page.getByRole("button", { name: "Copy" }).last().click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /faas run script\.js/);
  await page.keyboard.press("Escape");
  await text.waitFor({ state: "detached" });
}));

test("The palette does everything by the keyboard", () => onPlayground({}, async (tab) => {
  const { page } = tab;
  await code(page).click();
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Command" }).fill("count words");
  await tab.checkAccess();
  await page.keyboard.press("Enter");
  await page.getByRole("radio", { name: "Python", checked: true }).waitFor();
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Command" }).fill("run the code");
  await page.keyboard.press("Enter");
  await waitFor(reason(page), "ok");
  assert.equal(await result(page).locator("tbody tr").count(), 5);
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Command" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("combobox", { name: "Command" }).waitFor({ state: "detached" });
}));

const looks: readonly (Look & { readonly name: string })[] = [
  { name: "light", theme: "light" }, { name: "dark", theme: "dark" }, { name: "phone-light", theme: "light", width: 360, height: 740 },
  { name: "phone-dark", theme: "dark", width: 360, height: 740 },
];
for (const { name, ...look } of looks) {
  test(`Everyone can use it: ${name}`, () => onPlayground(look, async (tab) => {
    const { page } = tab;
    tab.allow(/status of 500/);
    await tab.checkAccess();
    await tab.picture(`playground-${name}-empty`);
    await page.getByLabel("Examples").selectOption({ label: "Group records into a table" });
    await page.getByRole("button", { name: "Stream" }).click();
    await waitFor(reason(page), "ok");
    await tab.checkWidth();
    await tab.checkAccess();
    await tab.picture(`playground-${name}-table`);
    await page.getByLabel("Examples").selectOption({ label: "Print while it works" });
    await page.getByRole("button", { name: "Stream" }).click();
    await waitFor(reason(page), "ok");
    await tab.checkWidth();
    await tab.checkAccess();
    await tab.picture(`playground-${name}-lines`);
    await page.getByLabel("Examples").selectOption({ label: "Fail, and see where" });
    await page.getByRole("button", { name: /^Run/ }).click();
    await waitFor(reason(page), "error");
    await tab.checkWidth();
    await tab.checkAccess();
    await tab.picture(`playground-${name}-failed`);
  }));
}

test("The theme follows the system until the user chooses one", () => onPlayground({ theme: "dark" }, async ({ page }) => {
  const isDark = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor !== "rgb(255, 255, 255)");
  assert.equal(await isDark(), true);
  await page.emulateMedia({ colorScheme: "light" });
  await until("the page is light", async () => !(await isDark()));
  await page.getByRole("button", { name: "Theme: system" }).click();
  await page.getByRole("button", { name: "Theme: light" }).click();
  assert.equal(await isDark(), true);
  await page.reload();
  await page.getByRole("button", { name: "Theme: dark" }).waitFor();
  assert.equal(await isDark(), true);
}));

test("A server with keys asks for one, which is in no address and is forgotten on signing out", async () => {
  const keyed = await keyedServer();
  await onPlayground({}, async (tab) => {
    const { page } = tab;
    tab.allow(/status of 401/);
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.getByRole("dialog", { name: "Sign in with a key" }).waitFor();
    await tab.checkAccess();
    await page.getByLabel("Secret of the key").fill("wrong-0123456789");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText(/known|key/i).first().waitFor();
    await until("the key is asked for again", async () => (await page.getByLabel("Secret of the key").inputValue()) === "");
    const addresses: string[] = [];
    page.on("request", (request) => addresses.push(request.url()));
    await page.getByLabel("Secret of the key").fill(adminKey);
    await page.keyboard.press("Enter");
    await waitFor(reason(page), "ok");
    await page.reload();
    await code(page).waitFor();
    await page.keyboard.press("ControlOrMeta+Enter");
    await waitFor(reason(page), "ok");
    assert.ok(addresses.length > 0 && addresses.every((one) => !one.includes(adminKey)));
    await page.getByRole("button", { name: "Call it" }).click();
    assert.match(await page.locator(".call-text").innerText(), /X-Api-Key: \$FAAS_KEY/);
    assert.ok(!(await page.content()).includes(adminKey));
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Sign out" }).click();
    assert.equal(await page.evaluate(() => sessionStorage.getItem("faas.key")), null);
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.getByRole("dialog", { name: "Sign in with a key" }).waitFor();
    await page.keyboard.press("Escape");
    await waitFor(reason(page), "unauthorized");
  }, "/", keyed.address);
});

test("When the server goes, a run says so; when it is back, the page goes on", async () => {
  const keyed = await keyedServer();
  await onPlayground({}, async (tab) => {
    const { page } = tab;
    tab.allow(/status of 401/, /ERR_CONNECTION_REFUSED/, /ERR_INCOMPLETE_CHUNKED_ENCODING/, /status of 503/);
    await page.getByRole("button", { name: "Sign in with a key" }).click();
    await page.getByLabel("Secret of the key").fill(adminKey);
    await page.keyboard.press("Enter");
    await keyed.end();
    await page.keyboard.press("ControlOrMeta+Enter");
    await waitFor(reason(page), "unreachable");
    await page.getByText("The server does not answer. The page asks again every 5 seconds.").waitFor();
    await keyed.begin();
    await page.getByText("The server does not answer. The page asks again every 5 seconds.").waitFor({ state: "detached" });
    await page.keyboard.press("ControlOrMeta+Enter");
    await waitFor(reason(page), "ok");
  }, "/", keyed.address);
});

test("Every example runs, and only the one that says so fails", async () => {
  const outcomes = await Promise.all(examples.map(async ({ title, language, code: source, input: given }) => {
    const response = await fetch(`${address}/run-now`, { method: "POST", body: JSON.stringify({ language, code: source, input: given }) });
    return [title, response.ok ? "ok" : ((await response.json()) as { reason: string }).reason];
  }));
  assert.deepEqual(outcomes, examples.map(({ title }) => [title, title.startsWith("Fail") ? "error" : "ok"]));
});

test("An address that names no part of the page says so, and views are not mixed up with the API", async () => {
  const browserSays = await fetch(`${address}/nowhere`, { headers: { Accept: "text/html" } });
  assert.equal(browserSays.status, 404);
  assert.match((await fetch(`${address}/`)).headers.get("content-type")!, /^text\/plain/);
});

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { onPage, until, type Look } from "./browser.ts";
import { begin, endOf, endless, recordOf, send, signIn, upload } from "./calls.ts";
import { Proxy } from "./proxy.ts";
import { Server } from "./server.ts";
import { adminKey, executeKey, keyedServer, openServer } from "./shared.ts";

const { address } = await openServer();
const details = (page: Page) => page.getByRole("complementary", { name: /^Run / });
/** The state of the run that is shown beside the list. */
const outcome = (page: Page, word: string) => details(page).locator(".outcome").filter({ hasText: new RegExp(`${word}$`) });
const addressOf = (id: string, query = "") => `/runs/${encodeURIComponent(id)}?kept=true${query}`;
const cancel = (server: string, id: string, key?: string) =>
  send(server, `/api/v1/runs/${encodeURIComponent(id)}`, undefined, "DELETE", key);

/** A script that counts until someone ends it. */
const counting = "import time\nn = 0\nwhile True:\n    n += 1\n    print(n, flush=True)\n    time.sleep(0.02)";

const failing = "if event.get('fails', True): raise ValueError('no number')\nreturn event";

test("A script is run asynchronously from its page, which leads to the run with its input, lines and value", async () => {
  await upload(address, "kept/echo", "print('adding')\nreturn event");
  await onPage(address, "/scripts/kept/echo", {}, async (tab) => {
    const { page } = tab;
    tab.allow(/status of 400/);
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: "Run asynchronously" }).click();
    const input = dialog.getByLabel("Input, as JSON");
    await input.fill('{"n": ');
    await dialog.getByRole("button", { name: "Start" }).click();
    await dialog.getByText(/The input is not valid JSON/).waitFor();
    assert.equal(await input.getAttribute("aria-invalid"), "true");
    await input.fill('{"n": 12345678901234567890}');
    await dialog.getByLabel(/^Not before/).fill("2099-01-01T00:00");
    await dialog.getByRole("button", { name: "Start" }).click();
    await dialog.getByText(/^"notBefore" is .*; allowed is a time of the next/).waitFor();
    await tab.checkAccess();
    await dialog.getByLabel(/^Not before/).fill("");
    await dialog.getByLabel("Priority").selectOption("7");
    await dialog.getByRole("button", { name: "Start" }).click();

    await outcome(page, "ok").waitFor();
    assert.match(page.url(), /\/runs\/[^/]+~k[0-9a-f]+\?kept=true$/);
    await details(page).getByRole("log").getByText("adding").waitFor();
    for (const name of ["Input", "Value"]) {
      await details(page).getByRole("region", { name, exact: true }).getByText("12345678901234567890").waitFor();
    }
    assert.match(await details(page).innerText(), /Priority\n7/);
    await page.getByRole("option").filter({ hasText: "kept/echo" }).first().waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "kept/echo" }).waitFor();
  });
});

test("A run that waits is cancelled after a question, by the keyboard", async () => {
  await upload(address, "kept/later", "return 1");
  const id = await begin(address, "kept/later", { notBefore: new Date(Date.now() + 3_600_000).toISOString() });
  await onPage(address, addressOf(id), {}, async ({ page }) => {
    await details(page).getByText("The run has not begun.").waitFor();
    await details(page).getByText("Not before").waitFor();
    const button = details(page).getByRole("button", { name: "Cancel" });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Cancel the run" }).waitFor();
    await page.keyboard.press("Escape");
    assert.equal((await recordOf(address, id)).state, "queued");
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Cancel the run" }).click();
    await page.getByRole("status").getByText("The run of kept/later is cancelled, and its processes are dead.").waitFor();
    await outcome(page, "cancelled").waitFor();
    assert.equal((await recordOf(address, id)).reason, "cancelled");
    await page.getByRole("option").filter({ hasText: "kept/later" }).filter({ hasText: "cancelled" }).first().waitFor();
  });
});

test("A log goes on after the connection was lost, and shows no line twice and none too few", async () => {
  const folder = await mkdtemp(join(tmpdir(), "faas-kept-"));
  await writeFile(join(folder, "faas.conf"), "faas.http.ping-interval = 1s");
  const server = await Server.start({ FAAS_CONFIG: join(folder, "faas.conf") });
  const proxy = await Proxy.start(server.address);
  try {
    await upload(server.address, "kept/counting", counting);
    const id = await begin(server.address, "kept/counting");
    await onPage(proxy.address, addressOf(id), {}, async (tab) => {
      tab.allow(/ERR_/);
      const { page } = tab;
      const status = (text: string) => details(page).getByRole("status").getByText(text, { exact: true });
      const log = details(page).getByRole("log");
      await status("Live").waitFor();
      await log.locator(".log-line").first().waitFor();
      proxy.silence();
      await status("Connection lost, resuming…").waitFor();
      const known = (await recordOf(server.address, id)).log.length;
      await until("lines were printed meanwhile", async () => (await recordOf(server.address, id)).log.length > known);
      proxy.resume();
      await status("Live").waitFor();
      await cancel(server.address, id);
      await outcome(page, "cancelled").waitFor();
      const { log: printed } = await recordOf(server.address, id);
      await details(page).getByText(`${printed.length.toLocaleString("en")} lines`, { exact: true }).waitFor();
      await log.evaluate((box) => (box.scrollTop = 0));
      await log.getByText("1", { exact: true }).waitFor();
      const shown = (await log.locator(".log-line").allInnerTexts()).map((text) => Number(text.trim()));
      assert.deepEqual(shown, shown.map((_, at) => at + 1));
      await log.evaluate((box) => (box.scrollTop = box.scrollHeight));
      await log.getByText(`${printed.length}`, { exact: true }).waitFor();
    });
  } finally {
    await proxy.dispose();
    await server.dispose();
    await rm(folder, { recursive: true });
  }
});

test("A dead letter is redriven, and the two runs lead to each other", async () => {
  await upload(address, "dead/one", failing);
  const id = await begin(address, "dead/one", { input: { n: 5 } });
  await endOf(address, id);
  await upload(address, "dead/one", "return event['n']");
  await onPage(address, "/runs?kept=true&dead=true&path=dead%2Fone", {}, async ({ page }) => {
    await page.getByRole("option").filter({ hasText: "dead letter" }).click();
    await details(page).getByText("ValueError: no number").first().waitFor();
    await details(page).getByRole("button", { name: "Redrive, latest version" }).click();
    await outcome(page, "ok").waitFor();
    const by = (await recordOf(address, id)).redrivenBy!;
    assert.deepEqual((await recordOf(address, by)).input, { n: 5 });
    await details(page).getByRole("link", { name: id }).click();
    await details(page).getByRole("link", { name: by }).waitFor();
    assert.equal(await details(page).getByRole("button", { name: "Redrive" }).count(), 0);
    await details(page).getByRole("link", { name: by }).click();
    await details(page).getByRole("link", { name: id }).waitFor();
  });
});

test("The dead letters of a filter are redriven together, and what is refused is said", async () => {
  await upload(address, "many/failing", failing);
  await upload(address, "many/gone", failing);
  await upload(address, "other/failing", failing);
  const ids = await Promise.all(["many/failing", "many/failing", "many/gone", "other/failing"].map((path) => begin(address, path)));
  for (const id of ids) await endOf(address, id);
  await send(address, "/api/v1/scripts/many%2Fgone", undefined, "DELETE");
  await upload(address, "many/failing", "return 1");
  await onPage(address, "/runs?kept=true&path=many", {}, async (tab) => {
    const { page } = tab;
    await page.getByRole("option").nth(2).waitFor();
    assert.equal(await page.getByRole("button", { name: "Redrive these dead letters" }).count(), 0);
    await page.getByRole("checkbox", { name: "Dead letters" }).check();
    await page.getByRole("button", { name: "Redrive these dead letters" }).click();
    const dialog = page.getByRole("dialog", { name: "Redrive these dead letters" });
    await dialog.getByRole("checkbox").check();
    await dialog.getByRole("button", { name: "Redrive", exact: true }).click();
    await dialog.getByText("2 runs run again.").waitFor();
    await dialog.getByText(/not_found/).waitFor();
    await tab.checkAccess();
    await dialog.getByRole("button", { name: "Done" }).click();
    await until("only the refused one is left", async () => (await page.getByRole("option").count()) === 1);
  });
  assert.equal((await recordOf(address, ids[3]!)).redrivenBy, undefined);
});

test("The two lists are chosen by the keyboard, and the filters stand in the address", async () => {
  await upload(address, "choice/good", "return 1");
  await upload(address, "choice/bad", failing);
  for (const path of ["choice/good", "choice/bad"]) await endOf(address, await begin(address, path));
  await onPage(address, "/runs?path=choice", {}, async ({ page }) => {
    await page.getByRole("radio", { name: "Recent" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("heading", { name: "Kept runs" }).waitFor();
    await page.locator("[role=radio]:focus").getByText("Kept").waitFor();
    assert.equal(new URL(page.url()).search, "?kept=true&path=choice");
    const rows = page.getByRole("option");
    await until("both are there", async () => (await rows.count()) === 2);
    await page.getByText("Reason: any").click();
    await page.getByRole("checkbox", { name: "error", exact: true }).check();
    await until("only the failure is there", async () => (await rows.count()) === 1);
    assert.equal(new URL(page.url()).search, "?kept=true&path=choice&reason=error");
    await page.keyboard.press("Escape");
    await page.getByRole("searchbox", { name: "Name of a key" }).fill("no-such-key");
    await page.getByText("No kept run is like this").waitFor();
    await page.reload();
    await page.getByText("No kept run is like this").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await rows.first().waitFor();
    await page.getByRole("radio", { name: "Kept" }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.locator("[role=radio]:focus").getByText("Recent").waitFor();
  });
});

test("The history comes in pages, and stands still while older runs are read", () =>
  onPage(address, "/runs", {}, async (tab) => {
    tab.allow(/status of 404/); // the run that is chosen is in the list alone
    const { page } = tab;
    const all = Array.from({ length: 250 }, (_, at) => ({
      id: `r${at}~k1`, call: `r${at}`, via: "run", path: `bulk/r${at}`, language: "python", state: "ended", reason: "ok", kept: true,
      received: new Date(Date.UTC(2026, 0, 2) - at * 60_000).toISOString(),
    }));
    const asked: string[] = [];
    await page.route(/\/api\/v1\/runs\?kept=true/, (route) => {
      const query = new URL(route.request().url()).searchParams;
      const [from, limit] = [Number(query.get("after") ?? 0), Number(query.get("limit"))];
      asked.push(`${from}`);
      const next = from + limit < all.length ? { next: `${from + limit}` } : {};
      return route.fulfill({ json: { runs: all.slice(from, from + limit), kept: { runs: 20_000, ageSeconds: 604_800 }, ...next } });
    });
    await page.getByRole("radio", { name: "Kept" }).click();
    const note = page.getByRole("note");
    await note.getByText(/^100 runs\. The server keeps the last 20,000 that have ended, for 7 d\./).waitFor();
    await page.getByRole("button", { name: "Show older runs" }).click();
    await note.getByText(/^200 runs, which stand still/).waitFor();
    await page.getByRole("button", { name: "Show older runs" }).click();
    await note.getByText(/^250 runs, which stand still/).waitFor();
    assert.equal(await page.getByRole("button", { name: "Show older runs" }).count(), 0);
    assert.deepEqual(asked.filter((from) => from !== "0"), ["100", "200"]);
    await page.getByRole("listbox", { name: "Runs" }).focus();
    await page.keyboard.press("End");
    await page.getByRole("option", { selected: true }).getByText("bulk/r249").waitFor();
    assert.ok((await page.getByRole("option").count()) < 100);
    await page.getByRole("button", { name: "Read anew" }).click();
    await note.getByText(/^100 runs\. /).waitFor();
  }));

test("A key sees the runs that it has started, and what it lacks is said", async () => {
  const keyed = await keyedServer();
  await upload(keyed.address, "kept/mine", endless, {}, adminKey);
  const key = async (name: string, scopes: readonly string[]) =>
    (await send<{ secret: string }>(keyed.address, "/api/v1/keys", { name, scopes }, "POST", adminKey)).secret;
  const [invoker, watcher] = [await key("kept-invoker", ["invoke"]), await key("kept-watcher", ["runs"])];
  const [mine, other] = [
    await begin(keyed.address, "kept/mine", {}, invoker), await begin(keyed.address, "kept/mine", { input: {} }, adminKey),
  ];
  await onPage(keyed.address, addressOf(mine), {}, async (tab) => {
    const { page } = tab;
    tab.allow(/status of (403|404)/);
    await signIn(tab, invoker);
    await page.getByRole("alert").getByText('The key "kept-invoker" lacks the scope "runs".').waitFor();
    await details(page).getByRole("log").getByText("begun").waitFor();
    await details(page).getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel the run" }).click();
    await outcome(page, "cancelled").waitFor();
    await page.goto(keyed.address + addressOf(other));
    await page.getByText("This run is not kept any more").waitFor();
    await tab.checkAccess();
  });
  await onPage(keyed.address, addressOf(other), {}, async (tab) => {
    const { page } = tab;
    await signIn(tab, watcher);
    await details(page).getByRole("log").getByText("begun").waitFor();
    const button = details(page).getByRole("button", { name: "Cancel", disabled: true });
    assert.equal(await button.getAttribute("title"), 'The key "kept-watcher" lacks the scope "admin".');
    await cancel(keyed.address, other, adminKey);
    await outcome(page, "cancelled").waitFor();
    await details(page).getByRole("button", { name: "Redrive", exact: true, disabled: true }).click({ force: true });
    await page.getByRole("status").getByText('The key "kept-watcher" lacks the scope "invoke".').waitFor();
  });
  await onPage(keyed.address, "/runs?kept=true", {}, async (tab) => {
    tab.allow(/status of 403/);
    await signIn(tab, executeKey);
    await tab.page.getByRole("alert").getByText('The key "runner" lacks the scope "runs".').waitFor();
  });
});

test("What is not kept, and that nothing is kept yet, is said in plain words", async () => {
  const fresh = await Server.start();
  try {
    await onPage(fresh.address, "/runs?kept=true", {}, async (tab) => {
      const { page } = tab;
      tab.allow(/status of 404/);
      await page.getByText("No run is kept yet").waitFor();
      await tab.checkAccess();
      await page.goto(fresh.address + addressOf("nothing~k1"));
      await page.getByText("This run is not kept any more").waitFor();
      await page.getByRole("button", { name: "Close the details" }).click();
      assert.equal(page.url(), `${fresh.address}/runs?kept=true`);
    });
  } finally {
    await fresh.dispose();
  }
});

const looks: readonly (Look & { readonly name: string })[] = [
  { name: "light", theme: "light" },
  { name: "dark", theme: "dark" },
  { name: "phone-light", theme: "light", width: 360, height: 740 },
  { name: "phone-dark", theme: "dark", width: 360, height: 740 },
];
for (const { name, ...look } of looks) {
  test(`Everyone can use the kept runs: ${name}`, async () => {
    await upload(address, "looks/report", "print('adding up')\nreturn [{'name': 'a', 'total': 3}, {'name': 'b', 'total': 5}]");
    await upload(address, "looks/price", `import sys\nprint('looking for a price', file=sys.stderr)\n${failing}`);
    const good = await begin(address, "looks/report", { input: { days: [1, 2, 3], currency: "EUR" } });
    await endOf(address, good);
    await endOf(address, await begin(address, "looks/price"));
    await onPage(address, "/runs?kept=true&path=looks", look, async (tab) => {
      const { page } = tab;
      await page.getByRole("option").filter({ hasText: "dead letter" }).first().waitFor();
      await tab.checkWidth();
      await tab.checkAccess();
      await tab.picture(`kept-${name}`);
      await page.getByRole("option").filter({ hasText: "dead letter" }).first().click();
      await page.getByRole("log").getByText("looking for a price").waitFor();
      await tab.checkWidth();
      await tab.checkAccess();
      await tab.picture(`kept-${name}-dead`);
      await page.goto(address + addressOf(good, "&path=looks"));
      await page.getByRole("log").getByText("adding up").waitFor();
      await tab.checkWidth();
      await tab.checkAccess();
      await tab.picture(`kept-${name}-run`);
    });
  });
}

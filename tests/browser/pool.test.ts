import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { onPage, until, type Look } from "./browser.ts";
import { endless, goneServer, send, signIn, upload } from "./calls.ts";
import { adminKey, executeKey, keyedServer, openServer } from "./shared.ts";

const { address } = await openServer();
const cells = ".cells [role=option]";

test("A sandbox shows what it is bound to while it runs, and a run can be cancelled", () =>
  onPage(address, "/pool", {}, async ({ page }) => {
    await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
    const version = await upload(address, "pool/endless", endless);
    const answer = fetch(`${address}/run/pool/endless`, { method: "POST" });

    const cell = page.locator(cells).filter({ hasText: `busy, pool/endless @ ${version}` });
    await cell.waitFor();
    await cell.click();
    const details = page.getByRole("complementary", { name: /^Sandbox / });
    await details.getByRole("link", { name: `pool/endless @ ${version}` }).waitFor();
    await details.getByRole("button", { name: /^Cancel the run/ }).click();
    assert.equal((await answer).status, 503);
    await page.getByRole("status").getByText("The run of pool/endless is cancelled.").waitFor();
    await page.getByRole("region", { name: "Executed now" }).getByText("No run is executed.").waitFor();
  }));

test("Arrow keys lead from cell to cell, and Escape closes the details", () =>
  onPage(address, "/pool", {}, async ({ page }) => {
    // Two spares, one of each runtime, are there on every server as it is shipped.
    await page.locator(cells).nth(1).waitFor();
    const names = await page.locator(cells).evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset["name"]));
    await page.locator(cells).first().focus();
    await page.keyboard.press("End");
    await page.getByRole("complementary", { name: `Sandbox ${names.at(-1)}` }).waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("complementary", { name: `Sandbox ${names.at(-2)}` }).waitFor();
    assert.equal(await page.evaluate(() => (document.activeElement as HTMLElement).dataset["name"]), names.at(-2));
    await page.keyboard.press("Escape");
    await page.getByRole("complementary", { name: /^Sandbox/ }).waitFor({ state: "detached" });
  }));

test("Each figure names its settings, and a reload says what has changed", () =>
  onPage(address, "/pool", {}, async ({ page }) => {
    const queue = page
      .locator(".governor")
      .filter({ hasText: /^faas\.pool\.queue\s*64\s*0 to 100000/ })
      .first();
    await queue.locator("summary").click();
    await queue.getByText("Allowed: 0 to 100000.").waitFor();
    await queue.getByText(/then reload the settings: the running server takes it/).waitFor();
    await page.getByRole("cell", { name: "faas.sandbox.memory" }).waitFor();
    await page.getByRole("button", { name: "Reload the settings" }).click();
    await page.getByRole("status").getByText("The files say nothing new that takes effect now.").waitFor();
  }));

test("How runs end is counted by reason", () =>
  onPage(address, "/pool", {}, async (tab) => {
    await fetch(`${address}/run-now`, {
      method: "POST",
      body: JSON.stringify({ language: "python", code: "raise ValueError('counted')" }),
    });
    const error = tab.page.getByRole("list", { name: "Reasons" }).getByRole("button", { name: /^error/ });
    await error.waitFor();
    assert.equal(await error.getAttribute("aria-pressed"), "true");
    await error.click();
    assert.equal(await error.getAttribute("aria-pressed"), "false");
    await tab.page.getByRole("img", { name: /^Runs by minute in the last hour: ok \d.*error \d/ }).waitFor();
  }));

test("When the server is started again, the pool is live again, with the new server's sandboxes", async () => {
  const keyed = await keyedServer();
  await onPage(keyed.address, "/pool", {}, async (tab) => {
    tab.allow(...goneServer);
    const { page } = tab;
    await signIn(tab, adminKey);
    await upload(keyed.address, "pool/before", "return 1", {}, adminKey);
    await send(keyed.address, "/run/pool/before", {}, "POST", adminKey);
    await page.locator(cells).filter({ hasText: "pool/before" }).first().waitFor();
    await keyed.end();
    await page.getByRole("status").getByText("Reconnecting…").waitFor();
    await keyed.begin();
    await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
    await until(
      "the old server's sandboxes are gone",
      async () => (await page.locator(cells).filter({ hasText: "pool/before" }).count()) === 0,
    );
    await page.locator(cells).first().waitFor();
  });
});

test("A key without the scope admin is told so", async () => {
  const keyed = await keyedServer();
  await onPage(keyed.address, "/pool", {}, async (tab) => {
    tab.allow(/status of 403/);
    await signIn(tab, executeKey);
    await tab.page.getByRole("alert").getByText('The key "runner" lacks the scope "admin".').waitFor();
    await tab.checkAccess();
  });
});

/** A pool as a large server tells it. */
const crowd = JSON.stringify({
  event: "pool",
  pool: {
    counts: { starting: 0, spare: 2, idle: 398, busy: 0, waiting: 0, heldBytes: 1e9, memoryBytes: 4e9 },
    sandboxes: Array.from({ length: 400 }, (_, index) => ({
      name: `node-${index}`,
      image: "node",
      state: ["idle", "busy", "spare", "starting", "closing"][index % 5],
      since: "2026-02-08T07:33:20Z",
      memoryBytes: 2.5e6,
      uses: index,
      runs: 0,
      ...(index % 5 < 2 && { path: `shop/orders/s${index % 20}`, version: 1_739_000_000 }),
    })),
    runs: Array.from({ length: 30 }, (_, index) => ({
      id: `a~${index}`,
      path: `shop/orders/s${index % 7}`,
      mode: "execute",
      since: "2026-02-08T07:33:20Z",
    })),
  },
});

const showCrowd = (page: Page) =>
  page.route("**/api/v1/pool/events", (route) => route.fulfill({ contentType: "text/event-stream", body: `data: ${crowd}\n\n` }));

test("What small cells are bound to is said beside them and in a list, to the pointer and to the keyboard", () =>
  onPage(address, "/pool", {}, async (tab) => {
    const { page } = tab;
    await showCrowd(page);
    await page.reload();
    await until("there are 400 cells", async () => (await page.locator(cells).count()) === 400);
    const tip = page.locator(".cell-tip");
    await page.locator("[data-name=node-81]").hover();
    await tip.getByText("node-81, busy, shop/orders/s1 @ 1739000000, 2.4 MiB").waitFor();
    await page.mouse.move(0, 0);
    await tip.waitFor({ state: "detached" });
    await page.locator(cells).first().focus();
    await tip.getByText(/^node-0, idle, shop\/orders\/s0 @/).waitFor();
    await page.keyboard.press("ArrowRight");
    await tip.getByText(/^node-1, busy, shop\/orders\/s1 @/).waitFor();
    await page.keyboard.press("Escape");
    await tip.waitFor({ state: "detached" });

    const list = page.getByRole("region", { name: "What the sandboxes are bound to" });
    assert.equal(await list.getByRole("row").count(), 9);
    await page.getByRole("searchbox", { name: "Find the sandboxes of a script" }).fill("S16");
    await list.getByRole("button", { name: "shop/orders/s16 @ 1739000000" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: "Sandbox node-16" }).waitFor();
    assert.equal(await page.locator(".cell-kin").count(), 20);
    assert.match(await list.getByRole("row").last().innerText(), /s16 @ 1739000000\s+20\s+20\s+0\s/);
    await tab.checkAccess();
  }));

const looks: readonly (Look & { readonly name: string })[] = [
  { name: "light", theme: "light", height: 1000 },
  { name: "dark", theme: "dark", height: 1000 },
  { name: "phone-light", theme: "light", width: 360, height: 740 },
  { name: "phone-dark", theme: "dark", width: 360, height: 740 },
];
for (const { name, ...look } of looks) {
  test(`Everyone can use the pool: ${name}`, () =>
    onPage(address, "/pool", look, async (tab) => {
      const { page } = tab;
      await page.locator(cells).first().waitFor();
      await page.getByRole("list", { name: "Reasons" }).waitFor();
      await page.getByRole("cell", { name: "faas.pool.running" }).waitFor();
      await page.locator(cells).first().click();
      await tab.checkWidth();
      await tab.checkAccess();
      await tab.picture(`pool-${name}`);

      // Four hundred cells, by a stream that has this one message.
      await showCrowd(page);
      await page.reload();
      await until("there are 400 cells", async () => (await page.locator(cells).count()) === 400);
      await page.getByRole("searchbox", { name: "Find the sandboxes of a script" }).fill("s16");
      assert.equal(await page.locator(`${cells}:not(.cell-faint)`).count(), 20);
      await tab.checkWidth();
      await page.getByRole("searchbox", { name: "Find the sandboxes of a script" }).fill("");
      await tab.checkAccess();
      await tab.picture(`pool-${name}-crowd`);
      await page.locator(".bindings").evaluate((list) => list.scrollIntoView({ block: "center" }));
      await page.locator("[data-name=node-396]").hover();
      await tab.checkWidth();
      await tab.picture(`pool-${name}-bindings`);
    }));
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { onPage, until, type Look } from "./browser.ts";
import { endless, goneServer, send, signIn, upload } from "./calls.ts";
import { adminKey, executeKey, keyedServer, openServer } from "./shared.ts";

const { address } = await openServer();
const run = (path: string, input: object = {}) => fetch(`${address}/run/${path}`, { method: "POST", body: JSON.stringify({ input }) });

test("A run appears when it begins, shows what it prints and costs, and can be cancelled", async () => {
  await upload(address, "runs/endless", endless);
  await onPage(address, "/runs", {}, async ({ page }) => {
    await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
    const answer = run("runs/endless");
    const row = page.getByRole("option").filter({ hasText: "runs/endless" });
    await row.filter({ hasText: "running" }).click();
    const details = page.getByRole("complementary", { name: /^Run / });
    await details.getByRole("log").getByText("begun").waitFor();
    await details.getByRole("button", { name: /^Cancel the run/ }).click();
    assert.equal((await answer).status, 503);
    await row.filter({ hasText: "cancelled" }).waitFor();
    await details.getByText("wait for a sandbox").waitFor();
    assert.match(new URL(page.url()).pathname, /^\/runs\/.+/);
  });
});

test("A failure is shown with its place, and stderr apart", async () => {
  await upload(
    address,
    "runs/failing",
    "import sys\nprint('to stdout')\nprint('to stderr', file=sys.stderr)\nraise ValueError('no number')",
  );
  await onPage(address, "/runs?path=runs%2Ffailing", {}, async ({ page }) => {
    await run("runs/failing");
    await page.getByRole("option").filter({ hasText: "error" }).first().click();
    const details = page.getByRole("complementary", { name: /^Run / });
    await details.getByText("ValueError: no number").first().waitFor();
    await details.locator(".log-error").getByText("to stderr").waitFor();
    await details.getByRole("log").getByText("to stdout").waitFor();
    await page.reload();
    await details.getByRole("log").getByText("to stdout").waitFor();
    await page.getByRole("button", { name: "Close the details" }).click();
    assert.equal(new URL(page.url()).search, "?path=runs%2Ffailing");
  });
});

test("Filters narrow the list, stand in the address, and are read by the keyboard", async () => {
  await upload(address, "narrow/good", "return 1");
  await upload(address, "narrow/bad", "raise ValueError('x')");
  await run("narrow/good");
  await run("narrow/bad");
  await onPage(address, "/runs?path=narrow", {}, async ({ page }) => {
    const rows = page.getByRole("option");
    await until("both are there", async () => (await rows.count()) >= 2);
    await page.getByText("Reason: any").click();
    await page.getByRole("checkbox", { name: "error" }).check();
    await until(
      "only failures are there",
      async () => (await rows.count()) > 0 && (await rows.filter({ hasText: "narrow/good" }).count()) === 0,
    );
    assert.equal(new URL(page.url()).search, "?path=narrow&reason=error");
    await page.keyboard.press("Escape");
    await page.getByRole("searchbox", { name: "Text" }).fill("nothing has this");
    await page.getByText("No run is like this").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await until("all are there", async () => (await rows.filter({ hasText: "narrow/good" }).count()) > 0);
    await page.getByRole("listbox", { name: "Runs" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.equal(await rows.nth(1).getAttribute("aria-selected"), "true");
    await page.getByRole("complementary", { name: /^Run / }).waitFor();
  });
});

test("A list that is paused stands still, and counts what comes", async () => {
  await upload(address, "paused/one", "return 1");
  await run("paused/one");
  await onPage(address, "/runs?path=paused", {}, async ({ page }) => {
    const rows = page.getByRole("option");
    await rows.first().waitFor();
    const before = await rows.count();
    await page.getByRole("button", { name: "Pause" }).click();
    await run("paused/one");
    await page.getByRole("button", { name: "Go on (1 new)" }).waitFor();
    assert.equal(await rows.count(), before);
    await page.getByRole("button", { name: "Go on (1 new)" }).click();
    await until("the new one is there", async () => (await rows.count()) === before + 1);
  });
});

test("When the server is started again, the list is live again, with the new server's runs alone", async () => {
  const keyed = await keyedServer();
  await upload(keyed.address, "runs/again", "return 1", {}, adminKey);
  await onPage(keyed.address, "/runs?path=runs", {}, async (tab) => {
    tab.allow(...goneServer);
    const { page } = tab;
    const rows = page.getByRole("option");
    await signIn(tab, adminKey);
    await send(keyed.address, "/run/runs/again", {}, "POST", adminKey);
    await rows.first().waitFor();
    await keyed.end();
    await page.getByRole("status").getByText("Reconnecting…").waitFor();
    await keyed.begin();
    await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
    await page.getByText("No run is like this").waitFor();
    await send(keyed.address, "/run/runs/again", {}, "POST", adminKey);
    await rows.first().waitFor();
    assert.equal(await rows.count(), 1);
  });
});

test("A run that is not kept, and a key without the scope, are told so", async () => {
  await onPage(address, "/runs/nothing~1", {}, async (tab) => {
    tab.allow(/status of 404/);
    await tab.page.getByText("This run is not kept any more").waitFor();
  });
  const keyed = await keyedServer();
  await onPage(keyed.address, "/runs", {}, async (tab) => {
    tab.allow(/status of 403/);
    await signIn(tab, executeKey);
    await tab.page.getByRole("alert").getByText('The key "runner" lacks the scope "runs".').waitFor();
    await tab.checkAccess();
  });
});

const looks: readonly (Look & { readonly name: string })[] = [
  { name: "light", theme: "light" },
  { name: "dark", theme: "dark" },
  { name: "phone-light", theme: "light", width: 360, height: 740 },
  { name: "phone-dark", theme: "dark", width: 360, height: 740 },
];
for (const { name, ...look } of looks) {
  test(`Everyone can use the runs: ${name}`, async () => {
    await upload(address, "math/add", "print('adding')\nreturn event['a'] + event['b']");
    for (let call = 0; call < 6; call++) await run("math/add", { a: call, ...(call % 3 > 0 && { b: 1 }) });
    await onPage(address, "/runs", look, async (tab) => {
      const { page } = tab;
      await page.getByRole("option").filter({ hasText: "math/add" }).nth(5).waitFor();
      await tab.checkWidth();
      await tab.checkAccess();
      await tab.picture(`runs-${name}`);
      await page.getByRole("option").filter({ hasText: "error" }).first().click();
      await page.getByRole("log").getByText("adding").waitFor();
      await tab.checkWidth();
      await tab.checkAccess();
      await tab.picture(`runs-${name}-details`);
    });
  });
}

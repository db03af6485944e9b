// What the views that are sent by the server have in common: connections that are lost, and keys that end.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { onPage, until } from "./browser.ts";
import { endless, send, signIn, upload } from "./calls.ts";
import { Proxy } from "./proxy.ts";
import { Server } from "./server.ts";
import { adminKey, keyedServer, openServer } from "./shared.ts";

const state = (page: Page, text: string) => page.getByRole("status").getByText(text, { exact: true });

/** Makes a key, and says its secret. */
const makeKey = async (address: string, name: string, scopes: readonly string[]): Promise<string> =>
  (await send<{ secret: string }>(address, "/api/v1/keys", { name, scopes }, "POST", adminKey)).secret;

test("A connection that falls silent without an end is noticed, and made again when the network is back", async () => {
  const folder = await mkdtemp(join(tmpdir(), "faas-live-"));
  await writeFile(join(folder, "faas.conf"), "faas.http.ping-interval = 1s");
  const server = await Server.start({ FAAS_CONFIG: join(folder, "faas.conf") });
  const proxy = await Proxy.start(server.address);
  try {
    await upload(server.address, "live/again", "return 1");
    await onPage(proxy.address, "/runs", {}, async ({ page }) => {
      await state(page, "Live").waitFor();
      proxy.silence();
      await state(page, "Reconnecting…").waitFor();
      await send(server.address, "/run/live/again", {});
      proxy.resume();
      await state(page, "Live").waitFor();
      await page.getByRole("option").filter({ hasText: "live/again" }).waitFor();
    });
  } finally {
    await proxy.dispose();
    await server.dispose();
    await rm(folder, { recursive: true });
  }
});

test("When the key of a live view is ended, the page asks for another one and says why", async () => {
  const { address } = await keyedServer();
  const name = `watcher-${Date.now()}`;
  const secret = await makeKey(address, name, ["runs"]);
  await onPage(address, "/runs", {}, async (tab) => {
    const { page } = tab;
    await signIn(tab, secret);
    await state(page, "Live").waitFor();
    await send(address, `/api/v1/keys/${name}`, undefined, "DELETE", adminKey);
    const dialog = page.getByRole("dialog", { name: "Sign in with a key" });
    await dialog.getByText("The key is unknown.").waitFor();
    await dialog.getByLabel("Secret of the key").fill(adminKey);
    await page.keyboard.press("Enter");
    await state(page, "Live").waitFor();
  });
});

test("Signing out forgets what was read with the key", async () => {
  const { address } = await keyedServer();
  await upload(address, "live/private", "print('a private line')", {}, adminKey);
  await send(address, "/run/live/private", {}, "POST", adminKey);
  await onPage(address, "/runs", {}, async (tab) => {
    const { page } = tab;
    await signIn(tab, adminKey);
    await page.getByRole("option").filter({ hasText: "live/private" }).first().click();
    await page.getByRole("log").getByText("a private line").waitFor();
    await page.getByRole("link", { name: "Playground", exact: true }).click();
    await page.getByRole("button", { name: /^Run/ }).click();
    await page.getByText("Nothing has run yet").waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Runs", exact: true }).click();
    await page.getByRole("option").filter({ hasText: "live/private" }).first().click();
    await page.getByRole("log").getByText("a private line").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("dialog", { name: "Sign in with a key" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("alert").getByText(/A key is needed/).first().waitFor();
    assert.doesNotMatch(await page.content(), /live\/private|a private line/);
    assert.equal(await page.getByText("Connecting…").count(), 0);
    await page.getByRole("link", { name: "Playground", exact: true }).click();
    await page.getByText("Nothing has run yet").waitFor();
  });
});

test("What the key does not allow cannot be pressed, and says so", async () => {
  const { address } = await keyedServer();
  const name = `looker-${Date.now()}`;
  const secret = await makeKey(address, name, ["read", "runs"]);
  await upload(address, "live/endless", endless, {}, adminKey);
  const answer = fetch(`${address}/run/live/endless`, { method: "POST", headers: { "X-Api-Key": adminKey } });
  await onPage(address, "/scripts/live/endless", {}, async (tab) => {
    const { page } = tab;
    await signIn(tab, secret);
    const refused = page.getByRole("alert").or(page.getByRole("status")).getByText(`The key "${name}" lacks the scope "write".`);
    for (const action of ["Disable", "New alias"]) {
      const button = page.getByRole("button", { name: action, exact: true, disabled: true });
      await button.waitFor();
      assert.equal(await button.getAttribute("title"), `The key "${name}" lacks the scope "write".`);
    }
    await page.getByRole("button", { name: "Disable", exact: true }).click({ force: true });
    await refused.first().waitFor();
    await tab.checkAccess();
    await page.keyboard.press("ControlOrMeta+k");
    await page.getByRole("combobox", { name: "Command" }).fill("the script");
    await page.getByRole("option", { name: /Show the runs of the script/ }).waitFor();
    assert.equal(await page.getByRole("option", { name: /(Delete|Disable) the script/ }).count(), 0);
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Runs", exact: true }).first().click();
    await page.getByRole("option").filter({ hasText: "live/endless" }).filter({ hasText: "running" }).first().click();
    await page.getByRole("button", { name: /^Cancel the run/, disabled: true }).waitFor();
  });
  for (const run of (await send<{ runs: { id: string }[] }>(address, "/api/v1/pool", undefined, "GET", adminKey)).runs)
    await send(address, `/api/v1/pool/runs/${run.id}`, undefined, "DELETE", adminKey);
  await answer;
});

test("A run under way is read again, and one that has ended is not", async () => {
  const { address } = await openServer();
  await upload(address, "live/slow", endless);
  await onPage(address, "/runs?path=no/such", {}, async ({ page }) => {
    const answer = fetch(`${address}/run/live/slow`, { method: "POST" });
    let id = "";
    await until("the run is under way", async () => {
      id = (await send<{ runs: { id: string }[] }>(address, "/api/v1/runs?path=live/slow&state=running")).runs[0]?.id ?? "";
      return id !== "";
    });
    let readings = 0;
    page.on("request", (request) => (readings += request.url().endsWith(`/api/v1/runs/${id}`) ? 1 : 0));
    await page.clock.install();
    // The list, with its filter, does not know this run.
    await page.goto(`${address}/runs/${id}?path=no/such`);
    await page.getByRole("log").getByText("begun").waitFor();
    await page.clock.runFor(5_500);
    await until("it is read again", async () => readings > 1);
    await page.getByRole("button", { name: /^Cancel the run/ }).click();
    await answer;
    await until("its end is read", async () => {
      await page.clock.runFor(5_500);
      return page.getByRole("complementary", { name: /^Run / }).getByText("cancelled").first().isVisible();
    });
    await page.clock.runFor(12_000);
    const read = readings;
    await page.clock.runFor(12_000);
    // What the page has asked for before this has been noted when this is answered.
    await page.evaluate(() => fetch("/healthz"));
    assert.equal(readings, read);
  });
});

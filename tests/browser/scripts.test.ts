import assert from "node:assert/strict";
import { test } from "node:test";
import { onPage, until, type Look } from "./browser.ts";
import { send, signIn, upload } from "./calls.ts";
import { storeScripts } from "./pictures.ts";
import { adminKey, executeKey, keyedServer, openServer } from "./shared.ts";

const { address } = await openServer();
const api = (path: string, rest = "") => `/api/v1/scripts/${encodeURIComponent(path)}${rest}`;

test("The tree is read by the keyboard, narrowed by a text, and opens a script", async () => {
  await upload(address, "tree/one", "return 1");
  await upload(address, "tree/deep/two", "return 2", { description: "Gives two." });
  await onPage(address, "/scripts", {}, async ({ page }) => {
    const tree = page.getByRole("tree", { name: "Scripts" });
    await page.getByRole("searchbox", { name: "Find a script" }).fill("DEEP two");
    await tree.getByRole("treeitem", { name: /two/ }).waitFor();
    assert.equal(await tree.getByRole("treeitem", { name: /one/ }).count(), 0);
    await tree.focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "tree/deep/two" }).waitFor();
    await page.getByText("Gives two.").waitFor();
    assert.equal(new URL(page.url()).pathname, "/scripts/tree/deep/two");
    await page.getByRole("searchbox", { name: "Find a script" }).fill("");
    await tree.focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await until("the folder is closed", async () => (await tree.getByRole("treeitem", { name: /two/ }).count()) === 0);
    await page.keyboard.press("ArrowRight");
    await tree.getByRole("treeitem", { name: /two/ }).waitFor();
    await page.getByRole("searchbox", { name: "Find a script" }).fill("no such script");
    await page.getByText("No script has this path").waitFor();
  });
});

test("The files of a version are shown and compared one by one", async () => {
  const store = async (text: string) =>
    (await send<{ version: number }>(address, "/upload", {
      path: "code/several", language: "python",
      sources: [{ name: "main.py", text: "from lib.add import add\nreturn add(1)" }, { name: "lib/add.py", text }],
    })).version;
  const first = await store("def add(a): return a + 1");
  const second = await store("def add(a): return a + 2");
  await onPage(address, "/scripts/code/several", {}, async ({ page }) => {
    const card = page.getByRole("region", { name: /^Code/ });
    await card.getByText("from lib.add").waitFor();
    assert.equal(await card.getByRole("button", { name: "Open in Playground" }).count(), 0);
    await card.getByLabel("File").selectOption("lib/add.py");
    await card.getByText("return a + 2").waitFor();
    await page.getByRole("link", { name: `Compare ${second} with ${first}` }).click();
    const left = page.getByRole("textbox", { name: `Version ${first}` });
    await left.getByText("return a + 1").waitFor();
    const files = await page.getByLabel("File").locator("option").allInnerTexts();
    assert.deepEqual(files, ["• lib/add.py", "main.py (runs)"]);
  });
});

test("Two versions are compared side by side, and a version's code goes to the Playground", async () => {
  const first = await upload(address, "code/add", "total = event['a']\nreturn total");
  const second = await upload(address, "code/add", "total = event['a'] + event['b']\nreturn total", { timeout: "5m", memory: "64M" });
  await onPage(address, "/scripts/code/add", {}, async ({ page }) => {
    await page.getByRole("region", { name: /^Code/ }).getByText("event['b']").waitFor();
    await page
      .getByRole("region", { name: /^Settings/ })
      .getByText("5 min")
      .waitFor();
    await page.getByRole("link", { name: `Compare ${second} with ${first}` }).click();
    const [left, right] = [
      page.getByRole("textbox", { name: `Version ${first}` }),
      page.getByRole("textbox", { name: `Version ${second}` }),
    ];
    await left.waitFor();
    assert.match(await left.innerText(), /event\['a'\]\n?return/);
    assert.match(await right.innerText(), /event\['b'\]/);
    await page.reload();
    await left.waitFor();
    await page.getByRole("link", { name: `${first}`, exact: true }).click();
    await page.getByRole("heading", { name: new RegExp(`^Code Version ${first}`) }).waitFor();
    await page.getByRole("region", { name: /^Code/ }).getByRole("button", { name: "Open in Playground" }).click();
    await page.getByRole("status").getByText("The shared code is in the editor.").waitFor();
    assert.match(await page.getByRole("textbox", { name: /^Code, in/ }).innerText(), /total = event\['a'\]\n/);
  });
});

test("An alias is made, split and rolled back; a change that comes too late changes nothing, and says so", async () => {
  const first = await upload(address, "alias/add", "return 1");
  const second = await upload(address, "alias/add", "return 2");
  await onPage(address, "/scripts/alias/add", {}, async (tab) => {
    const { page } = tab;
    tab.allow(/status of (404|412)/);
    const aliases = page.getByRole("region", { name: "Aliases" });
    const dialog = page.getByRole("dialog");
    await aliases.getByRole("button", { name: "New alias" }).click();
    await dialog.getByLabel("Name").fill("latest");
    await dialog.getByRole("button", { name: "Make" }).click();
    await dialog.getByText(/Take 1 to 64 letters/).waitFor();
    await tab.checkAccess();
    await dialog.getByLabel("Name").fill("stable");
    await dialog.getByLabel("Version", { exact: true }).fill("17");
    await dialog.getByRole("button", { name: "Make" }).click();
    await dialog.getByRole("alert").getByText(/17/).waitFor();
    await dialog.getByLabel("Version", { exact: true }).fill("");
    await dialog.getByRole("option", { name: `${first}` }).click();
    await dialog.getByRole("button", { name: "Make" }).click();
    await aliases.getByText(`${first}`).waitFor();

    await aliases.getByRole("button", { name: "Move stable" }).click();
    await dialog.getByLabel("Send a part of the calls to another version").check();
    await dialog.getByLabel("Second version", { exact: true }).fill(`${second}`);
    await dialog.getByLabel("Calls of 100 that run the second version").fill("25");
    await send(address, api("alias/add", "/aliases/stable"), { version: second }, "PUT");
    await dialog.getByRole("button", { name: "Move", exact: true }).click();
    await dialog
      .getByRole("alert")
      .getByText(/^Nothing was changed: someone has changed this alias/)
      .waitFor();
    assert.equal((await send<{ version: number }>(address, api("alias/add", "/aliases/stable"))).version, second);
    await dialog.getByRole("button", { name: "Show what it names now" }).click();
    await dialog.getByRole("alert").getByText(`stable names ${second} now.`).waitFor();
    await dialog.getByRole("button", { name: "Move", exact: true }).click();
    await aliases.getByText(`75 % ${first}, 25 % ${second}`).waitFor();

    await aliases.getByRole("button", { name: "Roll back stable" }).click();
    await dialog.getByText(/and will name/).waitFor();
    await dialog.getByRole("button", { name: "Roll back" }).click();
    await until("it names the version before", async () => (await aliases.locator(".alias-target").innerText()) === `${second}`);
    await aliases.getByRole("button", { name: "Delete stable" }).click();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await aliases.getByText(/^None\./).waitFor();
  });
});

test("On a phone each version has its actions in sight, and of many versions one is chosen by typing", async () => {
  const first = await upload(address, "many/versions", "return 1", { timeout: "5m", memory: "64M", description: "Many." });
  const second = await upload(address, "many/versions", "return 2");
  await send(address, api("many/versions", "/aliases/stable"), { version: second }, "PUT");
  await onPage(address, "/scripts/many/versions", { width: 360, height: 740 }, async (tab) => {
    const { page } = tab;
    const versions = page.getByRole("table").filter({ hasText: `${first}` });
    await versions.getByRole("link", { name: `${first}`, exact: true }).waitFor();
    assert.equal(await versions.getByRole("row").count(), 3);
    for (const action of [versions.getByRole("link", { name: `Compare ${second} with ${first}` }), versions.getByText("Delete").last()]) {
      const { x, width } = (await action.boundingBox())!;
      assert.ok(x >= 0 && x + width <= 360, `an action stands at ${x}`);
    }

    await tab.checkWidth();
    // Thousands of versions that are older than the two.
    await page.route(/\/versions\?limit=1000/, async (route) => {
      const read = (await (await route.fetch()).json()) as { versions: { version: number }[] };
      const older = Array.from({ length: 2500 }, (_, at) => ({ ...read.versions[1], version: 1_700_000_000 - at }));
      return route.fulfill({ json: { ...read, versions: [...read.versions, ...older] } });
    });
    await page.getByRole("button", { name: "Move stable" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("2,402 older ones are not shown: type to find them.").waitFor();
    const numbers = (await dialog.getByRole("option").allInnerTexts()).map((text) => text.split(/\s/)[0]);
    assert.deepEqual(numbers.slice(0, 3), [`${second}`, `${first}`, "1700000000"]);
    await tab.checkWidth();
    await tab.checkAccess();
    await tab.picture("scripts-phone-move");
    const version = dialog.getByLabel("Version", { exact: true });
    await version.fill("1699999"); // of 1699999000 to 1699999999 the list has all
    await dialog.getByText("900 older ones are not shown: type to find them.").waitFor();
    await version.fill(`${first}`.slice(0, -1));
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    assert.equal(await version.inputValue(), `${first}`);
    await dialog.getByRole("button", { name: "Move", exact: true }).click();
    await page.getByRole("status").getByText(`stable names ${first}.`).waitFor();
  });
});

test("A script is disabled and enabled, and is deleted only by who types its path", async () => {
  const first = await upload(address, "gone/soon", "return 1");
  await upload(address, "gone/soon", "return 2");
  await onPage(address, "/scripts/gone/soon", {}, async (tab) => {
    const { page } = tab;
    tab.allow(/status of 404/);
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByText("disabled", { exact: true }).waitFor();
    assert.equal((await fetch(`${address}/run/gone/soon`, { method: "POST" })).status, 409);
    await page.getByRole("button", { name: "Enable" }).click();
    await page.getByText("disabled", { exact: true }).waitFor({ state: "detached" });

    await page.getByRole("button", { name: `Delete version ${first}` }).click();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("link", { name: `${first}`, exact: true }).waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await dialog.getByLabel("Type gone/soon to delete it").fill("gone/soo");
    assert.equal(await dialog.getByRole("button", { name: "Delete" }).isDisabled(), true);
    await tab.checkAccess();
    await dialog.getByLabel("Type gone/soon to delete it").fill("gone/soon");
    await page.keyboard.press("Enter");
    await page.getByText("Choose a script").waitFor();
    assert.equal((await fetch(address + api("gone/soon"))).status, 404);
  });
});

test("What is not there is said plainly", async () => {
  await upload(address, "there/is", "return 1");
  await onPage(address, "/scripts/no/such", {}, async (tab) => {
    const { page } = tab;
    tab.allow(/status of 404/);
    await page.getByText("No script has the path no/such.").waitFor();
    await tab.checkAccess();
    await page.goto(`${address}/scripts/there/is?version=17`);
    await page.getByRole("alert").getByText("Version 17 could not be read").waitFor();
    await tab.checkAccess();
  });
});

test("A key's scope decides: without read nothing is shown, without write nothing is changed, and both say so", async () => {
  const keyed = await keyedServer();
  await upload(keyed.address, "kept/safe", "return 1", { secrets: [] }, adminKey);
  const name = `reader-${Date.now()}`;
  const { secret } = await send<{ secret: string }>(keyed.address, "/api/v1/keys", { name, scopes: ["read"] }, "POST", adminKey);
  await onPage(keyed.address, "/scripts/kept/safe", {}, async (tab) => {
    const { page } = tab;
    tab.allow(/status of 403/);
    await signIn(tab, executeKey);
    await page.getByRole("alert").getByText('The key "runner" lacks the scope "read".').first().waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await signIn(tab, secret);
    await page.getByRole("heading", { name: "kept/safe" }).waitFor();
    await page.getByRole("button", { name: "Delete", exact: true, disabled: true }).waitFor();
    await page.getByRole("button", { name: "Disable" }).click({ force: true });
    await page.getByText(`The key "${name}" lacks the scope "write".`).waitFor();
    assert.equal((await send<{ enabled: boolean }>(keyed.address, "/api/v1/scripts/kept%2Fsafe", undefined, "GET", adminKey)).enabled, true);
  });
});

test("Thousands of scripts come in pages, of which only the rows in sight are drawn", () =>
  onPage(address, "/scripts", {}, async ({ page }) => {
    const all = Array.from({ length: 2500 }, (_, index) => ({
      path: `bulk/s${`${index}`.padStart(4, "0")}`,
      language: "javascript",
      version: 1_739_000_000,
      uploaded: "2026-02-08T07:33:20Z",
      versions: 1,
    }));
    await page.getByRole("status").getByText(/^\d+ scripts?$/).waitFor(); // what is asked for now comes after the reload
    const asked: string[] = [];
    await page.route(/\/api\/v1\/scripts\?/, (route) => {
      const query = new URL(route.request().url()).searchParams;
      const [from, limit] = [Number(query.get("after") ?? 0), Number(query.get("limit"))];
      asked.push(`${from}+${limit}`);
      const next = from + limit < all.length ? { next: `${from + limit}` } : {};
      return route.fulfill({ json: { scripts: all.slice(from, from + limit), ...next } });
    });
    await page.reload();
    await page.getByRole("status").getByText("2,500 scripts", { exact: true }).waitFor();
    assert.deepEqual(asked, ["0+200", "200+1000", "1200+1000", "2200+1000"]);
    const tree = page.getByRole("tree", { name: "Scripts" });
    await tree.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await tree.getByRole("treeitem", { name: "s0000" }).waitFor();
    await page.keyboard.press("End");
    await tree.getByRole("treeitem", { name: "s2499" }).waitFor();
    assert.ok((await tree.getByRole("treeitem").count()) < 100);
  }));

const looks: readonly (Look & { readonly name: string })[] = [
  { name: "light", theme: "light", height: 1000 },
  { name: "dark", theme: "dark", height: 1000 },
  { name: "phone-light", theme: "light", width: 360, height: 740 },
  { name: "phone-dark", theme: "dark", width: 360, height: 740 },
];
let looked: Promise<readonly [number, number]> | undefined;
const seed = () =>
  (looked ??= (async () => {
    const versions = await storeScripts(address);
    for (let call = 0; call < 12; call++) await send(address, "/run/math/add", { input: { a: call, b: 1 } });
    return versions;
  })());
for (const { name, ...look } of looks) {
  test(`Everyone can use the scripts: ${name}`, async () => {
    const [first, second] = await seed();
    await onPage(address, "/scripts", look, async (tab) => {
      const { page } = tab;
      await page.getByRole("tree", { name: "Scripts" }).waitFor();
      await tab.checkWidth();
      await tab.checkAccess();
      await tab.picture(`scripts-${name}-all`);
      await page.goto(`${address}/scripts/math/add`);
      await page
        .getByRole("img", { name: /^\d+ calls/ })
        .last()
        .waitFor();
      await page.getByRole("textbox", { name: /^Code of version/ }).waitFor();
      await tab.checkWidth();
      await tab.checkAccess();
      await tab.picture(`scripts-${name}`);
      await page.goto(`${address}/scripts/math/add?version=${second}&compare=${first}`);
      await page.locator(".diff .cm-content").first().waitFor();
      // Comments are on the ground of a changed line, of a removed one, and on that of the editor: the check of contrasts sees each.
      assert.ok((await page.locator(".diff").getByText(/^# /).count()) >= 3);
      await tab.checkWidth();
      await tab.checkAccess();
      await page.locator(".code-card").scrollIntoViewIfNeeded();
      await tab.picture(`scripts-${name}-diff`);
    });
  });
}

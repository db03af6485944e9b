import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { onPage, until, type Look } from "./browser.ts";
import { send, signIn, upload } from "./calls.ts";
import { Server } from "./server.ts";
import { adminKey, executeKey, keyedServer, openServer } from "./shared.ts";

const { address } = await openServer();
const api = (name: string) => `/api/v1/schedules/${name}`;
const aside = (page: Page, name: string) => page.getByRole("complementary", { name: `Schedule ${name}` });

/** What the tests read of a schedule. */
interface Stored {
  readonly path: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly enabled: boolean;
  readonly overlap: string;
  readonly priority: number;
}

const stored = (name: string, server = address, key?: string) => send<Stored>(server, api(name), undefined, "GET", key);

test("A schedule is made, edited, paused, run and deleted; what the server refuses is said at its field", async () => {
  await upload(address, "clock/report", "print('reporting')\nreturn event");
  await onPage(address, "/schedules", {}, async (tab) => {
    const { page } = tab;
    tab.allow(/status of 400/);
    const dialog = page.getByRole("dialog");
    const field = (label: string) => dialog.getByLabel(label, { exact: true });
    await page.getByRole("button", { name: "New schedule" }).click();
    await dialog.getByRole("button", { name: "Make" }).click();
    await dialog.getByText("Take 1 to 64 letters, digits or -._").waitFor();
    await field("Name").fill("clock-report");
    await field("Script").fill("clock/report");
    await field("When, as a cron expression").fill("30 25 * * *");
    await dialog.getByRole("button", { name: "Make" }).click();
    await dialog.getByText(/^"cron" is "30 25 \* \* \*"; it is no cron expression/).waitFor();
    assert.equal(await field("When, as a cron expression").getAttribute("aria-invalid"), "true");
    await tab.checkAccess();
    await field("When, as a cron expression").fill("30 6 * * MON-FRI");
    await field("Time zone").fill("Europe/Berlim");
    await dialog.getByRole("button", { name: "Make" }).click();
    await dialog.getByText(/^"timeZone" is "Europe\/Berlim"; allowed is the IANA name/).waitFor();
    await field("Time zone").fill("Europe/Berlin");
    await dialog.getByLabel(/^Input, as JSON/).fill('{"n": 12345678901234567890}');
    await dialog.getByRole("button", { name: "Make" }).click();

    const shown = aside(page, "clock-report");
    await shown.getByText(/06:30:00 in Europe\/Berlin/).waitFor();
    await shown.getByRole("region", { name: "Input" }).getByText("12345678901234567890").waitFor();
    await page.getByRole("table").getByText("30 6 * * MON-FRI").waitFor();
    assert.equal(new URL(page.url()).pathname, "/schedules/clock-report");

    await shown.getByRole("button", { name: "Pause" }).click();
    await shown.getByText("paused", { exact: true }).waitFor();
    await page.getByRole("table").getByText("paused", { exact: true }).waitFor();
    assert.equal((await stored("clock-report")).enabled, false);
    await shown.getByRole("button", { name: "Resume" }).click();
    await shown.getByText("on", { exact: true }).waitFor();

    await shown.getByRole("button", { name: "Edit" }).click();
    await field("While the last run goes on").selectOption("queue");
    await field("Priority").selectOption("7");
    await dialog.getByRole("button", { name: "Save" }).click();
    await shown.getByText("queue", { exact: true }).waitFor();
    const { overlap, priority, cron, timeZone } = await stored("clock-report");
    assert.deepEqual([overlap, priority, cron, timeZone], ["queue", 7, "30 6 * * MON-FRI", "Europe/Berlin"]);
    assert.match(await (await fetch(address + api("clock-report"))).text(), /12345678901234567890/);

    await shown.getByRole("button", { name: "Run now" }).click();
    const run = page.getByRole("complementary", { name: /^Run / });
    await run.locator(".outcome").filter({ hasText: /ok$/ }).waitFor();
    await run.getByRole("log").getByText("reporting").waitFor();
    await run.getByRole("link", { name: "clock-report" }).click();

    await shown.getByRole("button", { name: "Delete" }).click();
    await tab.checkAccess();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await shown.waitFor({ state: "detached" });
    assert.equal((await fetch(address + api("clock-report"))).status, 404);
  });
});

test("The list says when a schedule has fired, and why it could make no run", async () => {
  await upload(address, "clock/tick", "return 1");
  const every = { cron: "* * * * * *", enabled: true };
  await send(address, api("ticking"), { path: "clock/tick", ...every }, "PUT");
  await send(address, api("ticking-nowhere"), { path: "no/such-script", ...every }, "PUT");
  await onPage(address, "/schedules", {}, async ({ page }) => {
    const row = (name: string) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
    await row("ticking-nowhere").getByText(/no run: not_found/).waitFor();
    await row("ticking-nowhere").getByRole("link", { name: "ticking-nowhere" }).click();
    await aside(page, "ticking-nowhere").getByText(/There is no script "no\/such-script"/).waitFor();
    await until("it has fired", async () => (await row("ticking").getByRole("link").count()) === 2);
    await page.getByRole("searchbox", { name: "Find a schedule" }).fill("tick nowhere");
    await until("one is left", async () => (await page.getByRole("row").count()) === 2);
    await page.getByText("1 of").waitFor();
    await page.getByRole("searchbox", { name: "Find a schedule" }).fill("");
    await row("ticking").getByRole("link").last().click();
    await page.getByRole("complementary", { name: /^Run / }).getByRole("link", { name: "ticking", exact: true }).click();
    await aside(page, "ticking").getByRole("link", { name: "ok" }).waitFor();
  });
  for (const name of ["ticking", "ticking-nowhere"]) await send(address, api(name), undefined, "DELETE");
});

test("A change that comes too late changes nothing, says so and shows the present state", async () => {
  const content = { path: "clock/late", cron: "@daily" };
  await send(address, api("late"), content, "PUT");
  await onPage(address, "/schedules/late", {}, async (tab) => {
    const { page } = tab;
    tab.allow(/status of 412/);
    const dialog = page.getByRole("dialog");
    await aside(page, "late").getByRole("button", { name: "Edit" }).click();
    await dialog.getByLabel("Script", { exact: true }).fill("clock/mine");
    await send(address, api("late"), { ...content, path: "clock/theirs" }, "PUT");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByRole("alert").getByText(/^Nothing was changed: someone has changed this schedule/).waitFor();
    assert.equal((await stored("late")).path, "clock/theirs");
    await dialog.getByRole("button", { name: "Show what it is now" }).click();
    await until("the field shows it", async () => (await dialog.getByLabel("Script", { exact: true }).inputValue()) === "clock/theirs");
    await dialog.getByLabel("Script", { exact: true }).fill("clock/mine");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    assert.equal((await stored("late")).path, "clock/mine");

    await page.getByRole("button", { name: "New schedule" }).click();
    await dialog.getByLabel("Name", { exact: true }).fill("late");
    await dialog.getByLabel("Script", { exact: true }).fill("clock/other");
    await dialog.getByLabel("When, as a cron expression", { exact: true }).fill("@hourly");
    await dialog.getByRole("button", { name: "Make" }).click();
    await dialog.getByRole("alert").getByText(/^Nothing was changed: the name is taken/).waitFor();
  });
  await send(address, api("late"), undefined, "DELETE");
});

test("A key's scope decides: without read nothing is shown, without write and invoke nothing is changed, and all say so", async () => {
  const keyed = await keyedServer();
  await send(keyed.address, api("safe"), { path: "clock/safe", cron: "@daily" }, "PUT", adminKey);
  const scopes = ["read", "write"];
  const { secret } = await send<{ secret: string }>(keyed.address, "/api/v1/keys", { name: "clock-writer", scopes }, "POST", adminKey);
  await onPage(keyed.address, "/schedules/safe", {}, async (tab) => {
    const { page } = tab;
    tab.allow(/status of 403/);
    await signIn(tab, executeKey);
    await page.getByRole("alert").getByText('The key "runner" lacks the scope "read".').first().waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await signIn(tab, secret);
    const shown = aside(page, "safe");
    for (const name of ["Run now", "Pause", "Edit"]) {
      const button = shown.getByRole("button", { name, disabled: true });
      assert.equal(await button.getAttribute("title"), 'The key "clock-writer" lacks the scope "invoke".');
    }
    await page.getByRole("button", { name: "New schedule", disabled: true }).click({ force: true });
    await page.getByRole("status").getByText('The key "clock-writer" lacks the scope "invoke".').waitFor();
    await shown.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("There is no schedule yet").waitFor();
    await tab.checkAccess();
  });
});

test("What is not there is said plainly", async () => {
  const fresh = await Server.start();
  try {
    await onPage(fresh.address, "/schedules/no-such", {}, async (tab) => {
      tab.allow(/status of 404/);
      await tab.page.getByText("No schedule has the name no-such.").waitFor();
      await tab.page.getByText("There is no schedule yet").waitFor();
      await tab.checkAccess();
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
  test(`Everyone can use the schedules: ${name}`, async () => {
    await upload(address, "looks/nightly", "print('reporting')\nreturn 1");
    const workdays = { cron: "30 6 * * MON-FRI", timeZone: "Europe/Berlin" };
    await send(address, api("looks-nightly"), { path: "looks/nightly", ...workdays, input: { days: 1 } }, "PUT");
    await send(address, api("looks-paused"), { path: "looks/nightly", cron: "@hourly", enabled: false }, "PUT");
    await send(address, `${api("looks-nightly")}/run`, undefined, "POST");
    await onPage(address, "/schedules", look, async (tab) => {
      const { page } = tab;
      await page.getByRole("link", { name: "looks-nightly" }).waitFor();
      await tab.checkWidth();
      await tab.checkAccess();
      await tab.picture(`schedules-${name}`);
      for (const link of await page.getByRole("navigation", { name: "Views" }).getByRole("link").all()) {
        if (!(await link.isVisible())) continue;
        const { x, width } = (await link.boundingBox())!;
        const bar = (await page.getByRole("navigation", { name: "Views" }).boundingBox())!;
        assert.ok(x >= bar.x && x + width <= bar.x + bar.width + 1, `${await link.innerText()} does not fit into the bar`);
      }

      await page.getByRole("link", { name: "looks-nightly" }).click();
      await aside(page, "looks-nightly").getByText("30 6 * * MON-FRI").waitFor();
      await tab.checkWidth();
      await tab.checkAccess();
      await tab.picture(`schedules-${name}-one`);
      await aside(page, "looks-nightly").getByRole("button", { name: "Edit" }).click();
      await page.getByRole("dialog").waitFor();
      await tab.checkWidth();
      await tab.checkAccess();
      await tab.picture(`schedules-${name}-edit`);
    });
  });
}

// Makes the pictures of the page that the documentation shows: `make screenshots`.
import { fileURLToPath } from "node:url";
import { endBrowser, onPage, type Look } from "./browser.ts";
import { fill } from "./pictures.ts";
import { Server } from "./server.ts";

const folder = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const looks: readonly (Look & { readonly name: string })[] = [
  { name: "playground-light", theme: "light", width: 1280, height: 760 },
  { name: "playground-dark", theme: "dark", width: 1280, height: 760 },
  { name: "playground-phone", theme: "light", width: 360, height: 740, scale: 2 },
];

const server = await Server.start();
for (const { name, ...look } of looks) {
  await onPage(server.address, "/", look, async (tab) => {
    const { page } = tab;
    await page.getByLabel("Examples").selectOption({ label: "Print while it works" });
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("button", { name: "Stream" }).click();
    await page.locator(".run-facts .badge", { hasText: "ok" }).waitFor();
    if (name.endsWith("phone")) await page.locator(".run-facts").evaluate((facts) => facts.scrollIntoView());
    await tab.picture(name, `${folder}${name}.png`);
  });
}

const end = await fill(server.address);
const views = [
  { view: "pool", path: "/pool", ready: "[aria-label=Reasons] .reason" },
  { view: "scripts", path: "/scripts/math/add", ready: ".code-card .cm-content" },
  { view: "runs", path: "/runs", ready: ".run-row[data-id]" },
];
const viewLooks: Readonly<Record<string, Look>> = {
  light: { theme: "light" },
  dark: { theme: "dark" },
  phone: { width: 360, height: 740, scale: 2 },
};
for (const { view, path, ready } of views) {
  for (const [name, look] of Object.entries(viewLooks)) {
    await onPage(server.address, path, { width: 1280, height: 860, ...look }, async (tab) => {
      await tab.page.locator(ready).first().waitFor();
      if (view === "runs" && name !== "phone") await tab.page.getByRole("option").filter({ hasText: "error" }).first().click();
      if (view === "runs" && name !== "phone") await tab.page.getByRole("log").waitFor();
      await tab.picture(`${view}-${name}`, `${folder}${view}-${name}.png`);
    });
  }
}

await end();
await endBrowser();
await server.dispose();

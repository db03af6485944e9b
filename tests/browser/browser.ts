// The browser that all tests share, and a page for each test that notes what it should not do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const artifacts = fileURLToPath(new URL("../../artifacts/browser/", import.meta.url));

/** How long an assertion waits for what it expects, in milliseconds. A test that needs it fails anyway. */
const patience = 20_000;

const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--hide-scrollbars=false",
];

let browser: Promise<Browser> | null = null;

/** How a page is seen. */
export interface Look {
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  /** Device pixels for each pixel. */
  readonly scale?: number;
}

/** A page in a context of its own: without what other tests have stored. */
export class Tab {
  readonly page: Page;
  private readonly context: BrowserContext;
  private readonly faults: string[] = [];
  /** Faults that the test has expected. */
  private readonly allowed: RegExp[] = [];

  private constructor(context: BrowserContext, page: Page, address: string) {
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(patience);
    page.on("pageerror", (error) => this.faults.push(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.faults.push(`${message.type()}: ${message.text()}`);
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.origin !== address && url.protocol !== "data:") this.faults.push(`request to another host: ${url}`);
    });
  }

  static async open(address: string, path: string, look: Look = {}): Promise<Tab> {
    browser ??= chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, chromiumSandbox: false, args: flags });
    const { theme = "light", width = 1280, height = 800, scale = 1 } = look;
    const context = await (await browser).newContext({
      colorScheme: theme, viewport: { width, height }, deviceScaleFactor: scale, reducedMotion: "reduce", locale: "en-US",
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await context.addInitScript(() => addEventListener("securitypolicyviolation", (event) =>
      console.error(`policy: ${event.violatedDirective} blocked ${event.blockedURI} ${event.sample}`)));
    if (process.env.FAAS_TEST_PAGE) await showPageOf(context, address, process.env.FAAS_TEST_PAGE);
    const page = await context.newPage();
    const tab = new Tab(context, page, address);
    await page.goto(address + path);
    return tab;
  }

  /** Errors that the test provokes: the browser reports each answer that is no success. */
  allow(...faults: RegExp[]): void {
    this.allowed.push(...faults);
  }

  /** Nothing that a reader with a screen reader, or without a mouse, or with weak eyes cannot use. */
  async checkAccess(): Promise<void> {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(() => (globalThis as unknown as { axe: { run: (root: Document, options: object) => Promise<{
      violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
    }> } }).axe.run(document, { resultTypes: ["violations"] }));
    assert.deepEqual(found.violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help}\n  ${node.html}\n  ${node.failureSummary}`)), []);
  }

  /** No part of the page is wider than the window. */
  async checkWidth(): Promise<void> {
    const [content, window] = await this.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth] as const);
    assert.ok(content <= window, `the page is ${content} wide in a window of ${window}`);
  }

  /** Writes a picture of the page into artifacts/browser, for people. */
  async picture(name: string, path = `${artifacts}${name}.png`): Promise<void> {
    await mkdir(new URL(".", `file://${path}`), { recursive: true });
    await this.page.screenshot({ path });
  }

  /** Closes the page. It fails if the page did what it should not. */
  async close(): Promise<void> {
    await this.context.close();
    assert.deepEqual(this.faults.filter((fault) => !this.allowed.some((allowed) => allowed.test(fault))), []);
  }
}

/**
 * Shows the page as it lies in a folder (FAAS_TEST_PAGE=src/Faas.Web/dist), under the policy of the server's own: while the page is worked
 * on, the server need not be built with each change. The test of the first load's size needs the server's page.
 */
async function showPageOf(context: BrowserContext, address: string, folder: string): Promise<void> {
  const { headers } = await fetch(`${address}/`, { headers: { Accept: "text/html" } });
  const policy = { "Content-Security-Policy": headers.get("Content-Security-Policy") ?? "" };
  await context.route((url) => url.origin === address && /^\/($|page\/|scripts|pool|runs|schedules)/.test(url.pathname), (route) => {
    const { pathname } = new URL(route.request().url());
    const isFile = pathname.startsWith("/page/");
    return isFile
      ? route.fulfill({ path: folder + pathname })
      : route.fulfill({ path: `${folder}/index.html`, headers: policy, contentType: "text/html" });
  });
}

/** Opens a page, tries something on it, and closes it. */
export async function onPage(address: string, path: string, look: Look, attempt: (tab: Tab) => Promise<void>): Promise<void> {
  const tab = await Tab.open(address, path, look);
  try {
    await attempt(tab);
  } catch (error) {
    await tab.picture(`failed-${Date.now()}`).catch(() => undefined);
    await tab.close().catch((also: unknown) => console.error(String(also)));
    throw error;
  }

  await tab.close();
}

/** Waits until something is so. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const begun = Date.now(); Date.now() - begun < patience;) {
    if (await isSo()) return;
    await new Promise((resume) => setTimeout(resume, 50));
  }

  assert.fail(`It did not come to this: ${what}`);
}

/** Ends the browser. */
export async function endBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = null;
}

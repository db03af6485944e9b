// What the tests of the views ask the server for, beside the page.
import assert from "node:assert/strict";
import { until, type Tab } from "./browser.ts";

/** Sends a call to the API. Fails if the answer is no success. */
export async function send<T>(
  address: string,
  path: string,
  body?: unknown,
  method = body === undefined ? "GET" : "POST",
  key?: string,
): Promise<T> {
  const response = await fetch(address + path, {
    method,
    headers: { ...(body !== undefined && { "Content-Type": "application/json" }), ...(key !== undefined && { "X-Api-Key": key }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path} was answered ${response.status}: ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** Stores a version of a script, and says its number. */
export async function upload(address: string, path: string, code: string, more: object = {}, key?: string): Promise<number> {
  return (await send<{ version: number }>(address, "/upload", { path, language: "python", code, ...more }, "POST", key)).version;
}

/** A script that runs until someone ends it. */
export const endless = "import time\nprint('begun', flush=True)\nwhile True: time.sleep(0.02)";

/** Gives the page a key when it asks for one. */
export async function signIn(tab: Tab, secret: string): Promise<void> {
  const { page } = tab;
  tab.allow(/status of 401/);
  await page.getByLabel("Secret of the key").fill(secret);
  await page.keyboard.press("Enter");
  await page.getByLabel("Secret of the key").waitFor({ state: "detached" });
}

/** What the browser says when a server goes away under a page. */
export const goneServer = [
  /ERR_CONNECTION_REFUSED/,
  /ERR_INCOMPLETE_CHUNKED_ENCODING/,
  /ERR_CONNECTION_RESET/,
  /ERR_EMPTY_RESPONSE/,
  /status of 503/,
];

/** Starts an asynchronous run, and says its id. */
export async function begin(address: string, path: string, body: object = {}, key?: string): Promise<string> {
  const response = await fetch(`${address}/run/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Prefer: "respond-async", ...(key !== undefined && { "X-Api-Key": key }) },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  assert.equal(response.status, 202, text);
  return (JSON.parse(text) as { id: string }).id;
}

/** What the tests read of the record of a kept run. */
export interface RecordOfRun {
  readonly id: string;
  readonly state: string;
  readonly reason?: string;
  readonly redrives?: string;
  readonly redrivenBy?: string;
  readonly input: unknown;
  readonly log: readonly { readonly text: string }[];
}

/** The record of a kept run. */
export const recordOf = (address: string, id: string, key?: string): Promise<RecordOfRun> =>
  send<RecordOfRun>(address, `/api/v1/runs/${encodeURIComponent(id)}`, undefined, "GET", key);

/** The record of a kept run when it has ended. */
export async function endOf(address: string, id: string, key?: string): Promise<RecordOfRun> {
  let record = await recordOf(address, id, key);
  await until("the run has ended", async () => (record = await recordOf(address, id, key)).state === "ended");
  return record;
}

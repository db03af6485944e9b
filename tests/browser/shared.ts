// What the files of tests share. They run in one process, so there is one server and one browser for all of them.
import { after } from "node:test";
import { endBrowser } from "./browser.ts";
import { Server } from "./server.ts";

let open: Promise<Server> | null = null;
let keyed: Promise<Server> | null = null;

/** A key that may do everything. */
export const adminKey = "admin-0123456789abcdef";

/** A key that may run code, and nothing else. */
export const executeKey = "execute-0123456789abcdef";

/** A server without keys, which no test restarts. */
export const openServer = (): Promise<Server> => (open ??= Server.start());

/** A server with keys, which tests may restart. */
export const keyedServer = (): Promise<Server> =>
  (keyed ??= Server.start({ FAAS_API_KEYS: `boss:admin:${adminKey},runner:execute:${executeKey}` }));

after(async () => {
  await endBrowser();
  for (const server of [open, keyed]) await (await server)?.dispose();
});

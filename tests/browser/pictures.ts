// What stands on the server when the pictures of the views are made: scripts with versions, and runs that have ended, run and wait.
import { endless, send, upload } from "./calls.ts";

/** Stores scripts, of which `math/add` has two versions, that share the calls of its alias; their numbers. */
export async function storeScripts(address: string): Promise<readonly [number, number]> {
  const code = (sum: string, note: string) =>
    `# Called by the monthly report.\ndef handler(event, context):\n    # ${note}\n    total = ${sum}\n    print("adding", total)  # for the log\n`
    + `    return {"total": total}\n`;
  const settings = {
    timeout: "5m",
    memory: "64M",
    env: { REGION: "eu" },
    labels: { team: "math" },
    description: "Adds numbers for the monthly report.",
  };
  const first = await upload(address, "math/add", code("event['a'] + event['b']", "Two numbers."), settings);
  const second = await upload(address, "math/add", code("sum(event.values())", "As many numbers as there are."), settings);
  for (const path of ["math/divide", "shop/orders/total", "shop/orders/refund", "reports/monthly"])
    await upload(address, path, `return "${path}"`);
  const split = {
    split: [
      { version: first, weight: 90 },
      { version: second, weight: 10 },
    ],
    sticky: "X-User",
  };
  await send(address, "/api/v1/scripts/math%2Fadd/aliases/stable", split, "PUT");
  return [first, second];
}

/** Fills a server, and gives back what ends its runs. */
export async function fill(address: string): Promise<() => Promise<void>> {
  await storeScripts(address);
  await upload(address, "shop/stock", endless);
  await upload(address, "shop/price", "print('looking for a price')\nraise ValueError('no price')");
  const run = (path: string, input: object = {}) => fetch(`${address}/run/${path}`, { method: "POST", body: JSON.stringify({ input }) });
  for (let call = 0; call < 12; call++) await run("math/add", { a: call, b: 1 });
  for (const path of ["math/divide", "shop/orders/total", "shop/orders/refund", "reports/monthly", "shop/price"]) await run(path);
  const long = Array.from({ length: 3 }, () => run("shop/stock"));
  return async () => {
    const { runs } = await send<{ runs: { id: string }[] }>(address, "/api/v1/pool");
    for (const { id } of runs) await send(address, `/api/v1/pool/runs/${encodeURIComponent(id)}`, undefined, "DELETE");
    await Promise.all(long);
  };
}

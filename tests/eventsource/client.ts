// Follows a run by the npm package eventsource, through a proxy that cuts its connections, until the server tells it to stop.
// Usage: node client.ts URL CUTS. Prints the id and the data of each event, and then how often it has connected and with which status it
// stopped.
import { EventSource } from "eventsource";
import { connect, createServer, type AddressInfo } from "node:net";

const [url, cuts] = process.argv.slice(2) as [string, string];
const { hostname, port } = new URL(url);
let connections = 0;

// The first connections are cut at a random byte of their answer, the headers included.
const proxy = createServer((client) => {
  const most = ++connections > Number(cuts) ? Infinity : Math.floor(Math.random() * 1500);
  let passed = 0;
  const server = connect(Number(port), hostname);
  client.on("data", (bytes) => server.write(bytes));
  server.on("data", (bytes) => {
    client.write(bytes.subarray(0, Math.max(0, most - passed)));
    passed += bytes.length;
    if (passed >= most) {
      client.destroySoon();
      server.destroy();
    }
  });
  for (const [one, other] of [[client, server], [server, client]]) {
    one!.on("error", () => {});
    one!.on("close", () => other!.destroySoon());
  }
});

// It waits three seconds before it connects again; a test need not.
const usual = globalThis.setTimeout;
globalThis.setTimeout = ((done: () => void, wait: number, ...rest: []) =>
  usual(done, wait === 3000 ? 5 : wait, ...rest)) as typeof setTimeout;

proxy.listen(0, "127.0.0.1", () => {
  const cut = new URL(url);
  cut.port = `${(proxy.address() as AddressInfo).port}`;
  const source = new EventSource(cut);
  source.addEventListener("message", (event) => console.log(event.lastEventId, event.data));
  source.addEventListener("error", (event) => {
    if (source.readyState === EventSource.CLOSED) {
      console.log(connections, event.code);
      proxy.close();
      process.exit();
    }
  });
});

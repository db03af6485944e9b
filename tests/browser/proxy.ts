// A way to a server that can swallow all that is sent, and close no connection, as a network does that has lost its way.
import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export class Proxy {
  private readonly listener: Server;
  private readonly ends = new Set<Socket>();
  private isSilent = false;

  private constructor(target: URL) {
    this.listener = createServer((client) => {
      const server = connect(Number(target.port), "127.0.0.1");
      for (const [from, to] of [[client, server], [server, client]] as const) {
        this.ends.add(from);
        from.on("data", (bytes) => to.write(bytes));
        from.on("end", () => to.end());
        from.on("error", () => to.destroy());
        from.on("close", () => {
          this.ends.delete(from);
          to.destroy();
        });
        if (this.isSilent) from.pause();
      }
    });
  }

  /** Starts one that leads to a server. */
  static async start(address: string): Promise<Proxy> {
    const proxy = new Proxy(new URL(address));
    await new Promise<void>((resolve) => proxy.listener.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** Where it listens, without a slash at the end. */
  get address(): string {
    return `http://localhost:${(this.listener.address() as AddressInfo).port}`;
  }

  /** From now on nothing comes through, in either direction, on connections that are open and on new ones. */
  silence(): void {
    this.isSilent = true;
    for (const end of this.ends) end.pause();
  }

  /** What was swallowed comes through, and so does all that follows. */
  resume(): void {
    this.isSilent = false;
    for (const end of this.ends) end.resume();
  }

  async dispose(): Promise<void> {
    for (const end of this.ends) end.destroy();
    await new Promise((resolve) => this.listener.close(resolve));
  }
}

// A server of a test's own: a process on a free port, with a folder of its own for what it stores.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = process.env.FAAS_TEST_SERVER
  ?? fileURLToPath(new URL("../../src/Faas.Http/bin/Release/net10.0/faas-server.dll", import.meta.url));

// Not the settings of whoever runs the tests.
const settings = /^(FAAS|HTTP|REDIS|OTEL|MAX|CODE|TIMEOUT)_/;
const surroundings = Object.fromEntries(Object.entries(process.env).filter(([name]) => !settings.test(name)));

export class Server {
  private process: ChildProcess | null = null;
  private readonly folder: string;
  private readonly settings: Record<string, string>;
  /** Where it listens, without a slash at the end. */
  address = "";

  private constructor(folder: string, settings: Record<string, string>) {
    this.folder = folder;
    this.settings = settings;
  }

  /** Starts one, and waits until it listens. */
  static async start(settings: Record<string, string> = {}): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), "faas-browser-")), settings);
    await server.begin("0");
    return server;
  }

  /** Starts it again on the same port. */
  begin = async (port = new URL(this.address).port): Promise<void> => {
    const child = spawn("dotnet", [program], {
      cwd: this.folder, stdio: ["ignore", "pipe", "pipe"],
      env: { ...surroundings, FAAS_DATA_DIR: join(this.folder, "data"), ...this.settings, HTTP_PORT: port },
    });
    this.process = child;
    let said = "";
    this.address = await new Promise((resolve, reject) => {
      const read = (text: Buffer) => {
        said += text.toString();
        const [, address] = /listens on (http:\/\/\S+)/.exec(said) ?? [];
        if (address) resolve(address.replace("127.0.0.1", "localhost"));
      };
      child.stdout!.on("data", read);
      child.stderr!.on("data", read);
      child.on("error", reject);
      child.on("exit", (status) => reject(new Error(`The server ended with ${status}: ${said}`)));
    });
  };

  /** Ends it as an operator does, and waits until it has ended. */
  async end(): Promise<void> {
    const child = this.process!;
    this.process = null;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  /** Ends it and removes what it stored. */
  async dispose(): Promise<void> {
    if (this.process) await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

// A server of one's own: its folders are temporary, its port is free, and it ends with its test.
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { behoud, dashboard } from "./places";

export interface ServerOptions {
  /** A sample folder to copy and serve beside the own shop. */
  sample?: string;
  /** A data folder to copy as the own shop; without it the own shop is empty. */
  data?: string;
  args?: string[];
  /** How long a start may take; a large shop is read first. */
  patienceMs?: number;
}

export class Server {
  url = "";
  /** The one-time link that makes the owner; it is printed by the first start alone. */
  link: string | null = null;
  private process: ChildProcess | null = null;
  private said = "";
  private readonly folder = mkdtempSync(join(tmpdir(), "behoud-server-"));

  private constructor(private readonly options: ServerOptions) {
    if (options.sample !== undefined) cpSync(options.sample, this.sample, { recursive: true });
    if (options.data !== undefined) cpSync(options.data, this.data, { recursive: true });
  }

  get data() {
    return join(this.folder, "own");
  }
  get sample() {
    return join(this.folder, "sample");
  }

  get pid() {
    return this.process?.pid ?? 0;
  }

  static async start(options: ServerOptions = {}): Promise<Server> {
    const server = new Server(options);
    await server.run("0");
    return server;
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Starts again on the same port and folders after `kill` or `pause`. */
  async again(): Promise<void> {
    await this.run(new URL(this.url).port);
  }

  async pause(): Promise<void> {
    await this.end("SIGTERM");
  }

  async stop(): Promise<void> {
    await this.end("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(port: string): Promise<void> {
    const words = ["serve", "--data", this.data, "--port", port, "--web", dashboard];
    if (existsSync(this.sample)) words.push("--sample", this.sample);
    const child = spawn(behoud, [...words, ...(this.options.args ?? [])], { stdio: ["ignore", "pipe", "pipe"] });
    this.process = child;
    this.said = "";
    await new Promise<void>((resolve, reject) => {
      const patienceMs = this.options.patienceMs ?? 30_000;
      const timer = setTimeout(() => reject(new Error(`the server said no address in ${patienceMs / 1000} s:\n${this.said}`)), patienceMs);
      const hear = (bytes: Buffer) => {
        this.said += bytes.toString();
        const link = /https?:\/\/\S+\/welcome#\S+/.exec(this.said);
        if (link) this.link = link[0];
        const address = /^(http:\/\/127\.0\.0\.1:\d+)$/m.exec(this.said);
        if (address?.[1] !== undefined && this.said.includes("Ctrl-C")) {
          this.url = address[1];
          clearTimeout(timer);
          resolve();
        }
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("error", reject);
      child.once("exit", (code) => {
        clearTimeout(timer);
        reject(new Error(`the server ended with ${String(code)}:\n${this.said}`));
      });
    });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    await ended;
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServiceOptions {
  /** What the log file and the messages call it. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Options of Node itself. */
  readonly nodeArgs?: readonly string[];
  readonly logFile: string;
  /** Answers 200 once the process can work. */
  readonly readyUrl: string;
}

/** A service as an operating system sees it: started, killed, frozen, thawed and started again. */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private exited: Promise<void> = Promise.resolve();
  private readonly output: WriteStream;

  constructor(private readonly options: ServiceOptions) {
    this.output = createWriteStream(options.logFile, { flags: 'a' });
  }

  get name(): string {
    return this.options.name;
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  get isRunning(): boolean {
    return this.child !== undefined;
  }

  /** Starts the process; `extra` is set for this life of it only (a failpoint). */
  start(extra: Readonly<Record<string, string>> = {}): void {
    if (this.child) throw new Error(`${this.name} is already running as ${this.child.pid}`);
    this.output.write(`--- ${this.name} starts ${JSON.stringify(extra)}\n`);
    const { program, args, nodeArgs = [] } = this.options;
    const child = spawn(process.execPath, ['--enable-source-maps', ...nodeArgs, program, ...args], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'UTC', ...this.options.env, ...extra },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(this.output, { end: false });
    child.stderr.pipe(this.output, { end: false });
    this.child = child;
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => this.output.write(`--- ${this.name} did not start: ${error.message}\n`));
      child.once('close', (code, signal) => {
        this.output.write(`--- ${this.name} ended with ${signal ?? code}\n`);
        if (this.child === child) this.child = undefined;
        resolve();
      });
    });
  }

  /** Resolves once it answers that it is ready; throws when it ended or took longer. */
  async untilReady(limitMs = 180_000): Promise<void> {
    const deadline = Date.now() + limitMs;
    while (Date.now() < deadline) {
      if (!this.child) throw new Error(`${this.name} ended before it was ready: see ${this.options.logFile}`);
      const answer = await fetch(this.options.readyUrl, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(100);
    }
    throw new Error(`${this.name} was not ready after ${limitMs} ms: see ${this.options.logFile}`);
  }

  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  /** Resolves when the process is gone, whoever ended it; false when it lives longer than `limitMs`. */
  async untilGone(limitMs: number): Promise<boolean> {
    const gone = this.exited.then(() => true);
    return Promise.race([gone, sleep(limitMs, false, { ref: false })]);
  }

  async kill9(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
  }

  /** Asks it to end, as a deployment does; a process that does not end within the limit is a fault of its own. */
  async stop(limitMs = 60_000): Promise<void> {
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    if (await this.untilGone(limitMs)) return;
    await this.kill9();
    throw new Error(`${this.name} did not end within ${limitMs} ms of SIGTERM: see ${this.options.logFile}`);
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { ServerUser } from '#postgres/embedded-binaries';

export interface ServerProcess {
  readonly pid: number;
  readonly exited: Promise<void>;
  signal(name: NodeJS.Signals): void;
}

/** Ends the server when the process that started it is gone, however it went: its end of the pipe closes. */
const guardScript =
  'cat >/dev/null; kill -INT "$1" 2>/dev/null; while kill -0 "$1" 2>/dev/null; do sleep 0.1; done; [ -z "$2" ] || rm -rf -- "$2"';

/** Starts the server in a process group of its own, so that Ctrl-C reaches the services first. Resolves when it takes connections. */
export async function startServer(options: {
  readonly postgres: string;
  readonly flags: readonly string[];
  readonly user: ServerUser | undefined;
  /** Removed once the server is gone. */
  readonly throwAway?: string;
}): Promise<ServerProcess> {
  const child = spawn(options.postgres, [...options.flags], {
    ...options.user,
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await untilReady(child);
  const pid = child.pid!;
  const guard = spawn('sh', ['-c', guardScript, 'guard', String(pid), options.throwAway ?? ''], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.stdin.on('error', () => undefined);
  for (const handle of [child, guard, child.stderr as unknown, guard.stdin as unknown]) (handle as { unref(): void }).unref();
  void exited.then(() => guard.stdin.end());
  return {
    pid,
    exited,
    signal: (name) => {
      // `exited` comes when its output is closed, too: both must keep us alive, or an awaited stop would end this process instead.
      for (const handle of [child, child.stderr as unknown]) (handle as { ref(): void }).ref();
      child.kill(name);
    },
  };
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let tail = '';
    let ready = false;
    child.stderr!.on('data', (chunk: Buffer) => {
      if (ready) return;
      tail = (tail + chunk.toString()).slice(-4_000);
      if (!tail.includes('database system is ready to accept connections')) return;
      ready = true;
      resolve();
    });
    child.once('error', reject);
    child.once('close', (code) =>
      reject(new Error(`the embedded Postgres ended with ${String(code)} before it was ready:\n${tail}`)),
    );
  });
}

export async function runToEnd(program: string, args: readonly string[], user: ServerUser | undefined): Promise<void> {
  const child = spawn(program, [...args], { ...user, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ended with ${String(code)}:\n${output}`)),
    );
  });
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

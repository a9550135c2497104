import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBinaries, isOpenToOthers, serverUser, type ServerUser } from '#postgres/embedded-binaries';
import { freePort, runToEnd, type ServerProcess, startServer } from '#postgres/embedded-process';

export interface EmbeddedPostgres {
  readonly url: string;
  readonly pid: number;
  /** Where the data lies. */
  readonly directory: string;
  stop(): Promise<void>;
  /** Ends the server as a power cut would; for fault tests. */
  kill9(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Keeps the data between runs; without it a temporary folder is used and removed. */
  readonly directory?: string;
  readonly port?: number;
  /** `true` where people's money is kept; `false` gives up safety against power cuts for speed, in tests. */
  readonly durable: boolean;
}

const common = [
  '-c',
  'listen_addresses=127.0.0.1',
  '-c',
  'unix_socket_directories=',
  '-c',
  'lc_messages=C',
  '-c',
  'max_connections=200',
];
const durableFlags = ['-c', 'max_wal_size=2GB', '-c', 'shared_buffers=256MB'];
const throwAwayFlags = ['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'shared_buffers=64MB'];
const initdbFlags = [
  '--username=makewhole',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--locale=C.UTF-8',
];

/**
 * Starts a real Postgres from npm's server programs, on loopback only, and creates its data folder the first time. Starting again on
 * existing data works after a clean stop, after `kill -9` of the server, and after `kill -9` of the process that started it.
 * Throws when another living process uses the folder.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const user = serverUser();
  const binaries = findBinaries(user);
  const home = prepareHome(options.directory, user);
  const data = join(home, 'data');
  await endOrphan(home, data);
  const password = readPassword(home) ?? (await createCluster(binaries.initdb, home, data, user));
  writeFileSync(join(home, 'owner.pid'), String(process.pid));
  const port = options.port ?? (await freePort());
  const flags = ['-D', data, '-p', String(port), ...common, ...(options.durable ? durableFlags : throwAwayFlags)];
  const throwAway = options.directory === undefined ? { throwAway: home } : {};
  const server = await startPatiently(() => startServer({ postgres: binaries.postgres, flags, user, ...throwAway }));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    server.signal(signal);
    await server.exited;
    rmSync(join(home, 'owner.pid'), { force: true });
    if (options.directory === undefined) rmSync(home, { recursive: true, force: true });
  };
  return {
    url: `postgres://makewhole:${password}@127.0.0.1:${port}/postgres`,
    pid: server.pid,
    directory: home,
    stop: () => end('SIGINT'),
    kill9: () => end('SIGKILL'),
  };
}

/** After a kill the old server's children may hold its shared memory for a moment. */
async function startPatiently(start: () => Promise<ServerProcess>): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (cause) {
      if (attempt === 40 || !/shared memory block|lock file|the database system is/.test(String(cause))) throw cause;
      await sleep(250);
    }
  }
}

function prepareHome(directory: string | undefined, user: ServerUser | undefined): string {
  const home = directory === undefined ? mkdtempSync(join(tmpdir(), 'makewhole-postgres-')) : reachable(resolve(directory), user);
  mkdirSync(home, { recursive: true });
  if (user !== undefined) chmodSync(home, 0o755);
  return home;
}

/** A folder below one that only root may enter is of no use to the user postgres: a place of its own below /var/lib stands for it. */
function reachable(directory: string, user: ServerUser | undefined): string {
  if (user === undefined || isOpenToOthers(dirname(directory))) return directory;
  return join('/var/lib/makewhole', createHash('sha256').update(directory).digest('hex').slice(0, 12));
}

async function createCluster(initdb: string, home: string, data: string, user: ServerUser | undefined): Promise<string> {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { mode: 0o700 });
  const password = randomBytes(18).toString('base64url');
  const passwordFile = join(home, 'password.new');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) for (const path of [data, passwordFile]) chownSync(path, user.uid, user.gid);
  await runToEnd(initdb, [`--pgdata=${data}`, `--pwfile=${passwordFile}`, ...initdbFlags], user);
  rmSync(passwordFile);
  writeFileSync(join(home, 'password'), password, { mode: 0o600 });
  return password;
}

/** Written last when a data folder is created: without it the folder is not complete. */
function readPassword(home: string): string | undefined {
  const file = join(home, 'password');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Stops the server that a killed process left behind, and removes the trace of one that was killed itself. */
async function endOrphan(home: string, data: string): Promise<void> {
  const owner = readPid(join(home, 'owner.pid'));
  if (owner !== undefined && owner !== process.pid && isAlive(owner))
    throw new Error(`the data in ${home} is in use by process ${owner}: stop it, or choose another folder`);
  const trace = join(data, 'postmaster.pid');
  const server = readPid(trace);
  if (server === undefined) return;
  if (isServerOf(server, data)) {
    process.kill(server, 'SIGINT');
    while (isAlive(server)) await sleep(50);
  }
  rmSync(trace, { force: true });
}

function readPid(file: string): number | undefined {
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : Number.NaN;
  return Number.isNaN(pid) ? undefined : pid;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Process ids are used again: only a process started on this very folder is stopped. Where that cannot be read, Postgres itself decides. */
function isServerOf(pid: number, data: string): boolean {
  try {
    return isAlive(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data);
  } catch {
    return false;
  }
}

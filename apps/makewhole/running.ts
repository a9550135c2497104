import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a running `makewhole` says what it uses, so that other commands can work on the same database. */
export interface Running {
  readonly pid: number;
  readonly url: string;
  /** Carries the database's password: the file is its owner's alone. */
  readonly databaseUrl: string;
}

const fileIn = (folder: string): string => join(folder, 'running.json');

export function announceRunning(folder: string, running: Running): void {
  mkdirSync(folder, { recursive: true });
  rmSync(fileIn(folder), { force: true });
  writeFileSync(fileIn(folder), `${JSON.stringify(running)}\n`, { mode: 0o600 });
}

export const forgetRunning = (folder: string): void => rmSync(fileIn(folder), { force: true });

/** Null when none runs, or when the one that said so is gone. */
export function findRunning(folder: string): Running | null {
  try {
    const running = JSON.parse(readFileSync(fileIn(folder), 'utf8')) as Running;
    process.kill(running.pid, 0);
    return running;
  } catch {
    return null;
  }
}

import { CommanderError } from 'commander';
import type { Terminal } from '#apps/makewhole/terminal';

/** 1: it was tried and failed. 2: wrong use, or input that stopped it. */
export type FailureCode = 1 | 2;

/** Something that went wrong in a way its reader can act on; its message says what to do. */
export class Failure extends Error {
  constructor(
    readonly exitCode: FailureCode,
    message: string,
  ) {
    super(message);
  }
}

export const wrongUse = (message: string): Failure => new Failure(2, message);
export const failed = (message: string): Failure => new Failure(1, message);

/** Tells the terminal what went wrong, in one line, and gives the process's exit code. */
export function exitCodeOf(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Failure) {
    terminal.error(error.message);
    return error.exitCode;
  }
  terminal.error(describeSystemError(error));
  terminal.detail(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}

const systemErrors: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be opened by this user',
  EPERM: 'may not be opened by this user',
  EISDIR: 'is a folder, not a file',
  ENOTDIR: 'lies in something that is not a folder',
  EROFS: 'is on a read-only disk',
  ENOSPC: 'cannot be written: the disk is full',
  EDQUOT: 'cannot be written: the quota is used up',
  EPIPE: 'was closed by its reader before everything was written',
  EMFILE: 'cannot be opened: too many files are open',
  EADDRINUSE: 'is in use by another process',
  ECONNREFUSED: 'refuses connections',
};

/** What an error of the operating system means for `name`, in words; null when it is not one. */
export function describeErrno(error: unknown, name: string): string | null {
  const code = errnoOf(error);
  const words = code === null ? undefined : systemErrors[code];
  return words === undefined ? null : `${name} ${words}`;
}

export function errnoOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

function describeSystemError(error: unknown): string {
  if (!(error instanceof Error)) return `unexpected failure: ${String(error)}`;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : null;
  return (path === null ? null : describeErrno(error, path)) ?? `unexpected failure: ${error.message}`;
}

import { closeSync, openSync, writeSync } from 'node:fs';
import { describeErrno, errnoOf, failed, wrongUse } from '#apps/makewhole/failure';

/** A file of lines, or standard output (`-`). Opened at once, so that a path that cannot be written is known before any work. */
export interface OutputFile {
  writeLine(line: string): void;
  close(): void;
}

const BUFFER_CHARACTERS = 1 << 16;

export function openOutput(option: string, path: string): OutputFile {
  const name = path === '-' ? 'standard output' : path;
  const descriptor = openDescriptor(option, path);
  let pending: string[] = [];
  let characters = 0;
  const flush = (): void => {
    if (characters === 0) return;
    const bytes = Buffer.from(pending.join(''));
    pending = [];
    characters = 0;
    try {
      writeAll(descriptor, bytes);
    } catch (error) {
      throw failed(describeErrno(error, name) ?? `${name} could not be written: ${String(error)}`);
    }
  };
  return {
    writeLine(line) {
      pending.push(line, '\n');
      characters += line.length + 1;
      if (characters >= BUFFER_CHARACTERS) flush();
    },
    close() {
      flush();
      if (path !== '-') closeSync(descriptor);
    },
  };
}

function openDescriptor(option: string, path: string): number {
  if (path === '-') return 1;
  try {
    return openSync(path, 'w');
  } catch (error) {
    const described =
      errnoOf(error) === 'ENOENT'
        ? `the folder of ${path} does not exist`
        : (describeErrno(error, path) ?? `${path} cannot be written`);
    throw wrongUse(`${described}: ${option} names a file to write`);
  }
}

/** A pipe without room answers EAGAIN: its reader is slower than we are, so wait for it. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      if (errnoOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

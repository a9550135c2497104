import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { toCaseFile } from '#case/case-file';
import type { Case } from '#case/case';
import type { Finding } from '#detection/finding';
import type { DeadLetter } from '#stream/stage';
import { openOutput, type OutputFile } from '#apps/makewhole/replay/output-file';
import type { ReplayOptions } from '#apps/makewhole/replay/command';
import { describeErrno, wrongUse } from '#apps/makewhole/failure';

/** The files that a replay writes; those that nobody asked for swallow what they are given. */
export interface ReplayFiles {
  finding(finding: Finding): void;
  case(found: Case): void;
  deadLetter(line: number, letter: DeadLetter): void;
  score(score: object): void;
  readonly wantsCases: boolean;
  readonly wantsScores: boolean;
  close(): void;
}

/** Opens every output. Two that are one file, or one that is the input, are wrong use: nothing has been overwritten then. */
export function openReplayFiles(options: ReplayOptions): ReplayFiles {
  const named = options.findings ?? options.cases ?? options.deadLetters ?? options.scores;
  const wanted = { findings: options.findings ?? (named === undefined ? '-' : undefined), cases: options.cases };
  const paths = [
    ['--findings', wanted.findings],
    ['--cases', wanted.cases],
    ['--dead-letters', options.deadLetters],
    ['--scores', options.scores],
  ] as const;
  refuseSameFile([['--input', options.input], ...paths]);
  const [findings, cases, deadLetters, scores] = paths.map(([option, path]) =>
    path === undefined ? undefined : openOutput(option, path),
  ) as [OutputFile?, OutputFile?, OutputFile?, OutputFile?];
  return {
    finding: (finding) => findings?.writeLine(JSON.stringify(finding)),
    case: (found) => cases?.writeLine(JSON.stringify(toCaseFile(found))),
    deadLetter: (line, letter) => deadLetters?.writeLine(JSON.stringify(toDeadLetterFile(line, letter))),
    score: (score) => scores?.writeLine(JSON.stringify(score)),
    wantsCases: cases !== undefined,
    wantsScores: scores !== undefined,
    close: () => [findings, cases, deadLetters, scores].forEach((file) => file?.close()),
  };
}

/** A dead letter as the outside reads it (interface, section 2): a file is the topic `input`, its line the offset. */
function toDeadLetterFile(line: number, letter: DeadLetter): Readonly<Record<string, unknown>> {
  const { reason, source, id, pointer, expected, found, bytes } = letter;
  return {
    topic: 'input',
    partition: 0,
    offset: line,
    reason,
    source,
    id,
    pointer,
    expected,
    found,
    bytes: bytes.toString('base64'),
  };
}

export function refuseSameFile(files: readonly (readonly [option: string, path: string | undefined])[]): void {
  const seen = new Map<string, string>();
  for (const [option, path] of files) {
    const file = path === undefined ? null : identityOf(option, path);
    if (file === null) continue;
    const before = seen.get(file);
    if (before !== undefined) throw wrongUse(`${before} and ${option} name the same file (${path}): give each its own`);
    seen.set(file, option);
  }
}

/** Two paths of one file have the same identity; devices and pipes have none, as they may be named twice. */
function identityOf(option: string, path: string): string | null {
  if (path === '-') return option === '--input' ? 'standard input' : 'standard output';
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return resolve(path);
  return found.isFile() ? `${found.dev}:${found.ino}` : null;
}

/** Bytes of the input, 0 for one that has no size. Asked before any output is opened, so that a wrong path destroys nothing. */
export function inputSize(path: string): number {
  if (path === '-') return 0;
  try {
    const found = statSync(path);
    if (found.isDirectory()) throw wrongUse(`${path} is a folder: --input names a file of events`);
    return found.isFile() ? found.size : 0;
  } catch (error) {
    const described = describeErrno(error, path);
    throw described === null ? error : wrongUse(`${described}: --input names a file of events`);
  }
}

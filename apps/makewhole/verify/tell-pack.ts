import { readFileSync } from 'node:fs';
import { describeErrno, failed, wrongUse } from '#apps/makewhole/failure';
import { type PackVerdict, verifyPack } from '#apps/makewhole/verify/evidence-pack';
import type { Terminal } from '#apps/makewhole/terminal';

/** Checks one archive of evidence: the verdict as JSON, each fault as a message. */
export function tellPack(path: string, terminal: Terminal): void {
  const verdict = judge(path);
  for (const fault of verdict.faults) terminal.note(`${terminal.bad('broken')}  ${fault}`);
  terminal.print(JSON.stringify(verdict));
  if (verdict.faults.length > 0) throw failed(`${path} is not the evidence that was given out`);
  terminal.note(`${terminal.good('holds')}  ${verdict.files} files, ${verdict.lines} lines`);
}

function judge(path: string): PackVerdict {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw wrongUse(`${describeErrno(error, path) ?? String(error)}: --pack names an archive of evidence`);
  }
  try {
    return verifyPack(bytes);
  } catch (error) {
    throw wrongUse(`${path} cannot be read as an archive of evidence: ${error instanceof Error ? error.message : String(error)}`);
  }
}

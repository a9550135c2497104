import { AccountReplay, type Said } from '#apps/makewhole/replay/account-replay';
import { messageOf, timeOf } from '#apps/makewhole/replay/message';
import { orderSaid } from '#apps/makewhole/replay/order-said';
import { CaseBook } from '#action/case-book';
import { defaultPolicy } from '#action/default-policy';
import { toCaseFile, type CaseFile } from '#case/case-file';
import { accountStage } from '#detection/account-stage';
import type { Finding } from '#detection/finding';
import { redactBytes } from '#event/redact';

export interface Played {
  /** Every line, in the order in which they became true. */
  readonly lines: readonly Finding[];
  readonly cases: readonly CaseFile[];
  readonly deadLetters: readonly { readonly offset: number; readonly reason: string; readonly bytes: string }[];
}

/** What `makewhole replay` does with these lines, in this process. */
export function play(lines: readonly string[], until: string | undefined, stage = accountStage()): Played {
  const end = until === undefined ? -Infinity : Date.parse(until);
  const said: Said[] = [];
  const deadLetters: Played['deadLetters'][number][] = [];
  const run = new AccountReplay(stage, {
    said: (one) => void said.push(one),
    deadLetter: ({ offset }, { reason, bytes }) => void deadLetters.push({ offset, reason, bytes: bytes.toString() }),
    quarantine: ({ value }) => ({ reason: 'future-event', bytes: redactBytes(value ?? Buffer.alloc(0)) }),
    timeOf,
  });
  const appendedAt = Math.max(Date.now(), end);
  lines.forEach((line, offset) => run.record({ offset, key: null, value: Buffer.from(line), headers: undefined, appendedAt }));
  const endAt = run.finish(end);
  const findings: Finding[] = [];
  const book = new CaseBook({ policy: defaultPolicy });
  for (const { at, emission } of orderSaid(said)) {
    const message = messageOf(emission);
    if (message === null) continue;
    if (message.type === 'finding') findings.push(message.finding);
    book.feed(message, at);
  }
  book.advance(endAt);
  return { lines: findings, cases: book.cases().map(toCaseFile), deadLetters };
}

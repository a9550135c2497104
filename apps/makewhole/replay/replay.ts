import { CaseBook } from '#action/case-book';
import type { Policy } from '#action/policy';
import type { Config } from '#config/config';
import type { AnyEvent } from '#event/event';
import { redactBytes } from '#event/redact';
import { type DurationMs, formatInstant, type InstantMs } from '#kernel/time';
import type { LogRecord } from '#stream/log';
import type { DeadLetter } from '#stream/stage';
import { AccountReplay, type ReplayOutputs, type Said } from '#apps/makewhole/replay/account-replay';
import type { ReplayOptions } from '#apps/makewhole/replay/command';
import { readInstant } from '#apps/makewhole/replay/instant-option';
import { messageOf, timeOf } from '#apps/makewhole/replay/message';
import { orderSaid } from '#apps/makewhole/replay/order-said';
import { inputSize, openReplayFiles, type ReplayFiles } from '#apps/makewhole/replay/outputs';
import { readLines } from '#apps/makewhole/replay/read-lines';
import { ScopeThread } from '#apps/makewhole/replay/scope-thread';
import { FindingTally, tellSummary } from '#apps/makewhole/replay/summary';
import { hasScores, stageOf } from '#apps/makewhole/replay/stage';
import { wrongUse } from '#apps/makewhole/failure';
import { requireConfig, requirePolicy } from '#apps/makewhole/settings';
import type { Terminal } from '#apps/makewhole/terminal';

/** Reads events from a file, finds what is wrong and decides what policy would do; sends nothing. */
export async function replay(options: ReplayOptions, terminal: Terminal): Promise<void> {
  const startedAt = performance.now();
  const until = options.until === undefined ? Number.NEGATIVE_INFINITY : readInstant('--until', options.until);
  const config = requireConfig(options.config);
  const policy = requirePolicy(options.policy ?? config.policyFile);
  if (options.scores !== undefined && !hasScores(config))
    throw wrongUse('--scores cannot be written: no detector that is on scores payments; leave the option out');
  const input = { path: options.input, bytes: inputSize(options.input), until };
  const files = openReplayFiles(options);
  const run = await fold(config, input, files, terminal);
  const { findings, book } = tell(orderSaid(run.said), policy, config.clocks, files);
  book.advance(run.endAt);
  const cases = book.cases();
  for (const one of cases) files.case(one);
  files.close();
  tellSummary({ counts: run.counts, accounts: run.accounts, findings, cases, tookMs: performance.now() - startedAt }, terminal);
}

interface Input {
  readonly path: string;
  /** 0 when it is not known beforehand. */
  readonly bytes: number;
  readonly until: InstantMs;
}

async function fold(config: Config, { path, bytes, until }: Input, files: ReplayFiles, terminal: Terminal) {
  const said: Said[] = [];
  const scopes = new ScopeThread(
    { config, tellsScores: files.wantsScores },
    { said: (one) => void said.push(one), score: (score) => files.score(score) },
  );
  const outputs: ReplayOutputs<AnyEvent> = {
    said: (one) => void said.push(one),
    slim: (emission) => scopes.hear(emission),
    deadLetter: (record, letter) => files.deadLetter(record.offset, letter),
    quarantine: (record, event) => quarantined(record, event, config.stream.futureMs),
    timeOf,
  };
  const run = new AccountReplay(stageOf(config, files.wantsScores), outputs, config.stream);
  const progress = terminal.progress('replay', bytes, 'events');
  let appendedAt = Math.max(Date.now(), until);
  try {
    await readLines({
      input: path,
      lineBytesMax: config.gateway.eventBytesMax,
      onLine(value, offset) {
        if (value.length > 0) run.record({ offset, key: null, value, headers: undefined, appendedAt });
      },
      onPiece(bytesRead) {
        appendedAt = Math.max(Date.now(), until);
        progress.update(bytesRead, `${run.counts.events} events`);
        return scopes.whenRoom();
      },
    }).finally(() => progress.stop());
    const endAt = run.finish(until);
    await scopes.finish(endAt);
    return { said, endAt, counts: run.counts, accounts: run.keys };
  } finally {
    await scopes.stop();
  }
}

/** Writes findings and feeds cases, in the order given. */
function tell(
  said: readonly Said[],
  policy: Policy,
  clocks: Config['clocks'],
  files: ReplayFiles,
): { findings: FindingTally; book: CaseBook } {
  const findings = new FindingTally();
  const book = new CaseBook({ policy, clocks });
  for (const { at, emission } of said) {
    const message = messageOf(emission);
    if (message === null) continue;
    if (message.type === 'finding') {
      files.finding(message.finding);
      findings.add(message.finding);
    }
    book.feed(message, at);
  }
  return { findings, book };
}

function quarantined(record: LogRecord, { source, id, at }: AnyEvent, futureMs: DurationMs): DeadLetter {
  return {
    reason: 'future-event',
    source,
    id,
    pointer: '/time',
    expected: `not after ${formatInstant(record.appendedAt + futureMs)}`,
    found: formatInstant(at),
    bytes: redactBytes(record.value ?? Buffer.alloc(0)),
  };
}

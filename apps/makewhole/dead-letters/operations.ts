import { createLogger } from '#telemetry/logger';
import type { Log } from '#stream/log';
import type { DeadLetterOptions } from '#apps/makewhole/dead-letters/command';
import { failed, wrongUse } from '#apps/makewhole/failure';
import { readRecord, readTopic } from '#apps/makewhole/read-topic';
import { requireConfig } from '#apps/makewhole/settings';
import { openStorage } from '#apps/makewhole/storage';
import type { Terminal } from '#apps/makewhole/terminal';

/** A dead letter as it stands in the topic `dead-letters` (interface, section 2). */
interface DeadLetterRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly reason: string;
  readonly bytes: string;
}

const nameOf = ({ topic, partition, offset }: DeadLetterRecord): string => `${topic}/${partition}/${offset}`;

/** Carried by a record that was appended again: where it stood before. */
const REPLAY_HEADER = 'makewhole-replay-of';

export function listDeadLetters(options: DeadLetterOptions, terminal: Terminal): Promise<void> {
  return withLog(options, async (log) => {
    const letters = await readDeadLetters(log, options.reason);
    for (const { bytes: _bytes, ...letter } of letters.slice(-(options.limit ?? letters.length))) {
      terminal.print(JSON.stringify(letter));
    }
    terminal.note(`${letters.length} dead letters`);
  });
}

export function showDeadLetter(name: string, options: DeadLetterOptions, terminal: Terminal): Promise<void> {
  return withLog(options, async (log) => {
    const letter = (await readDeadLetters(log)).find((one) => nameOf(one) === name);
    if (letter === undefined) throw wrongUse(`there is no dead letter ${name}: see makewhole dead-letters list`);
    terminal.print(JSON.stringify({ ...letter, text: Buffer.from(letter.bytes, 'base64').toString('utf8') }, null, 2));
  });
}

export function replayDeadLetters(names: readonly string[], options: DeadLetterOptions, terminal: Terminal): Promise<void> {
  if ((names.length === 0) === (options.all !== true)) throw wrongUse('name dead letters, or say --all; not both');
  return withLog(options, async (log) => {
    const letters = await readDeadLetters(log, options.reason);
    const chosen = options.all === true ? letters : names.map((name) => choose(letters, name));
    const writer = await log.writer();
    let gone = 0;
    for (const letter of chosen) {
      const record = await readRecord(log, letter.topic, letter.partition, letter.offset);
      if (record === null || record.value === null) {
        gone += 1;
        terminal.note(`${nameOf(letter)} is no longer in the log`);
        continue;
      }
      const headers = { ...record.headers, [REPLAY_HEADER]: nameOf(letter) };
      await writer.append(letter.topic, [{ key: record.key ?? nameOf(letter), value: record.value, headers }]);
      terminal.print(nameOf(letter));
    }
    await writer.close();
    terminal.note(`${chosen.length - gone} records appended again`);
    if (gone > 0) throw failed(`${gone} records are no longer in the log and were not replayed`);
  });
}

function choose(letters: readonly DeadLetterRecord[], name: string): DeadLetterRecord {
  const letter = letters.find((one) => nameOf(one) === name);
  if (letter === undefined) throw wrongUse(`there is no dead letter ${name}: see makewhole dead-letters list`);
  return letter;
}

/** Each once: the topic may carry one twice after a crash. */
async function readDeadLetters(log: Log, reason?: string): Promise<DeadLetterRecord[]> {
  const letters = new Map<string, DeadLetterRecord & { readonly since: number }>();
  await readTopic(log, 'dead-letters', (record) => {
    if (record.value === null) return;
    const letter = JSON.parse(record.value.toString('utf8')) as DeadLetterRecord;
    if (reason !== undefined && letter.reason !== reason) return;
    if (!letters.has(nameOf(letter))) letters.set(nameOf(letter), { ...letter, since: record.appendedAt });
  });
  return [...letters.values()].sort((one, other) => one.since - other.since).map(({ since: _since, ...letter }) => letter);
}

async function withLog(options: DeadLetterOptions, work: (log: Log) => Promise<void>): Promise<void> {
  const config = requireConfig(options.config);
  const storage = await openStorage(config, createLogger('makewhole', 'warn'));
  await work(storage.log).finally(() => storage.close());
}

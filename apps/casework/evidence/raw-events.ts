import { createHash, randomUUID } from 'node:crypto';
import { formatInstant, type DurationMs } from '#kernel/time';
import type { Log, LogRecord } from '#stream/log';

const TOPIC = 'payment-events';

/** An event as it lies in the log: the bytes are those that were received. */
export interface RawEvent {
  readonly eventId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly appendedAt: string;
  readonly sha256: string;
  /** Of an event in binary mode: its attributes. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface RawEvents {
  readonly events: readonly RawEvent[];
  /** Why some are not here; null when all are. */
  readonly missing: { readonly eventIds: readonly string[]; readonly why: string } | null;
}

/**
 * The events on which a case rests, from the one partition in which the buyer's events lie, read from its beginning until all are found.
 * Whatever keeps some of them from being found is said: an archive that is silent about it would claim too much.
 */
export async function readRawEvents(
  log: Log,
  accountId: string | null,
  eventIds: readonly string[],
  withinMs: DurationMs,
): Promise<RawEvents> {
  try {
    return await findEvents(log, accountId, eventIds, withinMs);
  } catch (error) {
    const why = `the log could not be read: ${error instanceof Error ? error.message : String(error)}`;
    return { events: [], missing: { eventIds, why } };
  }
}

async function findEvents(
  log: Log,
  accountId: string | null,
  eventIds: readonly string[],
  withinMs: DurationMs,
): Promise<RawEvents> {
  const none = (why: string): RawEvents => ({ events: [], missing: { eventIds, why } });
  if (eventIds.length === 0) return { events: [], missing: null };
  if (accountId === null) return none('the case is about no buyer: its events lie under the keys of many');
  const admin = await log.admin();
  const offsets = await admin.offsets(TOPIC).finally(() => admin.close());
  const held = offsets.find(({ partition }) => partition === log.partitionOf(accountId, offsets.length));
  if (held === undefined || held.start >= held.end) return none('the log holds no events of this buyer any more');
  const { found, ended } = await scan(log, accountId, new Set(eventIds), held, withinMs);
  const left = eventIds.filter((id) => !found.has(id));
  if (left.length === 0) return { events: [...found.values()], missing: null };
  const begins =
    held.start > 0 ? `the log begins at offset ${held.start}: its retention has passed over them` : 'the log does not hold them';
  return { events: [...found.values()], missing: { eventIds: left, why: ended ? begins : `not found within ${withinMs} ms` } };
}

async function scan(
  log: Log,
  accountId: string,
  wanted: ReadonlySet<string>,
  held: { readonly partition: number; readonly start: number; readonly end: number },
  withinMs: DurationMs,
): Promise<{ readonly found: ReadonlyMap<string, RawEvent>; readonly ended: boolean }> {
  const found = new Map<string, RawEvent>();
  const reader = log.reader({ group: `makewhole-evidence-${randomUUID()}`, topics: [TOPIC] });
  let timer: NodeJS.Timeout | undefined;
  try {
    const ended = await new Promise<boolean>((resolve, reject) => {
      timer = setTimeout(() => resolve(false), withinMs);
      const onBatch = (records: readonly LogRecord[], partition: number): void => {
        for (const record of records) {
          const eventId = record.key === accountId ? idOf(record) : undefined;
          if (eventId !== undefined && wanted.has(eventId) && !found.has(eventId))
            found.set(eventId, rawOf(eventId, partition, record));
        }
        if (found.size === wanted.size || (records.at(-1)?.offset ?? -1) + 1 >= held.end) resolve(true);
      };
      reader
        .start(({ records, partition }) => Promise.resolve(onBatch(records, partition)))
        .then(() => reader.assign(TOPIC, held.partition, held.start))
        .catch(reject);
    });
    return { found, ended };
  } finally {
    clearTimeout(timer);
    await reader.stop();
  }
}

function idOf({ headers, value }: LogRecord): string | undefined {
  if (headers?.['ce_id'] !== undefined) return headers['ce_id'];
  try {
    return (JSON.parse(String(value)) as { id?: string }).id;
  } catch {
    return undefined;
  }
}

const rawOf = (eventId: string, partition: number, { offset, appendedAt, headers, value }: LogRecord): RawEvent => ({
  ...{ eventId, topic: TOPIC, partition, offset, appendedAt: formatInstant(appendedAt) },
  sha256: createHash('sha256')
    .update(value ?? '')
    .digest('hex'),
  ...(headers === undefined ? {} : { headers }),
  value: String(value),
});

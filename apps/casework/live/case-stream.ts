import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Response } from 'express';
import { type DurationMs, seconds } from '#kernel/time';
import type { CaseMessage } from '#case/case-message';
import type { Log, LogRecord, PartitionBatch } from '#stream/log';
import { formatPosition, type StreamPosition } from '#apps/casework/live/stream-position';

const TOPIC = 'cases';
/** Proxies cut what is silent for a minute. */
const HEARTBEAT_MS = seconds(15);
/** Who takes nothing for so long is cut off, and may come back to where they were. */
const DRAIN_MS: DurationMs = seconds(30);

/**
 * Changes of cases, as they are told to the log, to one reader: an event says which case changed and what about it, and the case itself is
 * read over the API, so that nothing that was erased comes back. One batch a partition is in hand at a time: a reader who is slow
 * holds no more than that in memory. Resolves when the reader has gone or was cut off.
 */
export async function streamCases(log: Log, response: Response, from: StreamPosition | undefined): Promise<void> {
  const admin = await log.admin();
  const offsets = await admin.offsets(TOPIC).finally(() => admin.close());
  const position = new Map<number, number>();
  let hasGap = false;
  for (const { partition, start, end } of offsets) {
    const wanted = from?.get(partition) ?? (from === undefined ? end : start);
    hasGap ||= wanted < start || wanted > end;
    position.set(partition, wanted < start || wanted > end ? start : wanted);
  }
  const gone = once(response, 'close');
  response.write(`retry: 2000\n${hasGap ? 'event: reset\n' : ': hello\n'}id: ${formatPosition(position)}\ndata: {}\n\n`);
  const reader = log.reader({ group: `makewhole-stream-${randomUUID()}`, topics: [TOPIC] });
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  try {
    await reader.start((batch) => send(response, position, batch));
    for (const [partition, offset] of [...position]) await reader.assign(TOPIC, partition, offset);
    await gone;
  } finally {
    clearInterval(heartbeat);
    response.destroy();
    await reader.stop();
  }
}

async function send(response: Response, position: Map<number, number>, { partition, records }: PartitionBatch): Promise<void> {
  for (const record of records) {
    if (response.destroyed) return;
    position.set(partition, record.offset + 1);
    if (!response.write(eventOf(record, position))) await drained(response);
  }
}

async function drained(response: Response): Promise<void> {
  const patience = setTimeout(() => response.destroy(), DRAIN_MS);
  await Promise.race([once(response, 'drain'), once(response, 'close')]).finally(() => clearTimeout(patience));
}

function eventOf({ value }: LogRecord, position: StreamPosition): string {
  const { case: held, revision, notices } = (JSON.parse(String(value)) as { data: CaseMessage }).data;
  const { caseId, number, accountId, stage, status, outcome } = held;
  const data = JSON.stringify({ caseId, number, accountId, stage, status, outcome, revision, notices });
  return `event: case\nid: ${formatPosition(position)}\ndata: ${data}\n\n`;
}

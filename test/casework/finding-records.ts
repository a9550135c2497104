import type { FindingMessage } from '#detection/finding';
import type { ActionResult } from '#action/action';
import type { LogRecord, NewRecord, PartitionBatch } from '#stream/log';

/** A message as the detector puts it on `findings`. */
export const findingRecord = (message: FindingMessage, id: string): NewRecord => {
  const { type, ...data } = message;
  return { key: keyOf(message), value: event(`makewhole.${type}`, id, data) };
};

export const resultRecord = (result: ActionResult, id: string): NewRecord => ({
  key: result.accountId ?? result.caseId,
  value: event('makewhole.action-result', id, result),
});

export const batchOf = (topic: string, records: readonly NewRecord[], from = 0): PartitionBatch => ({
  topic,
  partition: 0,
  records: records.map((record, index) => asLogged(record, from + index)),
  endOffset: from + records.length,
});

const asLogged = ({ key, value }: NewRecord, offset: number): LogRecord => ({
  offset,
  key,
  value: Buffer.from(value as string),
  headers: undefined,
  appendedAt: 0,
});

const keyOf = (message: FindingMessage): string =>
  message.type === 'payment' ? message.payment.accountId : (message.finding.accountId ?? message.finding.findingId);

const event = (type: string, id: string, data: object): string =>
  JSON.stringify({ specversion: '1.0', source: 'makewhole/test', type, id, time: '2026-03-02T12:00:00.000Z', data });

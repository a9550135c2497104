import type { Decode } from '#event/decode';
import type { DecodeError } from '#event/event';
import { parseJson } from '#event/json-bytes';
import { type RawLayout, readRaw } from '#event/raw-layout';
import { redactBytes } from '#event/redact';
import type { LogRecord, PartitionBatch } from '#stream/log';
import type { Transaction } from '#stream/store';
import { EVENTS_TOPIC } from '#apps/gateway/intake';
import { recordKey } from '#apps/gateway/record-key';

export interface RawRules {
  /** By topic. */
  readonly layouts: ReadonlyMap<string, RawLayout>;
  readonly decode: Decode;
  /** Called inside the transaction, so perhaps more than once. */
  readonly onDead: (reason: string) => void;
}

/** Each record becomes an event, a dead letter of its own topic, or nothing where the layout ignores its type. */
export function mapRawBatch(batch: PartitionBatch, transaction: Transaction, rules: RawRules): void {
  const layout = rules.layouts.get(batch.topic);
  if (layout === undefined) throw new Error(`topic ${batch.topic} has no layout`);
  for (const record of batch.records) {
    const mapped = mapRecord(record, layout, rules.decode);
    if (mapped === 'ignored') continue;
    if ('reason' in mapped) emitDead(batch, record, mapped, transaction, rules);
    else transaction.emit(EVENTS_TOPIC, { ...mapped, id: `${batch.topic}/${batch.partition}/${record.offset}` });
  }
}

function mapRecord(
  { value }: LogRecord,
  layout: RawLayout,
  decode: Decode,
): { key: string; value: string } | DecodeError | 'ignored' {
  const json = value === null ? undefined : parseJson(value);
  if (json?.ok !== true)
    return { reason: 'not-json', pointer: '', expected: 'JSON in UTF-8', found: json === undefined ? 'no value' : json.error };
  const read = readRaw(layout, json.value.data);
  if (read === 'ignored') return 'ignored';
  if (!read.ok) return { reason: 'unknown-type', ...read.error };
  const text = JSON.stringify(read.value);
  const decoded = decode(Buffer.from(text));
  if (decoded === 'ignored') return 'ignored';
  return decoded.ok ? { key: recordKey(decoded.value), value: text } : decoded.error;
}

function emitDead(
  { topic, partition }: PartitionBatch,
  { offset, value }: LogRecord,
  fault: DecodeError,
  transaction: Transaction,
  { onDead }: RawRules,
): void {
  const letter = { topic, partition, offset, ...fault, bytes: redactBytes(value ?? Buffer.alloc(0)).toString('base64') };
  transaction.emit('dead-letters', {
    key: `${topic}/${partition}`,
    id: `gateway/${topic}/${partition}/${offset}`,
    value: JSON.stringify(letter),
  });
  onDead(fault.reason);
}

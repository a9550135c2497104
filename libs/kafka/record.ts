import type { KafkaMessage } from 'kafkajs';
import type { LogRecord } from '#stream/log';

/** kafkajs gives offset and time as text, and headers as buffers. A header that is given twice counts with its first value. */
export function toRecord({ offset, key, value, headers, timestamp }: KafkaMessage): LogRecord {
  return {
    offset: Number(offset),
    key: key === null ? null : key.toString('utf8'),
    value,
    headers: toHeaders(headers),
    appendedAt: Number(timestamp),
  };
}

function toHeaders(headers: KafkaMessage['headers']): Readonly<Record<string, string>> | undefined {
  let result: Record<string, string> | undefined;
  for (const name in headers) {
    const value = headers[name];
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) (result ??= {})[name] = first.toString('utf8');
  }
  return result;
}

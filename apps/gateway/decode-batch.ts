import type { Decode } from '#event/decode';
import type { DecodeError } from '#event/event';
import type { NewRecord } from '#stream/log';
import { recordKey } from '#apps/gateway/record-key';
import type { RawEvent } from '#apps/gateway/split-events';

/** One bad event of a request. */
export interface EventFault {
  /** From 0, in the order of the request; blank lines are not counted. */
  readonly index: number;
  /** JSON pointer into the event. */
  readonly pointer: string;
  readonly reason: DecodeError['reason'];
  readonly expected: string;
  readonly found: string;
  readonly source?: string;
  readonly id?: string;
}

export interface DecodedBatch {
  readonly records: readonly NewRecord[];
  readonly faults: readonly EventFault[];
}

/** Decodes every event; the records keep the original bytes. One fault is enough that none may be appended. */
export function decodeBatch(events: readonly RawEvent[], decode: Decode, trace: Readonly<Record<string, string>>): DecodedBatch {
  const records: NewRecord[] = [];
  const faults: EventFault[] = [];
  events.forEach(({ value, headers }, index) => {
    const decoded = decode(value, headers);
    if (decoded === 'ignored') records.push({ key: `ignored:${index}`, value, headers: { ...headers, ...trace } });
    else if (decoded.ok) records.push({ key: recordKey(decoded.value), value, headers: { ...headers, ...trace } });
    else faults.push({ index, ...decoded.error });
  });
  return { records, faults };
}

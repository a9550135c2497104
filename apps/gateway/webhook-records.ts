import { sha256Hex } from '#kernel/ids';
import type { Decode } from '#event/decode';
import type { Told } from '#event/provider-webhook';
import type { NewRecord } from '#stream/log';
import { recordKey } from '#apps/gateway/record-key';

export interface WebhookRecords {
  readonly records: readonly NewRecord[];
  /** How many of them are no events of ours: the detector makes dead letters of them, with everything that the webhook said. */
  readonly kept: number;
}

/**
 * The records of one webhook. An event that is not whole (a refund that names no buyer, say) and a telling without an event of ours are
 * kept with the webhook inside: nothing that a provider told of money is dropped.
 */
export function webhookRecords(
  provider: string,
  tellings: readonly { readonly told: Told; readonly part: unknown }[],
  decode: Decode,
): WebhookRecords {
  const records: NewRecord[] = [];
  let kept = 0;
  for (const { told, part } of tellings) {
    if (told.kind === 'ignored') continue;
    if (told.kind === 'unmapped') {
      const { kind: _, ...attributes } = told;
      const id = told.id === '' ? sha256Hex(JSON.stringify(part)) : told.id;
      records.push(keptRecord(provider, { ...attributes, id }, { webhook: part }));
      kept += 1;
      continue;
    }
    for (const { data, ...attributes } of told.events) {
      const value = Buffer.from(JSON.stringify({ specversion: '1.0', ...attributes, data }));
      const decoded = decode(value);
      const isEvent = decoded !== 'ignored' && decoded.ok;
      if (isEvent) records.push({ key: recordKey(decoded.value), value, headers });
      else records.push(keptRecord(provider, attributes, { ...data, webhook: part }));
      if (!isEvent) kept += 1;
    }
  }
  return { records, kept };
}

const headers = { 'content-type': 'application/cloudevents+json' } as const;

const keptRecord = (provider: string, attributes: { readonly id: string }, data: object): NewRecord => ({
  key: `webhook:${provider}:${attributes.id}`,
  value: Buffer.from(JSON.stringify({ specversion: '1.0', ...attributes, data })),
  headers,
});

/** A signed body that is no JSON. */
export const unreadableRecord = (provider: string, body: Buffer): NewRecord => ({
  key: `webhook:${provider}:unreadable`,
  value: body,
  headers,
});

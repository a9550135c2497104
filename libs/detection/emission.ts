import { createHash } from 'node:crypto';
import { formatInstant } from '#kernel/time';
import type { Finding, PaymentFacts } from '#detection/finding';
import type { Told } from '#detection/told';

/** What the stage says; the runtime stores it under `id` and sends it when `digest` is new (libs/stream/stage.ts). */
export interface Emission {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly body: string;
  readonly digest: string;
  readonly kind: 'finding' | 'message';
}

const SOURCE = 'makewhole/detector';
const TOPIC = 'findings';

/** A finding's line as a CloudEvent, with what is known of the payments that it names. */
export function findingEmission(told: Told, accountId: string, payments: readonly PaymentFacts[]): Emission {
  const { finding, revision, at } = told;
  const digest = digestOf(finding);
  return {
    id: finding.findingId,
    topic: TOPIC,
    key: accountId,
    body: cloudEvent('makewhole.finding', `${finding.findingId}.${revision}.${digest}`, formatInstant(at), { finding, payments }),
    digest,
    kind: 'finding',
  };
}

/** A watched payment's money facts as they stand now. */
export function paymentEmission(facts: PaymentFacts): Emission {
  const digest = digestOf(facts);
  return {
    id: `p-${digestOf([facts.accountId, facts.paymentId])}`,
    topic: TOPIC,
    key: facts.accountId,
    body: cloudEvent('makewhole.payment', `${facts.paymentId}.${digest}`, formatInstant(facts.asOf), { payment: facts }),
    digest,
    kind: 'message',
  };
}

export const factsDigest = (facts: PaymentFacts): string => digestOf({ ...facts, asOf: 0 });

const cloudEvent = (
  type: string,
  id: string,
  time: string,
  data: { finding: Finding; payments: readonly PaymentFacts[] } | { payment: PaymentFacts },
): string => JSON.stringify({ specversion: '1.0', id, source: SOURCE, type, time, datacontenttype: 'application/json', data });

const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 24);

import { createHash } from 'node:crypto';
import { formatInstant, type InstantMs } from '#kernel/time';
import type { Cell } from '#ledger/packing';
import type { Finding, PaymentFacts } from '#detection/finding';
import type { Score } from '#detection/scope-detector';
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

/** A row for the stage of the other scopes; libs/stream/stage.ts says how it travels. */
export interface SlimEmission {
  readonly kind: 'slim';
  readonly topic: string;
  readonly group: string;
  readonly cells: readonly Cell[];
  readonly sumFrom?: number | undefined;
}
export type Outgoing = Emission | SlimEmission;

const SOURCE = 'makewhole/detector';
const TOPIC = 'findings';
export const SCORES = 'scores';

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

/** A payment's score. It is no finding and goes to no topic: who asks for scores takes them from what the stage says. */
export function scoreEmission(score: Score): Emission {
  return {
    id: `s-${score.eventId}`,
    topic: SCORES,
    key: score.accountId,
    body: cloudEvent('makewhole.score', `s-${score.eventId}`, formatInstant(score.at), {
      score: { ...score, at: formatInstant(score.at) },
    }),
    digest: '',
    kind: 'message',
  };
}

/** A partition of `payment-events` was read to its end. `key` leads to one partition of the topic: each of them has to hear it. */
export function caughtUpEmission(partition: number, watermark: InstantMs, key: string, occasion: string): Emission {
  const id = `caught-up.${partition}.${key}`;
  const time = formatInstant(Math.max(0, watermark));
  return {
    id,
    topic: TOPIC,
    key,
    body: cloudEvent('makewhole.caught-up', `${id}.${occasion}`, time, { partition }),
    digest: occasion,
    kind: 'message',
  };
}

export const factsDigest = (facts: PaymentFacts): string => digestOf({ ...facts, asOf: 0 });

const cloudEvent = (
  type: string,
  id: string,
  time: string,
  data:
    | { finding: Finding; payments: readonly PaymentFacts[] }
    | { payment: PaymentFacts }
    | { score: object }
    | { partition: number },
): string => JSON.stringify({ specversion: '1.0', id, source: SOURCE, type, time, datacontenttype: 'application/json', data });

const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 24);

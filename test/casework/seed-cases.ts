import { formatInstant, minutes } from '#kernel/time';
import type { Confidence, Finding, FindingKind } from '#detection/finding';
import { duplicate, noon, paymentFacts, told } from '#test/casework/finding-messages';
import type { RunningCasework } from '#test/casework/running-casework';

/** Stands in every id of the seeds; a copy has its own number there, which is as long. */
export const markerOf = (copy: number): string => `~${String(copy).padStart(6, '0')}~`;

/** Out of a hundred: what is found often and what hardly ever. */
const kinds: readonly (readonly [FindingKind, number])[] = [
  ['duplicate-charge', 44],
  ['refund-overdue', 20],
  ['stuck-hold', 15],
  ['not-delivered', 9],
  ['account-takeover', 5],
  ['spend-outlier', 4],
  ['frozen-funds', 2],
  ['insider-abuse', 1],
];

const spread = kinds.flatMap(([kind, share]) => Array<FindingKind>(share).fill(kind));
const confidences: readonly Confidence[] = ['certain', 'likely', 'certain', 'certain', 'possible', 'likely', 'certain'];

/** Of five findings four have cleared; every ninth is in shadow, every eleventh is of a sum that few lose. */
export function seedFinding(n: number, marker: string): Finding {
  const kind = spread[(n * 37) % spread.length]!;
  const id = (name: string, of = n): string => `${name}${marker}${of}`;
  const hasBuyer = kind !== 'insider-abuse';
  return duplicate({
    ...{ findingId: id('f'), kind, confidence: confidences[n % confidences.length]!, orderId: id('o') },
    at: formatInstant(noon - minutes(n)),
    accountId: hasBuyer ? id('a', n % 8 === 0 ? 0 : Math.floor(n / 5)) : null,
    ...(hasBuyer ? {} : { scope: { kind: 'operator' as const, key: id('op') } }),
    paymentIds: hasBuyer ? [id('p'), id('q')] : [],
    loss: hasBuyer ? { minor: n % 11 === 0 ? 900_000 + n : 100 + n, currency: n % 4 === 0 ? 'USD' : 'EUR' } : null,
    because: { rule: kind, fields: ['paymentId'], figures: n % 3 === 0 ? { reference: id('ref') } : {} },
    eventIds: [id('e'), id('g')],
    ...(n % 9 === 0 ? { mode: 'shadow' as const } : {}),
  });
}

const saidOf = (n: number, marker: string, status: Finding['status']) => {
  const finding = { ...seedFinding(n, marker), status };
  const payments = finding.paymentIds.map((paymentId) =>
    paymentFacts(paymentId, {
      accountId: finding.accountId!,
      ...{ capturedMinor: 2_000_000, authorisedMinor: 2_000_000 },
      instrument: { kind: 'card', fingerprint: `c${marker}${n}`, last4: String((n * 7) % 10_000).padStart(4, '0') },
    }),
  );
  return told(finding, payments);
};

/** Lets the product itself write `count` findings, the oldest first, and the cases that they make; people work on some of them. */
export async function seedCases(casework: RunningCasework, count: number, copy = 0): Promise<void> {
  const marker = markerOf(copy);
  const each = Array.from({ length: count }, (_, at) => count - 1 - at);
  await casework.tell(...each.map((n) => saidOf(n, marker, 'open')));
  await casework.tell(...each.filter((n) => n % 5 !== 1).map((n) => saidOf(n, marker, 'cleared')));
  for (const n of each.filter((one) => one % 5 === 1)) {
    const { body } = await casework.get('vera', `/v1/search?q=${seedFinding(n, marker).orderId}`).expect(200);
    const [held] = body.cases as { caseId: string; status: string }[];
    if (held?.status !== 'open') continue;
    if (n % 3 === 0) await casework.post('ines', `/v1/cases/${held.caseId}/assign`).send({ assignee: 'ines' }).expect(200);
    if (n % 4 === 0)
      await casework
        .post('ines', `/v1/cases/${held.caseId}/tags`)
        .send({ tags: ['vip'] })
        .expect(200);
    if (n % 7 === 0)
      await casework
        .post('ines', `/v1/cases/${held.caseId}/decision`)
        .send({ stage: 'awaiting_buyer', reason: 'a receipt' })
        .expect(200);
  }
}

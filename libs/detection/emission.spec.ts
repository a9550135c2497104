import { caughtUpEmission, factsDigest, findingEmission, paymentEmission, scoreEmission } from '#detection/emission';
import type { Finding, PaymentFacts } from '#detection/finding';
import type { Told } from '#detection/told';
import { eur } from '#test/scenarios/told-events';

const at = Date.UTC(2026, 5, 8, 10);
const facts: PaymentFacts = {
  paymentId: 'pay-1',
  accountId: 'buyer',
  currency: 'EUR',
  authorisedMinor: 5000,
  capturedMinor: 5000,
  refundedMinor: 0,
  refundPendingMinor: 0,
  chargebackOpen: false,
  chargedBackMinor: 0,
  settled: 'unknown',
  voided: false,
  asOf: at,
};
const finding = {
  findingId: 'f-1',
  kind: 'stuck-hold',
  status: 'open',
  paymentIds: ['pay-1'],
  loss: eur(5000),
} as unknown as Finding;
const told = (more: Partial<Told> = {}): Told => ({
  detector: 'stuck-hold',
  subject: 'pay-1',
  finding,
  revision: 2,
  at,
  ...more,
});

describe('the line of a finding', () => {
  it('is an event of its revision and content, kept under the id of the finding and sent by the account', () => {
    const line = findingEmission(told(), 'buyer', [facts]);
    expect(line).toMatchObject({ id: 'f-1', topic: 'findings', key: 'buyer', kind: 'finding' });
    expect(line.digest).toMatch(/^[0-9a-f]{24}$/);
    expect(JSON.parse(line.body)).toEqual({
      specversion: '1.0',
      id: `f-1.2.${line.digest}`,
      source: 'makewhole/detector',
      type: 'makewhole.finding',
      time: '2026-06-08T10:00:00.000Z',
      datacontenttype: 'application/json',
      data: { finding, payments: [facts] },
    });
  });

  it('is another one where the finding differs, and not where only its revision or its time does', () => {
    const digest = (more: Partial<Told> = {}) => findingEmission(told(more), 'buyer', []).digest;
    expect(digest({ finding: { ...finding, status: 'cleared' } })).not.toBe(digest());
    expect(digest({ revision: 3, at: at + 1 })).toBe(digest());
  });
});

describe('the facts of a payment', () => {
  it('are kept under an id of account and payment, and are an event of their content', () => {
    const message = paymentEmission(facts);
    expect(message).toMatchObject({ topic: 'findings', key: 'buyer', kind: 'message' });
    expect(message.id).toMatch(/^p-[0-9a-f]{24}$/);
    expect(JSON.parse(message.body)).toMatchObject({
      type: 'makewhole.payment',
      id: `pay-1.${message.digest}`,
      time: '2026-06-08T10:00:00.000Z',
      data: { payment: facts },
    });
    const ids = [{}, { accountId: 'other' }, { paymentId: 'pay-2' }].map((more) => paymentEmission({ ...facts, ...more }).id);
    expect(new Set(ids).size).toBe(3);
    const later = paymentEmission({ ...facts, refundedMinor: 1, asOf: at + 1 });
    expect(later.id).toBe(message.id);
    expect(later.digest).not.toBe(message.digest);
  });

  it('are the same facts however late they are looked at', () => {
    expect(factsDigest({ ...facts, asOf: at + 9 })).toBe(factsDigest(facts));
    expect(factsDigest({ ...facts, refundedMinor: 1 })).not.toBe(factsDigest(facts));
  });
});

it('a score is told under its event, with its time as text', () => {
  const score = {
    eventId: 'e-1',
    paymentId: 'pay-1',
    accountId: 'buyer',
    merchantId: 'shop',
    at,
    score: 0.25,
    parts: { hour: 0.1 },
  };
  const emission = scoreEmission(score);
  expect(emission).toMatchObject({ id: 's-e-1', topic: 'scores', key: 'buyer', digest: '', kind: 'message' });
  expect(JSON.parse(emission.body)).toMatchObject({
    id: 's-e-1',
    type: 'makewhole.score',
    time: '2026-06-08T10:00:00.000Z',
    data: { score: { ...score, at: '2026-06-08T10:00:00.000Z' } },
  });
});

it('the end of a partition is told once each occasion, and from 1970 on where nothing was read', () => {
  const emission = caughtUpEmission(3, at, 'key-7', 'epoch-2');
  expect(emission).toMatchObject({
    id: 'caught-up.3.key-7',
    topic: 'findings',
    key: 'key-7',
    digest: 'epoch-2',
    kind: 'message',
  });
  expect(JSON.parse(emission.body)).toMatchObject({
    id: 'caught-up.3.key-7.epoch-2',
    type: 'makewhole.caught-up',
    time: '2026-06-08T10:00:00.000Z',
    data: { partition: 3 },
  });
  expect(JSON.parse(caughtUpEmission(3, -Infinity, 'key-7', 'epoch-2').body).time).toBe('1970-01-01T00:00:00.000Z');
});

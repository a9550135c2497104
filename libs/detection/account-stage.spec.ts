import type { AnyEvent } from '#event/event';
import type { Stage } from '#stream/stage';
import type { AccountState } from '#detection/account-state';
import { accountStage } from '#detection/account-stage';
import type { Coverage } from '#detection/coverage';
import type { Emission } from '#detection/emission';

const stage: Stage<AccountState, AnyEvent, Coverage> = accountStage();

const record = (event: object) => ({
  offset: 0,
  key: 'buyer',
  value: Buffer.from(JSON.stringify(event)),
  headers: undefined,
  appendedAt: 0,
});

const captured = (id: string, paymentId: string, time: string, more: object = {}) => ({
  specversion: '1.0',
  id,
  source: '/platform',
  type: 'payment.captured',
  time,
  data: {
    accountId: 'buyer',
    paymentId,
    merchantId: 'shop',
    amount: { minor: 2390, currency: 'EUR' },
    instrument: { kind: 'card', fingerprint: 'card-1', scheme: 'visa' },
    idempotencyKey: `key-${paymentId}`,
    ...more,
  },
});

function applyAll(events: readonly object[]) {
  const state = stage.newState('buyer');
  const out: Emission[] = [];
  const outcomes = events.map((event) => {
    const decoded = stage.decode(record(event));
    if (decoded.kind !== 'event') throw new Error(JSON.stringify(decoded));
    return stage.apply(state, decoded.event, stage.newShared(), -Infinity, record(event), out);
  });
  return { state, out, outcomes: outcomes.map(({ kind }) => kind) };
}

describe('the account stage', () => {
  const first = captured('e1', 'pay-1', '2026-06-11T14:00:00Z');
  const second = captured('e2', 'pay-2', '2026-06-11T14:01:00Z');

  it('says a twin charge as a finding with the facts of both payments', () => {
    const { out } = applyAll([first, second]);
    expect(out).toHaveLength(1);
    const { data, type } = JSON.parse(out[0]?.body ?? '{}');
    expect(type).toBe('makewhole.finding');
    expect(data.finding).toMatchObject({
      kind: 'duplicate-charge',
      confidence: 'likely',
      status: 'open',
      at: '2026-06-11T14:01:00.000Z',
      paymentIds: ['pay-1', 'pay-2'],
      loss: { minor: 2390, currency: 'EUR' },
      eventIds: ['e1', 'e2'],
    });
    expect(data.payments).toMatchObject([
      { paymentId: 'pay-1' },
      { paymentId: 'pay-2', capturedMinor: 2390, settled: 'unknown' },
    ]);
  });

  it('takes the same event id with the same content as a redelivery, with other content as a conflict that is not applied', () => {
    const other = captured('e1', 'pay-1', '2026-06-11T14:00:00Z', { amount: { minor: 9999, currency: 'EUR' } });
    const { outcomes, state } = applyAll([first, first, other]);
    expect(outcomes).toEqual(['applied', 'duplicate', 'dead']);
    expect(state.ledger.payments[0]?.captures).toHaveLength(1);
    expect(state.ledger.payments[0]?.captures[0]?.minor).toBe(2390);
  });

  it('tells the money facts of a payment that a finding named, once for each change', () => {
    const refund = {
      ...captured('e3', 'pay-2', '2026-06-11T15:00:00Z'),
      type: 'refund.succeeded',
      data: { accountId: 'buyer', refundId: 'r1', paymentId: 'pay-2', amount: { minor: 2390, currency: 'EUR' } },
    };
    const { out } = applyAll([first, second, refund]);
    const messages = out.map(({ body }) => JSON.parse(body));
    expect(messages.map(({ type }) => type)).toEqual(['makewhole.finding', 'makewhole.finding']);
    expect(messages[1].data.finding.status).toBe('cleared');
    expect(messages[1].data.payments[1]).toMatchObject({ paymentId: 'pay-2', refundedMinor: 2390 });
  });
});

import type { AnyEvent } from '#event/event';
import type { Stage } from '#stream/stage';
import type { AccountState } from '#detection/account-state';
import { accountStage } from '#detection/account-stage';
import type { Coverage } from '#detection/coverage';
import type { Emission } from '#detection/emission';

const stage = accountStage() satisfies Stage<AccountState, AnyEvent, Coverage>;

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

const bare = (type: string, data: object) => ({
  specversion: '1.0',
  id: 'e9',
  source: '/platform',
  type,
  time: '2026-06-11T14:00:00Z',
  data,
});
const amount = { minor: 500, currency: 'EUR' };

describe('a record', () => {
  const line = { lineId: 'l-1', bookedAt: '2026-06-11T00:00:00Z', amount, direction: 'debit' };
  const payout = { payoutId: 'o-1', merchantId: 'shop', amount };
  it.each([
    ['of a buyer', captured('e1', 'pay-1', '2026-06-11T14:00:00Z'), 'buyer'],
    ['of a buyer’s statement', bare('statement.line', { ...line, accountId: 'buyer' }), 'buyer'],
    ['of a statement', bare('statement.line', line), '~statement/l-1'],
    ['of a payout that is held', bare('payout.held', payout), '~payout/o-1'],
    ['of a payout that is released', bare('payout.released', payout), '~payout/o-1'],
    ['of a payout that is paid', bare('payout.paid', payout), '~payout/o-1'],
    ['of a merchant that was vetted', bare('merchant.vetted', { merchantId: 'shop' }), '~merchant/shop'],
    ['of a merchant that was reported', bare('merchant.reported', { merchantId: 'shop' }), '~merchant/shop'],
  ])('%s has that state', (_what, event, key) => {
    expect(stage.decode(record(event))).toMatchObject({ kind: 'event', key, at: Date.parse('2026-06-11T14:00:00Z') });
  });

  it('that is no event is a dead letter with where, and without what is secret in it', () => {
    const broken = captured('e1', 'pay-1', '2026-06-11T14:00:00Z', { amount: 'much', note: '4242424242424242' });
    const decoded = stage.decode(record(broken));
    expect(decoded).toMatchObject({ kind: 'dead', letter: { reason: 'invalid-event', id: 'e1' } });
    if (decoded.kind !== 'dead') throw new Error(decoded.kind);
    expect(decoded.letter.bytes.toString()).toContain('pay-1');
    expect(decoded.letter.bytes.toString()).not.toContain('4242424242424242');
    expect(stage.decode({ ...record({}), value: null })).toMatchObject({ kind: 'dead', letter: { bytes: Buffer.alloc(0) } });
  });

  it('of a type that is ignored is neither', () => {
    const ignoring = accountStage(undefined, { ignoredTypes: ['newsletter.sent'] });
    expect(ignoring.decode(record(bare('newsletter.sent', {})))).toEqual({ kind: 'ignored' });
  });
});

describe('one account after another', () => {
  const event = (told: object) => {
    const decoded = stage.decode(record(told));
    if (decoded.kind !== 'event') throw new Error(JSON.stringify(decoded));
    return decoded.event;
  };
  const noon = Date.parse('2026-06-11T14:00:00Z');
  const hold = (paymentId: string, time: string) => ({
    ...captured(`hold-${paymentId}`, paymentId, time),
    type: 'payment.authorised',
  });

  it('is held back a minute while its events lie before what was read', () => {
    const heldUntil = (watermark: number) => {
      const state = stage.newState('buyer');
      stage.apply(state, event(captured('e1', 'pay-1', '2026-06-11T14:00:00Z')), stage.newShared(), watermark, record({}), []);
      return state.heldUntil;
    };
    expect([noon, noon + 1].map(heldUntil)).toEqual([-Infinity, noon + 1 + 60_000]);
  });

  it('names what it was told before and otherwise, in the dead letter of a conflict', () => {
    const state = stage.newState('buyer');
    const tell = (told: object) => stage.apply(state, event(told), stage.newShared(), noon, record(told), []);
    tell(captured('e1', 'pay-1', '2026-06-11T14:00:00Z'));
    const other = captured('e1', 'pay-1', '2026-06-11T14:00:00Z', { amount });
    expect(tell(other)).toEqual({
      kind: 'dead',
      letter: {
        reason: 'conflicting-redelivery',
        source: '/platform',
        id: 'e1',
        pointer: '/data',
        expected: 'the content that this source and id were told with before',
        found: 'other content',
        bytes: expect.any(Buffer),
      },
    });
  });

  it('fires what is due by an instant, in the order of time, and what is held back not before', () => {
    const state = stage.newState('buyer');
    const shared = stage.newShared();
    for (const told of [hold('pay-2', '2026-06-02T10:00:00Z'), hold('pay-1', '2026-06-01T10:00:00Z')])
      stage.apply(state, event(told), shared, -Infinity, record(told), []);
    const [first, second] = [Date.parse('2026-06-08T10:00:00Z'), Date.parse('2026-06-09T10:00:00Z')];
    const fire = (until: number) => stage.fire(state, shared, until, []).map(({ name, subject, at }) => [name, subject, at]);
    expect(fire(first - 1)).toEqual([]);
    state.heldUntil = second + 5;
    expect(stage.nextDeadline(state)).toBe(second + 5);
    expect(fire(second + 4)).toEqual([]);
    expect(fire(second + 5)).toEqual([
      ['stuck-hold', 'pay-1', first],
      ['stuck-hold', 'pay-2', second],
    ]);
    expect(fire(Infinity)).toEqual([]);
  });

  it('tells a refund that was not posted once the provider’s feed has shown postings, by its own event or another account’s', () => {
    const refund = (step: string, id: string, refundId: string, time: string) => ({
      ...bare(`refund.${step}`, { accountId: 'buyer', refundId, paymentId: 'pay-1', amount }),
      id,
      time,
    });
    const paid = captured('e1', 'pay-1', '2026-05-01T10:00:00Z', { provider: 'psp', amount: { minor: 9000, currency: 'EUR' } });
    const story = [paid, refund('succeeded', 'e2', 'r-1', '2026-05-04T10:00:00Z')];
    const after = (shared: Coverage, events: readonly object[]) => {
      const state = stage.newState('buyer');
      const out: Emission[] = [];
      for (const told of events) stage.apply(state, event(told), shared, -Infinity, record(told), out);
      stage.fire(state, shared, Date.parse('2026-07-01T00:00:00Z'), out);
      return { state, out };
    };
    const kinds = (out: readonly Emission[]) => out.flatMap(({ body }) => JSON.parse(body).data.finding?.because.rule ?? []);

    const shared = stage.newShared();
    const { state, out } = after(shared, story);
    expect(kinds(out)).toEqual([]);
    shared.posted['psp'] = Date.parse('2026-05-02T00:00:00Z');
    stage.settle(state, shared, out);
    expect(kinds(out)).toEqual(['refund-not-posted']);

    const own = stage.newShared();
    const late = after(own, story);
    const paidToo = captured('e4', 'pay-2', '2026-05-01T11:00:00Z', {
      provider: 'psp',
      amount: { minor: 7000, currency: 'EUR' },
    });
    const posted = refund('posted', 'e3', 'r-0', '2026-05-02T10:00:00Z');
    const shown = { ...posted, data: { ...posted.data, paymentId: 'pay-2' } };
    for (const told of [paidToo, shown]) stage.apply(late.state, event(told), own, -Infinity, record(told), late.out);
    expect(stage.sharedVersion(own)).toBe(1);
    expect(kinds(late.out)).toContain('refund-not-posted');
    expect(stage.decodeShared(stage.encodeShared(own))).toEqual(own);
  });

  it('says to every partition of findings that one of events was read to its end', () => {
    const caughtUp = accountStage(undefined, { everyPartition: ['k-1', 'k-2'] }).caughtUp(3, noon, 'epoch-7');
    expect(caughtUp.map(({ key, topic, digest }) => [key, topic, digest])).toEqual([
      ['k-1', 'findings', 'epoch-7'],
      ['k-2', 'findings', 'epoch-7'],
    ]);
    expect(JSON.parse(caughtUp[0]?.body ?? '{}')).toMatchObject({ type: 'makewhole.caught-up', data: { partition: 3 } });
    expect(stage.caughtUp(3, noon, 'epoch-7')).toEqual([]);
  });

  it('is named by what the log knows it by', () => {
    expect(stage.identify(event(captured('e1', 'pay-1', '2026-06-11T14:00:00Z')))).toEqual({ source: '/platform', id: 'e1' });
    expect([stage.name, stage.latenessMs, accountStage(undefined, { latenessMs: 5 }).latenessMs]).toEqual(['account', 60_000, 5]);
  });
});

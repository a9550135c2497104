import { NEVER } from '#kernel/time';
import { SIDE_MAX, type SideFacts } from '#ledger/side-facts';
import type { Ledger, Touched } from '#ledger/ledger';
import { newLedger } from '#ledger/ledger';
import { fold } from '#ledger/fold';
import { eventOf, inEveryOrder, ledgerAfter } from '#test/scenarios/ledger-after';
import { eur, told, type ToldEvent } from '#test/scenarios/told-events';

const at = (time: string): number => Date.parse(`${time}:00Z`);
const sideOf = ({ side }: Ledger): SideFacts => {
  if (side === null) throw new Error('nothing was told');
  return side;
};
const everyOrder = (...events: readonly ToldEvent[]) => inEveryOrder(events, sideOf);
const side = (...events: readonly ToldEvent[]) => sideOf(ledgerAfter(...events));
const after = (n: number): string => new Date(Date.UTC(2026, 5, 1) + n * 60_000).toISOString();

const fee = (time: string, amount: object, more: object = {}, id?: string) => ({
  ...told('fee.charged', time, { feeId: 'fee-1', kind: 'service', amount, ...more }),
  ...(id === undefined ? {} : { id }),
});
const credit = (time: string, entryId: string, minor: number) => told('wallet.credited', time, { entryId, amount: eur(minor) });
const debit = (time: string, entryId: string, minor: number) => told('wallet.debited', time, { entryId, amount: eur(minor) });
const shown = (time: string, minor: number, currency = 'EUR') =>
  told('wallet.balance_reported', time, { balance: { minor, currency } });

describe('a fact beside payments', () => {
  it('told twice under its id is its first telling, of one instant that of the smaller id', () => {
    expect(
      everyOrder(
        fee('2026-06-01T10:00', eur(300), {}, 'b'),
        fee('2026-06-01T10:00', eur(200), { orderId: 'order-1', paymentId: 'pay-1', disclosed: false }, 'a'),
        fee('2026-06-02T10:00', eur(100), {}, '0'),
      ).fees,
    ).toEqual([
      {
        id: 'fee-1',
        kind: 'service',
        amount: eur(200),
        orderId: 'order-1',
        paymentId: 'pay-1',
        isDisclosed: false,
        at: at('2026-06-01T10:00'),
        eventId: 'a',
      },
    ]);
  });

  it('that did not say whether it was disclosed is not said to be', () => {
    expect(side(fee('2026-06-01T10:00', eur(1))).fees).toMatchObject([{ isDisclosed: null, orderId: '', paymentId: '' }]);
    expect(side(fee('2026-06-01T10:00', eur(1), { disclosed: true })).fees).toMatchObject([{ isDisclosed: true }]);
  });

  it('beyond the most that are kept is the oldest that goes', () => {
    const many = Array.from({ length: SIDE_MAX + 1 }, (_, n) => fee(after(n), eur(1), { feeId: `fee-${n}` }));
    const { fees } = side(...many);
    expect(fees).toHaveLength(SIDE_MAX);
    expect(fees[0]?.id).toBe('fee-1');
  });

  it('names what it is about', () => {
    const keyOf = (event: ToldEvent): string => {
      const touched = {} as Touched;
      fold(newLedger('buyer'), eventOf(event), touched);
      return touched.sideKey;
    };
    expect(keyOf(fee('2026-06-01T10:00', eur(1)))).toBe('fee-1');
    expect(keyOf(credit('2026-06-01T10:00', 'w-1', 5))).toBe('EUR');
    expect(keyOf(shown('2026-06-01T10:00', 5, 'USD'))).toBe('USD');
    expect(keyOf(told('complaint.filed', '2026-06-01T10:00', { complaintId: 'c-1' }))).toBe('c-1');
    expect(keyOf(told('account.limit_set', '2026-06-01T10:00', { per: 'day', limit: eur(5) }))).toBe('day/EUR');
    expect(keyOf(payout('held', '2026-06-01T10:00', 5))).toBe('payout-1');
    expect(keyOf(line('2026-06-01T10:00'))).toBe('line-1');
    expect(keyOf(told('order.confirmed', '2026-06-01T10:00', { orderId: 'order-1' }))).toBe('');
  });
});

const payout = (what: string, time: string, minor: number, more: object = {}, id?: string) => ({
  ...told(`payout.${what}`, time, { payoutId: 'payout-1', merchantId: 'shop', amount: eur(minor), ...more }),
  ...(id === undefined ? {} : { id }),
});
const line = (time: string, more: object = {}) =>
  told('statement.line', time, {
    lineId: 'line-1',
    bookedAt: '2026-06-02T00:00:00Z',
    amount: eur(700),
    direction: 'debit',
    ...more,
  });

describe('a payout', () => {
  it('was held first and left first by what was told so, with the amount that left', () => {
    expect(
      everyOrder(
        payout('held', '2026-06-01T10:00', 900, { orderId: 'order-1' }),
        payout('held', '2026-06-02T10:00', 900),
        payout('released', '2026-06-04T10:00', 800, {}, 'b'),
        payout('paid', '2026-06-04T10:00', 700, {}, 'a'),
        payout('paid', '2026-06-05T10:00', 600, {}, '0'),
        payout('released', '2026-06-06T10:00', 500),
      ).payouts,
    ).toEqual([
      {
        id: 'payout-1',
        merchantId: 'shop',
        orderId: 'order-1',
        amount: eur(700),
        heldAt: at('2026-06-01T10:00'),
        paidAt: at('2026-06-04T10:00'),
        paidEventId: 'a',
      },
    ]);
  });

  it('that is still held has its amount, and has not left', () => {
    expect(side(payout('held', '2026-06-01T10:00', 900), payout('held', '2026-06-02T10:00', 800)).payouts).toMatchObject([
      { amount: eur(900), paidAt: NEVER, orderId: '' },
    ]);
    for (const left of ['paid', 'released'])
      expect(side(payout(left, '2026-06-01T10:00', 900)).payouts).toMatchObject([
        { heldAt: NEVER, paidAt: at('2026-06-01T10:00'), orderId: '' },
      ]);
  });

  it('beyond the most that are kept is the first told that goes', () => {
    const many = Array.from({ length: SIDE_MAX + 1 }, (_, n) => payout('held', after(n), 1, { payoutId: `payout-${n}` }));
    const { payouts } = side(...many);
    expect(payouts).toHaveLength(SIDE_MAX);
    expect(payouts[0]?.id).toBe('payout-1');
  });
});

describe('a statement line, a complaint, a limit', () => {
  it('are as they were told', () => {
    const facts = side(
      line('2026-06-03T10:00', { reference: 'pay-1' }),
      line('2026-06-03T10:00', { lineId: 'line-2', direction: 'credit' }),
      told('complaint.filed', '2026-06-03T10:00', {
        complaintId: 'c-1',
        about: 'refund',
        orderId: 'order-1',
        paymentId: 'pay-1',
      }),
      told('complaint.filed', '2026-06-03T10:00', { complaintId: 'c-2' }),
      told('account.limit_set', '2026-06-03T10:00', { per: 'day', limit: eur(5000) }),
    );
    expect(facts.lines).toMatchObject([
      { id: 'line-1', bookedAt: at('2026-06-02T00:00'), amount: eur(700), isDebit: true, reference: 'pay-1' },
      { id: 'line-2', isDebit: false, reference: '' },
    ]);
    expect(facts.complaints).toMatchObject([
      { id: 'c-1', about: 'refund', orderId: 'order-1', paymentId: 'pay-1' },
      { id: 'c-2', about: '', orderId: '', paymentId: '' },
    ]);
    expect(facts.limits).toMatchObject([{ id: 'day/EUR', per: 'day', limit: eur(5000) }]);
  });
});

describe('a wallet', () => {
  const wallet = (...events: readonly ToldEvent[]) => side(...events).wallets[0];

  it('has what moved it and what was shown, both by time, one wallet a currency', () => {
    const { wallets } = side(
      shown('2026-06-01T10:00', 1000),
      debit('2026-06-03T10:00', 'w-2', 300),
      credit('2026-06-02T10:00', 'w-1', 500),
      shown('2026-06-04T10:00', 1200),
      shown('2026-06-04T10:00', 70, 'USD'),
    );
    expect(wallets).toMatchObject([
      {
        id: 'EUR',
        opening: { at: at('2026-06-01T10:00'), minor: 1000 },
        entries: [
          { id: 'w-1', minor: 500 },
          { id: 'w-2', minor: -300 },
        ],
        reports: [{ minor: 1000 }, { minor: 1200 }],
      },
      { id: 'USD', opening: { minor: 70 }, entries: [] },
    ]);
  });

  it('opens with its earliest report, whichever was told first', () => {
    const reports = [shown('2026-06-02T10:00', 2), shown('2026-06-01T10:00', 1)];
    for (const told of [reports, reports.toReversed()])
      expect(wallet(...told)?.opening).toEqual({ at: at('2026-06-01T10:00'), minor: 1 });
    expect(wallet(credit('2026-06-01T10:00', 'w-1', 5))?.opening).toBeNull();
  });

  it('of many entries forgets the oldest into its opening balance', () => {
    const entries = Array.from({ length: SIDE_MAX + 2 }, (_, n) => credit(after(10 + n), `w-${n}`, 100 + n));
    const kept = wallet(shown(after(0), 1000), ...entries);
    expect(kept?.entries).toHaveLength(SIDE_MAX);
    expect(kept?.entries[0]?.id).toBe('w-2');
    expect(kept?.opening).toEqual({ at: Date.parse(after(11)), minor: 1000 + 100 + 101 });
  });

  it('forgets entries of one instant together', () => {
    const twins = [credit(after(10), 'w-a', 30), credit(after(10), 'w-b', 40)];
    const later = Array.from({ length: SIDE_MAX - 1 }, (_, n) => credit(after(11 + n), `w-${n}`, 100));
    const kept = wallet(shown(after(0), 1000), ...twins, ...later);
    expect(kept?.entries).toHaveLength(SIDE_MAX - 1);
    expect(kept?.opening).toEqual({ at: Date.parse(after(10)), minor: 1070 });
    const atOnce = Array.from({ length: SIDE_MAX + 1 }, (_, n) => credit(after(10), `w-${n}`, 1));
    expect(wallet(shown(after(0), 1000), ...atOnce)).toMatchObject({
      opening: { minor: 1000 + SIDE_MAX },
      entries: [{ minor: 1 }],
    });
  });

  it('whose forgotten entries are older than its opening keeps that', () => {
    const entries = Array.from({ length: SIDE_MAX + 1 }, (_, n) => credit(after(n), `w-${n}`, 100));
    const opening = shown(after(0), 1000);
    expect(wallet(opening, ...entries)?.opening).toEqual({ at: Date.parse(after(0)), minor: 1000 });
    expect(wallet(...entries)?.opening).toBeNull();
  });

  it('that has forgotten does not open earlier', () => {
    const entries = Array.from({ length: SIDE_MAX }, (_, n) => credit(after(n + 10), `w-${n}`, 100));
    expect(wallet(shown(after(5), 50), ...entries, shown(after(1), 10))?.opening?.minor).toBe(50);
    expect(wallet(shown(after(5), 50), ...entries.slice(1), shown(after(1), 10))?.opening?.minor).toBe(10);
  });
});

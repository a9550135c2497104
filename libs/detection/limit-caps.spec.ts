import { capOf, limitCaps, type LimitSettings } from '#detection/limit-caps';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { captured, ended, eur, otherCard, told, type ToldEvent } from '#test/scenarios/told-events';

const none: LimitSettings = {
  accountPayment: {},
  accountDay: {},
  accountMonth: {},
  instrumentPayment: {},
  instrumentDay: {},
  instrumentMonth: {},
};
const paid = captured('2026-06-01T10:00', 'pay-1', eur(100));
const limit = (per: string, currency = 'EUR') =>
  told('account.limit_set', '2026-05-01T09:00', { limit: { minor: 500, currency }, per });
function idsOf(settings: Partial<LimitSettings>, ...events: readonly ToldEvent[]): readonly string[] {
  const ledger = ledgerAfter(...events);
  return limitCaps({ ...none, ...settings })
    .ofPayment(ledger, ledger.payments[0]!)
    .map(({ id }) => id);
}

describe('the limits that a payment may exceed', () => {
  it('are none where none is set or told', () => {
    expect(idsOf({}, paid)).toEqual([]);
    expect(idsOf({}, paid, told('complaint.filed', '2026-06-02T10:00', { complaintId: 'c' }))).toEqual([]);
  });

  it('are those told of its currency', () => {
    expect(idsOf({}, paid, limit('day'), limit('month', 'USD'))).toEqual(['day/EUR']);
    expect(idsOf({}, paid, limit('payment'), limit('month'))).toEqual(['payment/EUR', 'month/EUR']);
  });

  it.each([
    ['accountPayment', 'payment/EUR'],
    ['accountDay', 'day/EUR'],
    ['accountMonth', 'month/EUR'],
    ['instrumentPayment', 'payment/EUR/card-1'],
    ['instrumentDay', 'day/EUR/card-1'],
    ['instrumentMonth', 'month/EUR/card-1'],
  ])('are those set by %s, with its sum, in its currency alone', (name, id) => {
    const caps = limitCaps({ ...none, [name]: { EUR: 700 } });
    const ledger = ledgerAfter(paid);
    const found = caps.ofPayment(ledger, ledger.payments[0]!);
    expect(found.map((cap) => [cap.id, caps.defaultMinor(cap)])).toEqual([[id, 700]]);
    expect(idsOf({ [name]: { USD: 700 } }, paid)).toEqual([]);
  });

  it('are once what is both told and set', () => {
    expect(idsOf({ accountDay: { EUR: 700 } }, paid, limit('day'))).toEqual(['day/EUR']);
  });

  it('are none of an instrument that is not known', () => {
    const unknown = ended('settled', '2026-06-01T10:00', 'pay-1', { amount: eur(100) });
    expect(idsOf({ instrumentDay: { EUR: 700, '': 700 } }, unknown)).toEqual([]);
  });

  it('have no sum where configuration sets none', () => {
    expect(limitCaps({ ...none, instrumentDay: { EUR: 700 } }).defaultMinor(capOf('day', 'EUR'))).toBeUndefined();
    expect(limitCaps({ ...none, accountDay: { EUR: 700 } }).defaultMinor(capOf('day', 'EUR', 'card-1'))).toBeUndefined();
  });
});

describe('the limits of an account', () => {
  it('are those told, though nothing was paid, and those of each payment, once', () => {
    const caps = limitCaps({ ...none, accountDay: { EUR: 700 }, instrumentDay: { EUR: 700 } });
    const again = captured('2026-06-02T10:00', 'pay-2', eur(100));
    const other = captured('2026-06-03T10:00', 'pay-3', eur(100), { instrument: otherCard });
    const ids = caps.ofLedger(ledgerAfter(limit('month', 'USD'), limit('day'), paid, again, other)).map(({ id }) => id);
    expect([...ids].sort()).toEqual(['day/EUR', 'day/EUR/card-1', 'day/EUR/card-2', 'month/USD']);
    expect(caps.ofLedger(ledgerAfter())).toEqual([]);
  });
});

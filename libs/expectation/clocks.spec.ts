import { confirmationClock, confirmationSettings, type ConfirmationSettings } from '#expectation/confirmation-clock';
import { judge } from '#expectation/expectation';
import { holdClock, holdSettings, type HoldSettings } from '#expectation/hold-clock';
import { postedBy, postingSettings, type PostingSettings } from '#expectation/refund-clock';
import type { SettingSpec, SettingValues } from '#kernel/setting';
import { days, hours, NEVER } from '#kernel/time';
import { newPayment, type Payment } from '#ledger/payment';

const defaults = <Spec extends SettingSpec>(spec: Spec): SettingValues<Spec> =>
  Object.fromEntries(Object.entries(spec).map(([name, setting]) => [name, setting.default])) as SettingValues<Spec>;
/** A Friday, so that working days and calendar days differ. */
const FRIDAY = Date.parse('2026-06-05T10:00:00Z');
const payment = (more: Partial<Payment>): Payment => ({ ...newPayment('pay-1'), currency: 'EUR', ...more });
const paidBy = (scheme: string, more: object = {}) => ({ kind: 'card', fingerprint: 'card-1', scheme, ...more }) as const;

describe('what should happen by an instant', () => {
  const due = { dueAt: 100, metAt: NEVER, cancelledAt: NEVER };

  it('is awaited until then, and missed at its deadline, not later and not before', () => {
    expect(judge(due, 99)).toEqual({ state: 'waiting', missedAt: NEVER, clearedAt: NEVER, dueAt: 100 });
    expect(judge(due, 100)).toEqual({ state: 'missed', missedAt: 100, clearedAt: NEVER, dueAt: NEVER });
    expect(judge(due, 500)).toEqual({ state: 'missed', missedAt: 100, clearedAt: NEVER, dueAt: NEVER });
  });

  it.each([
    ['met', { metAt: 100 }],
    ['cancelled', { cancelledAt: 100 }],
    ['met', { metAt: 60, cancelledAt: 70 }],
    ['cancelled', { metAt: 70, cancelledAt: 60 }],
    ['met', { metAt: 60, cancelledAt: 60 }],
    ['met', { metAt: 60, cancelledAt: 300 }],
  ])('is well when it was %s in time: %j, whenever the news came', (state, ends) => {
    for (const now of [50, 500])
      expect(judge({ ...due, ...ends }, now)).toEqual({ state, missedAt: NEVER, clearedAt: NEVER, dueAt: NEVER });
  });

  it.each([
    [{ metAt: 101 }, 101],
    [{ cancelledAt: 300 }, 300],
    [{ metAt: 300, cancelledAt: 200 }, 200],
  ])('that ended too late, %j, was missed and is cleared', (ends, clearedAt) => {
    expect(judge({ ...due, ...ends }, 500)).toEqual({ state: 'missed', missedAt: 100, clearedAt, dueAt: NEVER });
  });

  it('without a deadline is neither met nor missed by silence', () => {
    expect(judge({ ...due, dueAt: NEVER }, 500).state).toBe('waiting');
  });
});

describe('a hold', () => {
  const settings: HoldSettings = defaults(holdSettings);
  const endOf = (payment: Payment) => holdClock(settings)(payment);
  const hold = (more: Partial<Payment>) => endOf(payment({ authorisedAt: FRIDAY, ...more })) - FRIDAY;
  const merchant = { isMerchantInitiated: true };
  const inPerson = { isInPerson: true };

  // Source: Stripe, "Place a hold on a payment method"; facts, "Holds and stuck funds".
  it.each([
    ['visa', days(7), days(4) + hours(18), days(5)],
    ['mastercard', days(7), days(7), days(2)],
    ['amex', days(7), days(7), days(2)],
    ['discover', days(7), days(7), days(2)],
    ['klarna', days(28), days(28), days(28)],
    ['unionpay', days(7), days(7), days(7)],
  ])('by %s is valid as its scheme says', (scheme, online, byMerchant, present) => {
    const instrument = paidBy(scheme);
    expect(hold({ instrument })).toBe(online);
    expect(hold({ instrument, ...merchant })).toBe(byMerchant);
    expect(hold({ instrument, ...inPerson })).toBe(present);
    expect(hold({ instrument, ...inPerson, ...merchant })).toBe(present);
  });

  it('of India is valid for four days by Mastercard, as elsewhere by others', () => {
    expect(hold({ instrument: paidBy('mastercard', { country: 'IN' }), ...inPerson })).toBe(days(4));
    expect(hold({ instrument: paidBy('mastercard', { country: 'DE' }) })).toBe(days(7));
    expect(hold({ instrument: paidBy('visa', { country: 'IN' }), ...inPerson })).toBe(days(5));
  });

  it('of Klarna, named as its provider, is valid for 28 days, of no known instrument for 7', () => {
    expect(hold({ provider: 'klarna', instrument: paidBy('visa') })).toBe(days(28));
    expect(hold({ instrument: null })).toBe(days(7));
    expect(hold({ instrument: null, isInPerson: true })).toBe(days(7));
  });

  it('ends when its provider says, and never where there is none', () => {
    expect(endOf(payment({ authorisedAt: FRIDAY, captureBefore: FRIDAY + 5 }))).toBe(FRIDAY + 5);
    expect(endOf(payment({ captureBefore: FRIDAY + 5 }))).toBe(NEVER);
  });
});

describe('a debit is confirmed', () => {
  const settings: ConfirmationSettings = { ...defaults(confirmationSettings), confirmWithinMs: hours(24) };
  const clock = (more: Partial<Payment>) => {
    const { dueAt, rbiDays } = confirmationClock(payment(more), FRIDAY, settings);
    return [new Date(dueAt).toISOString(), rbiDays];
  };

  // Source: Stripe, bank debits: working days.
  it.each([
    ['ach', 'USD', '2026-06-11T10:00:00.000Z'],
    ['sepa_debit', 'EUR', '2026-06-25T10:00:00.000Z'],
    ['bacs', 'GBP', '2026-06-15T10:00:00.000Z'],
    ['becs', 'AUD', '2026-06-10T10:00:00.000Z'],
    ['visa', 'EUR', '2026-06-06T10:00:00.000Z'],
  ])('by %s within the working days of its scheme, otherwise within a day', (scheme, currency, dueAt) => {
    const instrument = { ...paidBy(scheme), kind: 'bank_account' } as const;
    expect(clock({ instrument, currency })).toEqual([dueAt, undefined]);
  });

  it('within a day where nothing is known of the instrument', () => {
    expect(clock({ instrument: null, currency: 'INR' })).toEqual(['2026-06-06T10:00:00.000Z', undefined]);
  });

  // Source: RBI, 20 September 2019, "Harmonisation of Turn Around Time": T+5 to merchants, T+1 between persons.
  it.each([
    ['card', '5812', 5],
    ['upi', '5812', 5],
    ['upi', '', 5],
    ...['0000', '4829', '6012', '6536', '6537', '6538'].map((mcc) => ['upi', mcc, 1] as const),
    ['card', '6536', 1],
  ] as const)('in India by %s to category %s within %i calendar days', (kind, mcc, within) => {
    const instrument = { kind, fingerprint: 'i-1' };
    expect(clock({ instrument, mcc, currency: 'INR' })).toEqual([new Date(FRIDAY + days(within)).toISOString(), within]);
    expect(clock({ instrument, mcc, currency: 'EUR' })[1]).toBeUndefined();
  });

  it('in India by IMPS within a day; the rule does not know wallets', () => {
    expect(clock({ instrument: { ...paidBy('imps'), kind: 'bank_account' }, currency: 'INR' })).toEqual([
      '2026-06-06T10:00:00.000Z',
      1,
    ]);
    expect(clock({ instrument: { ...paidBy('paytm'), kind: 'wallet' }, currency: 'INR' })[1]).toBeUndefined();
  });
});

describe('a refund that succeeded is posted', () => {
  const settings: PostingSettings = defaults(postingSettings);

  // Source: facts, "Refunds": cards count working days, the others calendar days.
  it.each([
    ['card', '2026-06-19T10:00:00.000Z'],
    ['other', '2026-06-19T10:00:00.000Z'],
    ['bank_account', '2026-06-15T10:00:00.000Z'],
    ['upi', '2026-06-12T10:00:00.000Z'],
    ['wallet', '2026-06-08T10:00:00.000Z'],
    ['balance', '2026-06-08T10:00:00.000Z'],
    ['voucher', '2026-06-08T10:00:00.000Z'],
  ] as const)('to a %s by %s', (kind, dueAt) => {
    expect(new Date(postedBy(FRIDAY, { kind, fingerprint: 'i-1' }, 'EUR', settings)).toISOString()).toBe(dueAt);
  });

  it('as to a card where its instrument is not known, by the calendar of its country, else of its currency', () => {
    const due = (instrument: Payment['instrument'], currency: string) =>
      new Date(postedBy(FRIDAY, instrument, currency, settings)).toISOString();
    expect(due(null, 'EUR')).toBe('2026-06-19T10:00:00.000Z');
    // Saudi Arabia works on Sundays; the United States keep 19 June.
    expect(due(paidBy('visa', { country: 'SA' }), 'EUR')).toBe('2026-06-18T10:00:00.000Z');
    expect(due(paidBy('visa'), 'USD')).toBe('2026-06-22T10:00:00.000Z');
  });
});

import { accountTakeoverDefaults as settings } from '#detection/account-takeover-settings';
import { AFTER_DORMANCY, isDormant, suspiciousSteps, valueSteps } from '#detection/takeover-acts';
import { days } from '#kernel/time';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import {
  account,
  authorised,
  AWAY,
  cancelled,
  captured,
  card,
  eur,
  forOrder,
  HOME,
  otherCard,
  placed,
  refund,
  told,
  type ToldEvent,
} from '#test/scenarios/told-events';

const at = (time: string) => Date.parse(`${time}:00Z`);
const NIGHT = '2026-06-20T03:00';
const blind = { lat: undefined, lon: undefined };
const logIn = (time: string, context: object | undefined) => account('logged_in', time, context);
/** At home for a month. */
const past = [logIn('2026-05-20T18:00', HOME), logIn('2026-06-10T18:00', HOME)];
const toNigeria = told('account.travel_announced', '2026-06-10T09:00', {
  country: 'NG',
  from: '2026-06-15T00:00:00Z',
  to: '2026-06-30T00:00:00Z',
});

/** Part, what it was, and whose device and network it came from. */
function steps(...events: readonly ToldEvent[]) {
  const { profile } = ledgerAfter(...events);
  return suspiciousSteps(profile!, settings).map(({ part, what, from }) => `${part}: ${what}, ${from}`);
}

describe('an act on the account', () => {
  const reset = (context: object | undefined) => account('password_changed', NIGHT, context, { how: 'reset' });
  it.each([
    ['a reset password', reset(AWAY), ['credential: reset, strange']],
    ['a reset password, at home', reset(HOME), ['credential: reset, own']],
    ['a reset password, nobody knows where', reset(undefined), ['credential: reset, unknown']],
    ['a second factor', account('second_factor_changed', NIGHT, AWAY), ['credential: reset, strange']],
    ['a phishing report, from wherever it came', account('phishing_reported', NIGHT, HOME), ['credential: phishing, unknown']],
    ['an address', account('address_changed', NIGHT, AWAY), ['profile: profile, strange']],
    ['a step-up that passed', account('step_up_passed', NIGHT, AWAY), []],
  ])('is a step, or not: %s', (_what, event, expected) => {
    expect(steps(...past, event)).toEqual(expected);
  });

  it('is explained by travel that was announced where it is about credentials, but neither phishing nor the profile', () => {
    expect(steps(toNigeria, ...past, reset(AWAY))).toEqual([]);
    expect(steps(toNigeria, ...past, account('address_changed', NIGHT, AWAY))).toEqual(['profile: profile, strange']);
    expect(steps(toNigeria, ...past, account('phishing_reported', NIGHT, AWAY))).toEqual(['credential: phishing, unknown']);
  });

  it('stands by time, of one instant by the event’s id', () => {
    const phishing = (id: string) => told('account.phishing_reported', `${NIGHT}:00Z`, {}, id);
    const away = (id: string) => told('account.logged_in', `${NIGHT}:00Z`, { context: AWAY }, id);
    const early = account('address_changed', '2026-06-19T03:00', HOME);
    const [credential, profile] = ['credential: phishing, unknown', 'profile: profile, own'];
    const arrival = 'credential: new-device-and-network, strange';
    expect(steps(...past, phishing('b'), away('a'), early)).toEqual([profile, arrival, credential]);
    expect(steps(...past, phishing('a'), away('b'), early)).toEqual([profile, credential, arrival]);
  });
});

describe('a log-in', () => {
  const arrival = 'credential: new-device-and-network, strange';
  const abroad = 'credential: new-network-abroad, mixed';
  const trip = 'credential: impossible-travel, mixed';
  const bare = (context: object) => ({ ...context, ...blind, deviceId: undefined });
  const byNetwork = [logIn('2026-05-20T18:00', bare(HOME)), logIn('2026-06-10T18:00', bare(HOME))];
  const soon = '2026-06-10T18:30';

  it.each([
    ['a new device on a new network', [...past, logIn(NIGHT, AWAY)], [arrival]],
    ['the first of all', [logIn(NIGHT, AWAY)], []],
    ['two of the first instant', [logIn(NIGHT, HOME), logIn(NIGHT, { ...AWAY, ...blind })], []],
    ['the first device that is named', [logIn('2026-06-10T18:00', { ip: HOME.ip }), logIn(NIGHT, { ...AWAY, ...blind })], []],
    [
      'the first network that is named',
      [logIn('2026-06-10T18:00', { deviceId: 'phone-home' }), logIn(NIGHT, { ...AWAY, ...blind })],
      [],
    ],
    ['a new device on an unnamed network', [...past, logIn(NIGHT, { ...AWAY, ...blind, ip: undefined })], []],
    ['a new device on a known network', [...past, logIn(NIGHT, { ...HOME, deviceId: 'new' })], []],
    ['a known device on a new network', [...past, logIn(NIGHT, { ...HOME, ip: AWAY.ip })], []],
    ['travel that was announced', [toNigeria, ...past, logIn(NIGHT, AWAY)], []],
    ['too far away with the known device', [...past, logIn(soon, { ...AWAY, deviceId: HOME.deviceId })], [trip]],
    ['too far away with all that is known', [...past, logIn(soon, { ...AWAY, deviceId: HOME.deviceId, ip: HOME.ip })], [trip]],
    ['too far away, nothing else known', [...past, logIn(soon, { lat: AWAY.lat, lon: AWAY.lon })], [trip]],
    ['a new network abroad, no device named', [...byNetwork, logIn(NIGHT, bare(AWAY))], [abroad]],
    ['a new network at home, no device named', [...byNetwork, logIn(NIGHT, bare({ ...AWAY, country: 'DE' }))], []],
    ['a new network, no device named though some are known', [...past, logIn(NIGHT, { ip: AWAY.ip, country: 'DE' })], []],
    ['a new network, nobody knows where', [...byNetwork, logIn(NIGHT, bare({ ...AWAY, country: undefined }))], []],
    ['no network, abroad', [...byNetwork, logIn(NIGHT, bare({ ...AWAY, ip: undefined }))], []],
    ['the known network, abroad', [...byNetwork, logIn(NIGHT, bare({ ...AWAY, ip: HOME.ip }))], []],
    ['a new network abroad, the device known', [...past, logIn(NIGHT, { ...AWAY, ...blind, deviceId: HOME.deviceId })], []],
    [
      'another new network where the buyer was before, which was the first of them',
      [logIn('2026-06-01T18:00', bare({ ...AWAY, ip: '10.1.1.1' })), ...byNetwork, logIn(NIGHT, bare(AWAY))],
      [abroad],
    ],
    [
      'a new network abroad, no country known before',
      [logIn('2026-06-10T18:00', bare({ ...HOME, country: undefined })), logIn(NIGHT, bare(AWAY))],
      [],
    ],
  ])('is a credential event, or not: %s', (_what, events, expected) => {
    expect(steps(...events)).toEqual(expected);
  });

  const failures = (...times: readonly string[]) => times.map((time) => account('login_failed', `2026-06-20T${time}Z`, AWAY));
  const four = ['02:10:01', '02:20:00', '02:30:00', '02:40:00'];
  const guessed = 'credential: failed-log-ins, own';
  it.each([
    ['five failures, the first an hour before', [...four, '02:00:00'], HOME, [guessed]],
    ['five failures, the last at its own instant', [...four, '03:00:00'], HOME, [guessed]],
    ['four failures', four, HOME, []],
    ['five, one of them more than an hour before', [...four, '01:59:59'], HOME, []],
    ['five, one of them afterwards', [...four, '03:00:01'], HOME, []],
    ['five, from a stranger’s device and network', [...four, '02:50:00'], AWAY, [arrival]],
    ['five, from nowhere', [...four, '02:50:00'], undefined, ['credential: failed-log-ins, unknown']],
    ['five, from one new device', [...four, '02:50:00'], { ...HOME, deviceId: 'new' }, ['credential: failed-log-ins, mixed']],
  ])('follows failed ones, or does not: %s', (_what, times, context, expected) => {
    expect(steps(...past, ...failures(...times), logIn(NIGHT, context))).toEqual(expected);
  });
});

describe('an account slept', () => {
  const last = '2026-06-01T10:00';
  const sleptAt = (ms: number, ...events: readonly ToldEvent[]) => isDormant(ledgerAfter(...events), at(last) + ms, days(150));
  const uses = [
    ['a log-in', logIn(last, HOME)],
    ['an act', account('address_changed', last, HOME)],
    ['a payment', captured(last, 'pay-1', eur(900))],
    ['an order', placed(last, eur(900))],
  ] as const;

  it.each(uses)('once 150 days have passed since %s', (_what, event) => {
    expect(sleptAt(days(150), event)).toBe(true);
    expect(sleptAt(days(150) - 1, event)).toBe(false);
  });

  it.each(uses)('since the last use of any kind: %s', (_what, event) => {
    const before = '2025-06-01T10:00';
    const older = [
      logIn(before, HOME),
      account('address_changed', before, HOME),
      captured(before, 'pay-0', eur(900)),
      placed(before, eur(900), { orderId: 'order-0' }),
    ];
    expect(sleptAt(days(150) - 1, event, ...older)).toBe(false);
    expect(sleptAt(days(150) - 1, ...older)).toBe(true);
  });

  it('though its subscriptions were paid, and whatever came at that instant or later', () => {
    const awake = logIn('2025-06-01T10:00', HOME);
    expect(sleptAt(0, awake, captured('2026-05-01T10:00', 'pay-1', eur(900), { initiator: 'merchant' }))).toBe(true);
    expect(sleptAt(0, awake, logIn(last, AWAY), logIn('2026-06-02T10:00', AWAY))).toBe(true);
  });

  it('never where nothing is known from before', () => {
    expect(sleptAt(0)).toBe(false);
    expect(sleptAt(0, logIn(last, HOME))).toBe(false);
  });
});

describe('value that leaves', () => {
  /** Twenty purchases from 29 to 10 euro: 19 of them cost 28 or less. */
  const usual = Array.from({ length: 20 }, (_, n) => captured(`2026-05-${n + 10}T18:00`, `old-${n}`, eur(2900 - n * 100)));
  const [from, until] = ['2026-06-20T03:00', '2026-06-21T03:00'];
  const during = '2026-06-20T12:00';
  const spent = (events: readonly ToldEvent[], wasDormant = false) =>
    valueSteps(ledgerAfter(...events), at(from), at(until), settings, wasDormant);
  const values = (...events: readonly ToldEvent[]) => spent([...usual, ...events]).map(({ what }) => what);

  it('is a payment above nineteen in twenty of the buyer’s', () => {
    const big = captured(during, 'pay-1', eur(2801));
    expect(spent([...usual, big])).toMatchObject([
      { part: 'value', what: 'payment-above-p95', at: at(during), from: 'unknown', payments: [{ id: 'pay-1' }], eventId: big.id },
    ]);
    expect(values(captured(during, 'pay-1', eur(2800)))).toEqual([]);
  });

  it('is a hold as well, from the time it was authorised and by the larger sum', () => {
    const hold = authorised(during, 'pay-1', eur(5000));
    expect(spent([...usual, hold])).toMatchObject([{ at: at(during), eventId: hold.id }]);
    const taken = captured('2026-06-20T13:00', 'pay-1', eur(1000));
    expect(spent([...usual, hold, taken])).toMatchObject([{ what: 'payment-above-p95', at: at(during), eventId: taken.id }]);
  });

  it.each([
    ['a payment that the merchant initiated', captured(during, 'pay-1', eur(9000), { initiator: 'merchant' })],
    ['a payment before', captured('2026-06-20T02:59', 'pay-1', eur(9000))],
    ['a payment after', captured('2026-06-21T03:01', 'pay-1', eur(9000))],
    ['an order before', placed('2026-06-20T02:59', eur(9000), { giftCard: true })],
    ['an order after', placed('2026-06-21T03:01', eur(9000), { giftCard: true })],
    ['an ordinary order', placed(during, eur(2800))],
    ['an order of which only the end was told', cancelled(during)],
    ['a payout for an order', told('payout.paid', during, { payoutId: 'out', merchantId: 'shop', orderId: 'o', amount: eur(9) })],
    ['a payout that is held', told('payout.held', during, { payoutId: 'out', merchantId: 'shop', amount: eur(9) })],
    ['a refund to nowhere in particular', refund('succeeded', during, eur(900), { paymentId: 'old-1' })],
    ['a refund to the card', refund('succeeded', during, eur(900), { paymentId: 'old-1', instrument: card })],
    [
      'a refund elsewhere that was asked for',
      refund('requested', during, eur(900), { paymentId: 'old-1', instrument: otherCard }),
    ],
    [
      'a refund elsewhere before',
      refund('succeeded', '2026-06-20T02:59', eur(900), { paymentId: 'old-1', instrument: otherCard }),
    ],
  ])('is not %s', (_what, event) => {
    expect(values(event)).toEqual([]);
  });

  it.each([
    ['gift-card', placed(during, eur(900), { giftCard: true })],
    ['order-above-p95', placed(during, eur(2801))],
    ['payout', told('payout.paid', during, { payoutId: 'out', merchantId: 'shop', amount: eur(9) })],
    ['refund-to-new-instrument', refund('succeeded', during, eur(900), { paymentId: 'old-1', instrument: otherCard })],
    ['refund-to-new-instrument', refund('submitted', during, eur(900), { paymentId: 'old-1', instrument: otherCard })],
    ['payment-above-p95', captured(from, 'pay-1', eur(9000))],
    ['payment-above-p95', captured(until, 'pay-1', eur(9000))],
  ])('is %s', (what, event) => {
    expect(spent([...usual, event])).toMatchObject([{ what, at: Date.parse(event.time), eventId: event.id }]);
  });

  it('is a refund to an instrument that first paid since then, and none to one that paid before', () => {
    const elsewhere = refund('succeeded', during, eur(900), { paymentId: 'old-1', instrument: otherCard });
    const paidBy = (time: string) => captured(time, 'pay-2', eur(1200), { instrument: otherCard });
    expect(values(paidBy('2026-05-01T10:00'), elsewhere)).toEqual([]);
    expect(values(paidBy(from), elsewhere)).toEqual(['refund-to-new-instrument']);
  });

  it('is an order with the payments of its own that the buyer made', () => {
    const order = placed(during, eur(9000));
    const own = captured('2026-06-20T12:01', 'pay-1', eur(1000), forOrder);
    const recurring = captured('2026-06-20T12:01', 'pay-2', eur(1000), { ...forOrder, initiator: 'merchant' });
    const other = captured('2026-06-20T12:01', 'pay-3', eur(1000), { orderId: 'order-2' });
    expect(spent([...usual, order, own, recurring, other])).toMatchObject([{ payments: [{ id: 'pay-1' }] }]);
  });

  it('is not known of a buyer with fewer than five payments in that currency, captured and from before', () => {
    const big = captured(during, 'pay-1', eur(9000));
    const four = usual.slice(0, 4);
    const more = (event: ToldEvent) => spent([...four, event, big]).map(({ what }) => what);
    const dollars = { minor: 100, currency: 'USD' };
    expect(more(captured('2026-05-01T10:00', 'pay-0', eur(100)))).toEqual(['payment-above-p95']);
    expect(more(captured('2026-05-01T10:00', 'pay-0', dollars))).toEqual([]);
    expect(more(authorised('2026-05-01T10:00', 'pay-0', eur(100)))).toEqual([]);
    expect(more(captured(from, 'pay-0', eur(100)))).toEqual([]);
  });

  it('is everything after a long sleep, by what it is else where it is more', () => {
    const all = [
      captured(during, 'pay-1', eur(900)),
      placed(during, eur(900)),
      placed(during, eur(900), { orderId: 'o-2', giftCard: true }),
    ];
    expect(spent([...usual, ...all], true).map(({ what }) => what)).toEqual([AFTER_DORMANCY, 'gift-card', AFTER_DORMANCY]);
    const more = [captured(during, 'pay-1', eur(9000)), placed(during, eur(9000))];
    expect(spent([...usual, ...more], true).map(({ what }) => what)).toEqual(['order-above-p95', 'payment-above-p95']);
  });
});

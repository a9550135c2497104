import { saysOf } from '#test/scenarios/says';
import {
  account,
  AWAY,
  captured,
  eur,
  forOrder,
  HOME,
  otherCard,
  placed,
  refund,
  told,
  type ToldEvent,
} from '#test/scenarios/told-events';

/** Twenty quiet days: a log-in and a purchase of 10 to 29 euro each. */
const habits = Array.from({ length: 20 }, (_, n) => [
  account('logged_in', `2026-05-${String(n + 1).padStart(2, '0')}T18:00`, HOME),
  captured(`2026-05-${String(n + 1).padStart(2, '0')}T18:05`, `old-${n}`, eur(1000 + n * 100), { merchantId: `m${n}` }),
]).flat();
const takeovers = (...events: readonly ToldEvent[]) => saysOf('account-takeover', [...habits, ...events]);
const reset = (context: object | undefined = AWAY) => account('password_changed', '2026-06-20T03:00', context, { how: 'reset' });
const payout = (context: object | undefined = AWAY, time = '2026-06-20T03:20') => account('payout_changed', time, context);
const big = (time = '2026-06-20T03:45', more: object = {}) =>
  captured(time, 'pay-big', eur(152000), { merchantId: 'electronics', ...more });

describe('a takeover', () => {
  it('of three steps is certain, from the time of the second, its loss what was captured', () => {
    expect(takeovers(reset(), payout(), big())).toMatchObject([
      { confidence: 'certain', status: 'open', at: '2026-06-20T03:20:00.000Z', paymentIds: ['pay-big'], loss: eur(152000) },
    ]);
  });

  it('rises from likely to certain under one id', () => {
    const steps = [reset(), payout()];
    const [two] = takeovers(...steps);
    expect(two).toMatchObject({ confidence: 'likely', loss: null });
    expect(takeovers(...steps, big())[0]?.findingId).toBe(two?.findingId);
  });

  it.each([
    ['credential and profile', [reset(), payout()]],
    ['credential and value', [reset(), big()]],
    ['profile and value', [payout(), big()]],
  ])('of two steps is likely: %s', (_what, steps) => {
    expect(takeovers(...steps)).toMatchObject([{ confidence: 'likely' }]);
  });

  it.each([
    ['one step', [reset()]],
    ['steps more than a day apart', [reset(), payout(AWAY, '2026-06-21T03:20')]],
    [
      'a password that was changed by who knew it',
      [account('password_changed', '2026-06-20T03:00', AWAY, { how: 'change' }), big('2026-06-20T03:45', { amount: eur(1200) })],
    ],
    ['a purchase as usual', [reset(), captured('2026-06-20T04:00', 'p', eur(2000), { merchantId: 'x' })]],
    ['a recurring payment', [reset(), big('2026-06-20T03:45', { initiator: 'merchant' })]],
    ['two steps from the buyer’s own device and network', [reset(HOME), payout(HOME)]],
    ['steps after a step-up that passed', [reset(), account('step_up_passed', '2026-06-20T03:05', AWAY), payout(), big()]],
  ])('is not %s', (_what, steps) => {
    expect(takeovers(...steps)).toEqual([]);
  });

  it('is cleared by a step-up that passes later', () => {
    expect(takeovers(reset(), payout(), account('step_up_passed', '2026-06-20T05:00', HOME))).toMatchObject([
      { status: 'cleared' },
    ]);
  });

  it.each([
    ['a new device on a new network', [account('logged_in', '2026-06-20T03:00', AWAY)]],
    ['a second factor changed', [account('second_factor_changed', '2026-06-20T03:00', AWAY)]],
    ['a phishing report', [account('phishing_reported', '2026-06-20T03:00', HOME)]],
    [
      'impossible travel',
      [
        account('logged_in', '2026-06-20T02:00', HOME),
        account('logged_in', '2026-06-20T03:00', { ...AWAY, deviceId: 'phone-home' }),
      ],
    ],
    [
      'many failed log-ins before one that works',
      [
        ...[1, 2, 3, 4, 5].map((n) => account('login_failed', `2026-06-20T02:5${n}`, AWAY)),
        account('logged_in', '2026-06-20T03:00', { ...AWAY, deviceId: 'phone-home', lat: undefined, lon: undefined }),
      ],
    ],
  ])('may begin with %s', (_what, credential) => {
    expect(takeovers(...credential, payout(), big())).toMatchObject([{ confidence: 'certain' }]);
  });

  it('does not begin with a new device on the known network, nor where travel was announced', () => {
    expect(takeovers(account('logged_in', '2026-06-20T03:00', { ...HOME, deviceId: 'new-phone' }), big())).toEqual([]);
    const travel = told('account.travel_announced', '2026-06-10T09:00', {
      country: 'NG',
      from: '2026-06-15T00:00:00Z',
      to: '2026-06-30T00:00:00Z',
    });
    expect(takeovers(travel, account('logged_in', '2026-06-20T03:00', AWAY), big())).toEqual([]);
  });

  it.each([
    ['a gift card', [placed('2026-06-20T03:45', eur(1500), { giftCard: true })], null],
    ['an order above the usual', [placed('2026-06-20T03:44', eur(152000)), big('2026-06-20T03:45', forOrder)], eur(152000)],
    [
      'a refund to a new instrument',
      [refund('succeeded', '2026-06-20T03:45', eur(1000), { paymentId: 'old-1', instrument: otherCard })],
      null,
    ],
  ])('may end with %s', (_what, value, loss) => {
    expect(takeovers(reset(), payout(), ...value)).toMatchObject([{ confidence: 'certain', loss }]);
  });

  it('knows nothing above the usual of a buyer with few payments', () => {
    expect(saysOf('account-takeover', [habits[0]!, habits[1]!, reset(), big()])).toEqual([]);
  });
});

import { accountTakeover, THE_ACCOUNT } from '#detection/account-takeover';
import { accountTakeoverDefaults } from '#detection/account-takeover-settings';
import { days, NEVER } from '#kernel/time';
import { asked } from '#test/scenarios/asked';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { big, habits, payout, reset } from '#test/scenarios/takeover';
import {
  account,
  authorised,
  AWAY,
  captured,
  eur,
  forOrder,
  HOME,
  placed,
  told,
  type ToldEvent,
} from '#test/scenarios/told-events';

describe('asked itself about a takeover', () => {
  const settings = accountTakeoverDefaults;
  const detector = accountTakeover(settings);
  const at = (time: string) => Date.parse(`${time}:00Z`);
  const ledgerOf = (...events: readonly ToldEvent[]) => ledgerAfter(...habits, ...events);
  const claimsOf = (...events: readonly ToldEvent[]) => asked(detector, ledgerOf(...events), THE_ACCOUNT).claims;
  const stepUp = (time: string, context: object = HOME) => account('step_up_passed', time, context);
  const won = (paymentId: string) =>
    told('chargeback.closed', '2026-07-20T10:00', { chargebackId: `cb-${paymentId}`, paymentId, outcome: 'buyer' });

  it('it claims in full what happened, by time', () => {
    const [first, early, change, last] = [
      reset(),
      big('2026-06-20T03:10'),
      payout(),
      big('2026-06-20T04:00', { paymentId: 'pay-2' }),
    ];
    expect(claimsOf(first, early, change, { ...last, data: { ...last.data, amount: eur(50000) } })).toEqual([
      {
        kind: 'account-takeover',
        confidence: 'certain',
        money: `takeover/${first.id}`,
        at: at('2026-06-20T03:10'),
        clearedAt: NEVER,
        merchantId: '',
        orderId: '',
        paymentIds: ['pay-big', 'pay-2'],
        loss: eur(202000),
        because: {
          rule: 'credential-then-profile-then-value',
          fields: ['credential', 'value', 'profile'],
          figures: {
            steps: 4,
            parts: 3,
            since: '2026-06-20T03:00:00.000Z',
            credential: 'reset',
            profile: 'profile',
            value: 'payment-above-p95',
          },
        },
        eventIds: [first.id, early.id, change.id, last.id],
      },
    ]);
  });

  it.each([
    ['one step', [reset()]],
    ['a profile change alone', [payout()]],
    ['nothing at all', []],
    ['a reset that a step-up answered at once', [reset(), stepUp('2026-06-20T03:00'), payout(), big()]],
    ['a change a day after a step-up that passed', [stepUp('2026-06-19T03:20'), payout(), big()]],
    [
      'a phishing report and a change from the buyer’s own place',
      [account('phishing_reported', '2026-06-20T03:00', AWAY), payout(HOME)],
    ],
    [
      'a change from a strange place on an account that slept',
      [
        account('address_changed', '2026-11-20T03:00', AWAY),
        captured('2026-11-20T03:30', 'pay-late', eur(1500), { merchantId: 'm1' }),
      ],
    ],
  ])('it claims nothing of %s', (_what, events) => {
    expect(claimsOf(...events)).toEqual([]);
  });

  it('it claims nothing of an account without log-ins and acts', () => {
    expect(asked(detector, ledgerAfter(big()), THE_ACCOUNT)).toEqual({ due: NEVER, claims: [] });
  });

  it.each([
    ['value before the change, and none after it', [reset(), big('2026-06-20T03:10'), payout()], 'likely', 2],
    ['value at the instant of the change', [reset(), payout(), big('2026-06-20T03:20')], 'certain', 3],
    ['a change a day later to the minute', [reset(), payout(AWAY, '2026-06-21T03:00')], 'likely', 2],
    ['a reset at home and a change from elsewhere', [reset(HOME), payout(AWAY)], 'likely', 2],
    ['steps of which nobody knows where they came from', [reset({}), payout({})], 'likely', 2],
    ['three steps from the buyer’s own place', [reset(HOME), payout(HOME), big()], 'likely', 3],
    ['a change that the step-up followed at once', [reset(), payout(), stepUp('2026-06-20T03:20'), big()], 'likely', 2],
  ])('it is as sure as the steps are: %s', (_what, events, confidence, parts) => {
    expect(claimsOf(...events)).toMatchObject([{ confidence, because: { figures: { parts } } }]);
  });

  it('it is about the first value by time, and shows the first step of each part', () => {
    const phishing = account('phishing_reported', '2026-06-20T02:00', AWAY);
    const card = placed('2026-06-20T03:50', eur(1500), { giftCard: true });
    expect(claimsOf(phishing, reset(), card, big('2026-06-20T03:45'))).toMatchObject([
      {
        at: at('2026-06-20T03:45'),
        because: { rule: 'two-steps-of-a-takeover', figures: { credential: 'phishing', value: 'payment-above-p95' } },
      },
    ]);
  });

  it('a step-up proves no change that a credential event came before', () => {
    const quiet = account('password_changed', '2026-06-20T10:00', HOME, { how: 'reset' });
    const own = payout(HOME, '2026-06-20T20:00');
    const story = [own, payout(AWAY, '2026-06-21T15:00'), big('2026-06-21T16:00')];
    const since = (...events: readonly ToldEvent[]) => claimsOf(...events)[0]?.because.figures['since'];
    expect(since(stepUp('2026-06-20T05:00'), quiet, ...story)).toBe('2026-06-20T20:00:00.000Z');
    expect(since(stepUp('2026-06-20T05:00'), ...story)).toBe('2026-06-21T15:00:00.000Z');
  });

  it('it takes a day as one story, its last instant included', () => {
    const again = account('password_changed', '2026-06-21T03:00', AWAY, { how: 'reset' });
    expect(claimsOf(reset(), payout(), again)).toHaveLength(1);
    expect(claimsOf(reset(), payout(), again, payout(AWAY, '2026-06-21T03:01'))).toHaveLength(1);
  });

  it.each([
    ['later on the same day', '2026-06-20T05:00', true],
    ['before two days were over', '2026-06-22T03:00', true],
    ['after two days', '2026-06-22T03:01', false],
  ])('a step-up that passes %s clears it, or does not', (_when, time, clears) => {
    expect(claimsOf(reset(), payout(), stepUp(time))).toMatchObject([{ clearedAt: clears ? at(time) : NEVER }]);
  });

  it('a step-up that passes after a change does not prove that change', () => {
    expect(claimsOf(payout(), big(), stepUp('2026-06-20T05:00'))).toMatchObject([{ clearedAt: at('2026-06-20T05:00') }]);
  });

  it('chargebacks clear it when all its payments are decided for the buyer', () => {
    const other = { ...big('2026-06-20T04:00'), id: 'other', data: { ...big('2026-06-20T04:00').data, paymentId: 'pay-2' } };
    expect(claimsOf(reset(), big(), other, won('pay-2'))).toMatchObject([{ clearedAt: NEVER }]);
    expect(claimsOf(reset(), big(), other, won('pay-2'), won('pay-big'))).toMatchObject([{ clearedAt: at('2026-07-20T10:00') }]);
  });

  it('it names the payments that were captured, and sums those of one currency', () => {
    expect(claimsOf(reset(), authorised('2026-06-20T03:45', 'pay-big', eur(152000)))).toMatchObject([
      { paymentIds: [], loss: null },
    ]);
    const order = placed('2026-06-20T03:44', eur(152000));
    const dollars = captured('2026-06-20T03:46', 'pay-usd', { minor: 700, currency: 'USD' }, forOrder);
    expect(claimsOf(reset(), order, big('2026-06-20T03:45', forOrder), dollars)).toMatchObject([
      { paymentIds: ['pay-big', 'pay-usd'], loss: null },
    ]);
  });

  it('of a story older than 30 days when purchases were forgotten it says only that it was made good', () => {
    const forgottenAt = (forgotAt: number, ...events: readonly ToldEvent[]) =>
      asked(detector, { ...ledgerOf(...events), forgotAt }, THE_ACCOUNT).claims;
    const story = [reset(), payout()];
    const limit = at('2026-06-20T03:00') + days(30);
    expect(forgottenAt(limit, ...story)).toHaveLength(1);
    expect(forgottenAt(limit + 1, ...story)).toEqual([]);
    expect(forgottenAt(limit + 1, ...story, stepUp('2026-06-20T05:00'))).toHaveLength(1);
  });

  it('it knows the time since a day after the oldest act or log-in that is left, or 29 days before purchases were forgotten', () => {
    const since = (...events: readonly ToldEvent[]) => detector.knowsSince?.(ledgerAfter(...events));
    const acts = (count: number) =>
      Array.from({ length: count }, (_, n) => account('address_changed', `2026-06-01T10:${n + 10}`, HOME));
    const logIns = (count: number) =>
      Array.from({ length: count }, (_, n) => account('logged_in', `2026-06-01T11:${n + 10}`, HOME));
    expect(since()).toBe(-NEVER);
    expect(since(...acts(23), ...logIns(7))).toBe(-NEVER);
    expect(since(...acts(24))).toBe(at('2026-06-02T10:10'));
    expect(since(...logIns(8))).toBe(at('2026-06-02T11:10'));
    expect(since(...acts(24), ...logIns(9))).toBe(at('2026-06-02T11:11'));
    const forgotAt = at('2026-09-30T10:00');
    expect(detector.knowsSince?.({ ...ledgerAfter(...acts(1)), forgotAt })).toBe(forgotAt - days(29));
  });
});

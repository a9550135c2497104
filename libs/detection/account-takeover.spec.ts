import { accountTakeover, THE_ACCOUNT } from '#detection/account-takeover';
import { accountTakeoverDefaults } from '#detection/account-takeover-settings';
import { days, NEVER } from '#kernel/time';
import { asked } from '#test/scenarios/asked';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { saysOf } from '#test/scenarios/says';
import {
  account,
  authorised,
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
const takeovers = (...events: readonly ToldEvent[]) => saysOf('account-takeover', [...habits, ...events], '2027-12-31T00:00:00Z');
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

  it('is not made ordinary by a thief who waits: a strange device is the buyer’s own after 72 hours, or once a step-up passed on it', () => {
    const arrival = (time: string) => account('logged_in', time, AWAY);
    expect(takeovers(arrival('2026-06-18T03:00'), reset(), big())).toMatchObject([{ confidence: 'likely' }]);
    expect(takeovers(arrival('2026-06-16T03:00'), reset(), big())).toEqual([]);
    const proven = account('step_up_passed', '2026-06-18T03:01', AWAY);
    expect(takeovers(arrival('2026-06-18T03:00'), proven, reset(), big())).toEqual([]);
  });

  it('does not begin with a change that follows a step-up, unless a credential event lies between', () => {
    const proof = account('step_up_passed', '2026-06-20T02:00', HOME);
    expect(takeovers(proof, payout(), big())).toEqual([]);
    expect(takeovers(proof, reset(), payout(), big())).toMatchObject([{ confidence: 'certain' }]);
    expect(takeovers(account('step_up_passed', '2026-06-19T03:00', HOME), payout(), big())).toMatchObject([
      { confidence: 'likely' },
    ]);
  });

  it('may begin with a new network abroad where no device is named, but with no other new network alone', () => {
    const bare = (context: object) => ({ ...context, deviceId: undefined, lat: undefined, lon: undefined });
    const past = habits.map((event) =>
      event.type === 'account.logged_in' ? { ...event, data: { ...event.data, context: bare(HOME) } } : event,
    );
    const says = (context: object) =>
      saysOf('account-takeover', [...past, account('logged_in', '2026-06-20T03:00', context), big('2026-06-20T03:45')]);
    expect(says(bare(AWAY))).toMatchObject([
      { confidence: 'likely', because: { figures: { credential: 'new-network-abroad' } } },
    ]);
    expect(says(bare({ ...AWAY, country: 'DE' }))).toEqual([]);
    expect(takeovers(account('logged_in', '2026-06-20T03:00', { ...HOME, ip: '197.210.8.8' }), big())).toEqual([]);
  });

  describe('of an account that slept', () => {
    const late = (time: string) => `2026-11-${time}`;
    const stranger = account('logged_in', late('20T03:00'), { ...AWAY, lat: undefined, lon: undefined });
    const address = account('address_changed', late('20T03:10'), AWAY);
    const ordinary = captured(late('20T03:30'), 'pay-late', eur(1500), { merchantId: 'm1' });

    it('counts an ordinary purchase from a strange device and network as value, yet never for certain', () => {
      expect(takeovers(stranger, ordinary)).toMatchObject([{ confidence: 'likely', loss: eur(1500), paymentIds: ['pay-late'] }]);
      expect(takeovers(stranger, address, ordinary)).toMatchObject([
        { confidence: 'likely', loss: eur(1500), because: { figures: { value: 'after-dormancy', parts: 3 } } },
      ]);
    });

    it('needs 150 days of silence, strange in both, and to have been used at all', () => {
      const awake = captured(late('01T10:00'), 'pay-awake', eur(1500), { merchantId: 'm2' });
      expect(takeovers(awake, stranger, ordinary)).toEqual([]);
      const newPhone = { ...HOME, deviceId: 'new-phone' };
      expect(takeovers(account('password_changed', late('20T03:00'), newPhone, { how: 'reset' }), ordinary)).toEqual([]);
      expect(saysOf('account-takeover', [stranger, ordinary], '2027-12-31T00:00:00Z')).toEqual([]);
    });
  });

  it('stays as it was told when what was usual of the buyer is forgotten', () => {
    const story = [reset(), payout(), big()];
    const years = Array.from({ length: 30 }, (_, n) =>
      captured(new Date(Date.UTC(2026, 7, 1 + n * 9)).toISOString(), `later-${n}`, eur(900), { merchantId: `x${n}` }),
    );
    const again = account('phishing_reported', '2027-05-01T10:00', HOME);
    const [first] = takeovers(...story);
    expect(takeovers(...story, ...years, again)).toMatchObject([
      { findingId: first?.findingId, status: 'open', confidence: 'certain' },
    ]);
  });

  it('that goes on after a step-up of the buyer’s is another one, certain by its own three steps', () => {
    const proof = account('step_up_passed', '2026-06-20T05:00', HOME);
    const anew = [
      account('password_changed', '2026-06-20T10:00', AWAY, { how: 'reset' }),
      payout(AWAY, '2026-06-20T10:20'),
      big('2026-06-20T10:45'),
    ];
    const told = takeovers(reset(), payout(), proof, ...anew);
    expect(told).toMatchObject([
      { status: 'cleared', confidence: 'likely', at: '2026-06-20T03:20:00.000Z' },
      { status: 'open', confidence: 'certain', at: '2026-06-20T10:20:00.000Z', paymentIds: ['pay-big'] },
    ]);
    expect(new Set(told.map(({ findingId }) => findingId)).size).toBe(2);
  });
});

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

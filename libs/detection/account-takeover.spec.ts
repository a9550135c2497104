import { saysOf } from '#test/scenarios/says';
import { big, habits, payout, reset } from '#test/scenarios/takeover';
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

const takeovers = (...events: readonly ToldEvent[]) => saysOf('account-takeover', [...habits, ...events], '2027-12-31T00:00:00Z');

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

import { NEVER } from '#kernel/time';
import { placeOf } from '#ledger/fold-account';
import type { Ledger } from '#ledger/ledger';
import { isKnownBefore, noteUse, PROFILE_MAX, type Habit, type Profile } from '#ledger/profile';
import { inEveryOrder, ledgerAfter } from '#test/scenarios/ledger-after';
import { account, AWAY, HOME, told, type ToldEvent } from '#test/scenarios/told-events';

const at = (time: string): number => Date.parse(`${time}:00Z`);
const profileOf = ({ profile }: Ledger): Profile => {
  if (profile === null) throw new Error('nothing was told');
  return profile;
};
const profile = (...events: readonly ToldEvent[]) => profileOf(ledgerAfter(...events));
const everyOrder = (...events: readonly ToldEvent[]) => inEveryOrder(events, profileOf);
const after = (n: number): string => new Date(Date.UTC(2026, 5, 1) + n * 60_000).toISOString();
const home = placeOf(HOME);

describe('what an account did', () => {
  it.each([
    ['password_changed', { how: 'reset' }, 'credential'],
    ['password_changed', {}, 'credential'],
    ['second_factor_changed', {}, 'credential'],
    ['phishing_reported', {}, 'phishing'],
    ['contact_changed', { which: 'email' }, 'profile'],
    ['address_changed', {}, 'profile'],
    ['payout_changed', {}, 'profile'],
    ['step_up_passed', {}, 'step-up'],
  ])('%s %j is an act of the kind %s, at its place, and worth a look', (act, more, kind) => {
    const { acts, suspectAt, devices } = profile({ ...account(act, '2026-06-01T10:00', HOME, more), id: 'e' });
    expect(acts).toEqual([{ kind, at: at('2026-06-01T10:00'), place: home, eventId: 'e' }]);
    expect(suspectAt).toBe(at('2026-06-01T10:00'));
    expect(devices).toMatchObject([{ id: 'phone-home' }]);
  });

  it.each([
    ['password_changed', { how: 'change' }],
    ['created', {}],
    ['instrument_added', { instrument: { kind: 'card', fingerprint: 'card-9' } }],
  ])('%s %j only shows where the buyer is', (act, more) => {
    expect(profile(account(act, '2026-06-01T10:00', HOME, more))).toMatchObject({
      acts: [],
      suspectAt: -NEVER,
      devices: [{ id: 'phone-home', firstAt: at('2026-06-01T10:00') }],
      networks: [{ id: '81.2.69' }],
    });
  });

  it('comes from nowhere where the event did not say', () => {
    expect(placeOf(undefined)).toEqual({ deviceId: '', network: '', country: '', lat: NaN, lon: NaN });
    expect(placeOf({})).toEqual(placeOf(undefined));
    expect(placeOf({ ip: '81.2.69.10', lat: 0 })).toEqual({ deviceId: '', network: '81.2.69', country: '', lat: 0, lon: NaN });
    expect(profile(account('created', '2026-06-01T10:00', undefined))).toMatchObject({ devices: [], networks: [] });
  });

  it('is kept by time, as often as the profile’s bound allows', () => {
    const many = Array.from({ length: PROFILE_MAX.acts + 1 }, (_, n) => account('address_changed', after(n), HOME));
    const { acts } = profile(...many.toReversed());
    expect(acts).toHaveLength(PROFILE_MAX.acts);
    expect(acts[0]?.at).toBe(Date.parse(after(1)));
    expect(profile(many[0]!, many[0]!).acts).toHaveLength(1);
  });

  it('is one act an event: also two of one instant, and two sources’ events of one id', () => {
    const act = (id: string, time: string) => ({ ...account('address_changed', time, HOME), id });
    expect(everyOrder(act('a', after(0)), act('b', after(0)), act('c', after(0))).acts.map(({ eventId }) => eventId)).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(everyOrder(act('a', after(0)), act('a', after(1))).acts).toHaveLength(2);
  });
});

describe('a log-in', () => {
  const logIn = (time: string, context: object | undefined) => account('logged_in', time, context);
  const suspectAt = (...events: readonly ToldEvent[]) => profile(...events).suspectAt;
  const [first, second] = ['2026-06-01T10:00', '2026-06-02T10:00'] as const;

  it('from a place like the last is nothing to look at', () => {
    expect(suspectAt(logIn(first, HOME))).toBe(-NEVER);
    expect(suspectAt(logIn(first, HOME), logIn(second, HOME))).toBe(-NEVER);
    expect(suspectAt(logIn(first, HOME), logIn(second, { ...HOME, lat: HOME.lat + 0.29, lon: HOME.lon - 0.29 }))).toBe(-NEVER);
  });

  it.each([
    ['another device', { ...HOME, deviceId: 'tablet' }],
    ['another network', { ...HOME, ip: '81.2.70.10' }],
    ['another country', { ...HOME, country: 'AT' }],
    ['50 km to the north', { ...HOME, lat: HOME.lat + 0.31 }],
    ['50 km to the south', { ...HOME, lat: HOME.lat - 0.31 }],
    ['50 km to the east', { ...HOME, lon: HOME.lon + 0.31 }],
    ['50 km to the west', { ...HOME, lon: HOME.lon - 0.31 }],
  ])('with %s is', (_what, context) => {
    expect(suspectAt(logIn(first, HOME), logIn(second, context))).toBe(at(second));
  });

  it('is worth a look after failures, also when these were told later', () => {
    const failed = account('login_failed', first, HOME);
    expect(suspectAt(failed, logIn(second, HOME))).toBe(at(second));
    expect(suspectAt(logIn(second, HOME), failed)).toBe(at(first));
    expect(suspectAt(logIn(first, HOME), account('login_failed', first, HOME))).toBe(-NEVER);
    expect(suspectAt(logIn(first, HOME), logIn('2026-06-03T10:00', HOME), account('login_failed', second, HOME))).toBe(
      at(second),
    );
  });

  it('leaves the newest suspicion standing', () => {
    expect(suspectAt(account('address_changed', second, HOME), account('address_changed', first, HOME))).toBe(at(second));
  });

  it('is kept by time, and of many the newest', () => {
    const many = Array.from({ length: PROFILE_MAX.logIns + 1 }, (_, n) => logIn(after(n), HOME));
    const { logIns } = profile(...many.toReversed());
    expect(logIns).toHaveLength(PROFILE_MAX.logIns);
    expect(logIns[0]).toMatchObject({ at: Date.parse(after(1)), place: home });
  });

  it('that failed counts once an instant, and of many the newest count', () => {
    const failed = (time: string) => account('login_failed', time, HOME);
    expect(everyOrder(failed(first), failed(first), failed(second)).failedLogIns).toEqual([at(first), at(second)]);
    const many = Array.from({ length: PROFILE_MAX.failedLogIns + 1 }, (_, n) => failed(after(n)));
    const { failedLogIns } = profile(...many.toReversed());
    expect(failedLogIns).toHaveLength(PROFILE_MAX.failedLogIns);
    expect(failedLogIns[0]).toBe(Date.parse(after(1)));
  });
});

describe('a travel that was announced', () => {
  const travel = (from: string, to: string, country = 'FR') =>
    told('account.travel_announced', '2026-05-01T10:00', { country, from: `${from}T00:00:00Z`, to: `${to}T00:00:00Z` });

  it('is kept once, by its end, of many the last', () => {
    const events = [
      travel('2026-06-01', '2026-06-09'),
      travel('2026-06-01', '2026-06-09'),
      travel('2026-06-02', '2026-06-09', 'ES'),
    ];
    expect(everyOrder(...events).travels.map(({ country }) => country)).toEqual(['FR', 'ES']);
    expect(everyOrder(travel('2026-06-01', '2026-06-09'), travel('2026-06-01', '2026-06-09', 'ES')).travels[0]?.country).toBe(
      'ES',
    );
    expect(everyOrder(travel('2026-06-01', '2026-06-09'), travel('2026-06-02', '2026-06-09')).travels).toHaveLength(2);
    expect(everyOrder(travel('2026-06-01', '2026-06-09'), travel('2026-06-01', '2026-06-08')).travels).toMatchObject([
      { to: at('2026-06-08T00:00') },
      { to: at('2026-06-09T00:00') },
    ]);
    const many = Array.from({ length: PROFILE_MAX.travels + 1 }, (_, n) => travel('2026-06-01', `2026-06-1${n}`));
    expect(profile(...many).travels.map(({ to }) => to)).toEqual(many.slice(1).map(({ data }) => Date.parse(String(data.to))));
  });
});

describe('a device or network', () => {
  it('is known from its first use on, also where that was told later', () => {
    const habits: Habit[] = [];
    expect(noteUse(habits, '', 5)).toBe(false);
    expect(noteUse(habits, 'phone', 5)).toBe(true);
    expect(noteUse(habits, 'phone', 9)).toBe(false);
    expect(noteUse(habits, 'phone', 5)).toBe(false);
    expect(noteUse(habits, 'phone', 3)).toBe(true);
    expect(habits).toEqual([{ id: 'phone', firstAt: 3, lastAt: 9 }]);
    expect([isKnownBefore(habits, 'phone', 3), isKnownBefore(habits, 'phone', 4), isKnownBefore(habits, 'pc', 4)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('of many is the least recently used that is forgotten', () => {
    const habits: Habit[] = [];
    for (let n = 0; n < PROFILE_MAX.habits; n++) noteUse(habits, `device-${n}`, n);
    noteUse(habits, 'device-0', 100);
    noteUse(habits, 'another', 101);
    expect(habits).toHaveLength(PROFILE_MAX.habits);
    expect(habits.map(({ id }) => id)).not.toContain('device-1');
    expect(habits.map(({ id }) => id)).toContain('device-0');
  });

  it('of an intruder is the buyer’s only from then on', () => {
    const { devices } = profile(account('logged_in', '2026-06-01T10:00', HOME), account('logged_in', '2026-06-02T10:00', AWAY));
    expect(isKnownBefore(devices, 'unknown-pc', at('2026-06-02T10:00'))).toBe(false);
    expect(isKnownBefore(devices, 'phone-home', at('2026-06-02T10:00'))).toBe(true);
  });
});

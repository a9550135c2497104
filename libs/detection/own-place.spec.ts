import { whoseIs } from '#detection/own-place';
import { days, hours } from '#kernel/time';
import { newProfile, type Act, type Habit, type Profile } from '#ledger/profile';

const NOW = days(30);
const limits = { ownAfterMs: hours(72) };
const used = (id: string, firstAt: number): Habit => ({ id, firstAt, lastAt: firstAt });
const place = (deviceId: string, network: string) => ({ deviceId, network, country: '', lat: NaN, lon: NaN });
const act = (kind: Act['kind'], at: number, deviceId: string, network: string): Act => ({
  kind,
  at,
  place: place(deviceId, network),
  eventId: '',
});
/** A telephone and a network since the first day; a tablet and an office since yesterday. */
const profile = (more: Partial<Profile> = {}): Profile => ({
  ...newProfile(),
  devices: [used('tablet', NOW - days(1)), used('phone', 0)],
  networks: [used('office', NOW - days(1)), used('home', 0)],
  ...more,
});
const whose = (deviceId: string, network: string, of = profile()) => whoseIs(of, place(deviceId, network), NOW, limits);

describe('an act comes from', () => {
  it.each([
    ['phone', 'home', 'own'],
    ['tablet', 'office', 'strange'],
    ['pc', 'cafe', 'strange'],
    ['phone', 'office', 'mixed'],
    ['tablet', 'home', 'mixed'],
    ['phone', '', 'own'],
    ['', 'home', 'own'],
    ['tablet', '', 'mixed'],
    ['', 'office', 'mixed'],
    ['', '', 'unknown'],
  ])('the device “%s” and the network “%s”: %s', (deviceId, network, expected) => {
    expect(whose(deviceId, network)).toBe(expected);
  });
});

describe('a device is the buyer’s own', () => {
  const ofDevice = (firstAt: number, others: readonly Habit[] = [used('phone', 0)]) =>
    whose('new', '', profile({ devices: [...others, used('new', firstAt)] }));

  it('once it was used for three days', () => {
    expect(ofDevice(NOW - hours(72))).toBe('own');
    expect(ofDevice(NOW - hours(72) + 1)).toBe('mixed');
  });

  it('at once where it is the first of the account, or one of the first', () => {
    expect(ofDevice(NOW - 1, [])).toBe('own');
    expect(ofDevice(NOW - 1, [used('phone', NOW - 1)])).toBe('own');
    expect(ofDevice(NOW - 1, [used('phone', NOW - 2)])).toBe('mixed');
  });

  it('not by the act itself that is judged', () => {
    expect(ofDevice(NOW, [])).toBe('mixed');
    expect(whoseIs(profile({ devices: [used('new', NOW)] }), place('new', ''), NOW, { ownAfterMs: 0 })).toBe('mixed');
  });

  it.each([
    ['a step-up on it and its network', act('step-up', NOW - 1, 'tablet', 'office'), 'own'],
    ['a step-up at the same instant', act('step-up', NOW, 'tablet', 'office'), 'own'],
    ['a step-up that passed later', act('step-up', NOW + 1, 'tablet', 'office'), 'strange'],
    ['a step-up on another device', act('step-up', NOW - 1, 'phone', 'office'), 'strange'],
    ['a step-up on another network', act('step-up', NOW - 1, 'tablet', 'home'), 'strange'],
    ['another act on it', act('profile', NOW - 1, 'tablet', 'office'), 'strange'],
  ])('or not, by %s', (_what, proof, expected) => {
    expect(whose('tablet', 'office', profile({ acts: [proof] }))).toBe(expected);
  });
});

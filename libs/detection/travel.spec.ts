import { kilometresBetween } from '#detection/distance';
import { impossibleTrips, isAnnounced } from '#detection/travel';
import { hours } from '#kernel/time';
import { newProfile, type LogIn } from '#ledger/profile';

const logIn = (at: number, lat: number, lon: number, country = ''): LogIn => ({
  at,
  place: { deviceId: '', network: '', country, lat, lon },
  eventId: `at ${at}`,
});
const here = logIn(0, 0, 0);
const there = logIn(hours(1), 0, 45);
const apart = kilometresBetween(here.place, there.place);
const trips = (travelKmMin: number, travelSpeedMax: number, ...logIns: readonly LogIn[]) =>
  impossibleTrips({ ...newProfile(), logIns: [...logIns] }, { travelKmMin, travelSpeedMax });

describe('a trip is impossible', () => {
  it('from the least distance on, and faster than the greatest speed', () => {
    expect(trips(apart, 100, here, there)).toEqual([{ from: here, to: there, kilometres: apart }]);
    expect(trips(apart + 1, 100, here, there)).toEqual([]);
    expect(trips(500, apart, here, there)).toEqual([]);
    expect(trips(500, apart - 1, here, there)).toHaveLength(1);
  });

  it('between places of which both coordinates are known', () => {
    const [noLat, noLon] = [logIn(1, NaN, 90), logIn(2, 80, NaN)];
    expect(trips(500, 900, here, noLat, noLon, there)).toEqual([{ from: here, to: there, kilometres: apart }]);
    expect(trips(500, 900, noLon, there)).toEqual([]);
  });
});

describe('travel was announced', () => {
  const profile = { ...newProfile(), travels: [{ country: 'NG', from: 100, to: 200 }] };
  it.each([
    ['from its first instant', 100, 'NG', true],
    ['to its last', 200, 'NG', true],
    ['not before', 99, 'NG', false],
    ['nor after', 201, 'NG', false],
    ['to no other country', 150, 'DE', false],
    ['to none where the country is not known', 150, '', false],
  ])('%s', (_what, at, country, expected) => {
    expect(isAnnounced(profile, logIn(at, 0, 0, country))).toBe(expected);
  });

  it('by one of several announcements', () => {
    const travels = [{ country: 'FR', from: 0, to: 50 }, ...profile.travels];
    expect(isAnnounced({ ...profile, travels }, logIn(150, 0, 0, 'NG'))).toBe(true);
    expect(isAnnounced({ ...profile, travels }, logIn(150, 0, 0, 'FR'))).toBe(false);
  });
});

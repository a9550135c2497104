import { durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { days, hours, minutes, NEVER, type InstantMs } from '#kernel/time';
import { isKnownBefore, PROFILE_MAX, type LogIn, type Profile } from '#ledger/profile';
import type { THE_ACCOUNT } from '#detection/account-takeover';
import type { Claim } from '#detection/claim';
import type { Detector } from '#detection/detector';
import { impossibleTrips, travelSettings, type Trip } from '#detection/travel';

export const impossibleTravelSettings = {
  ...travelSettings,
  windowMs: durationSetting(
    hours(24),
    { min: hours(1), max: days(7) },
    'Further impossible trips within this time of the first are told with it; a step-up that passes within it clears the finding.',
    'ours: the window of a takeover',
  ),
} as const satisfies SettingSpec;
export type ImpossibleTravelSettings = SettingValues<typeof impossibleTravelSettings>;

/**
 * Two log-ins at places that nobody could join by travelling in the time between: somebody else has the credentials. `likely`, at the
 * time of the second log-in; `possible` where the device was the buyer's before, since a VPN moves an address and not a telephone. Loss
 * null.
 *
 * Subject: the account. No deadline. One finding a run of trips within the window. Exempt: arrival in a country to which travel was
 * announced; arrival at a device and network which were both the buyer's before (a partner who shares the account, the VPN of every
 * day). Cleared by a step-up that passes within the window. Log-ins without coordinates say nothing. State: the 8 newest log-ins.
 * Late log-ins split a trip or make one. Weak cases: the first log-in of someone who shares the account from far away; a thief
 * nearby, or behind an address near the buyer. Source: facts, "Account takeover".
 */
export const impossibleTravel = (settings: ImpossibleTravelSettings): Detector<typeof THE_ACCOUNT> => ({
  name: 'impossible-travel',
  subject: 'account',
  assess(_account, { ledger: { profile } }, claims) {
    if (profile === null || profile.logIns.length < 2) return NEVER;
    const trips = impossibleTrips(profile, settings).filter(({ to }) => !isOwn(profile, to));
    let after = -NEVER;
    for (const first of trips) {
      const { at } = first.to;
      if (at <= after) continue;
      const provenAt = profile.acts.find((act) => act.kind === 'step-up' && act.at >= at)?.at ?? NEVER;
      after = Math.min(at + settings.windowMs, provenAt);
      const run = trips.filter(({ to }) => to.at >= at && to.at <= after);
      claims.push(claimOf(run, profile, provenAt <= at + settings.windowMs ? provenAt : NEVER));
    }
    return NEVER;
  },
  /** The log-in before the oldest was forgotten, and with it the trip to it. */
  knowsSince: ({ profile }) =>
    profile === null || profile.logIns.length < PROFILE_MAX.logIns ? -NEVER : (profile.logIns[0] as LogIn).at + 1,
});

const isOwn = ({ devices, networks }: Profile, { at, place }: LogIn): boolean =>
  isKnownBefore(devices, place.deviceId, at) && isKnownBefore(networks, place.network, at);

function claimOf(trips: readonly Trip[], profile: Profile, clearedAt: InstantMs): Claim {
  const [first] = trips as readonly [Trip, ...Trip[]];
  const { from, to, kilometres } = first;
  const isOnOwnDevices = trips.every(({ to: { at, place } }) => isKnownBefore(profile.devices, place.deviceId, at));
  return {
    kind: 'impossible-travel',
    confidence: isOnOwnDevices ? 'possible' : 'likely',
    money: `travel/${to.eventId}`,
    at: to.at,
    clearedAt,
    merchantId: '',
    orderId: '',
    paymentIds: [],
    loss: null,
    because: {
      rule: isOnOwnDevices ? 'faster-than-travel-on-a-known-device' : 'faster-than-travel',
      fields: ['lat', 'lon'],
      figures: {
        kilometres: Math.round(kilometres),
        minutes: Math.round((to.at - from.at) / minutes(1)),
        from: from.place.country,
        to: to.place.country,
        trips: trips.length,
      },
    },
    eventIds: trips.flatMap((trip) => [trip.from.eventId, trip.to.eventId]),
  };
}

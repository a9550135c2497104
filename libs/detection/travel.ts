import type { SettingSpec } from '#kernel/setting';
import { hours } from '#kernel/time';
import type { LogIn, Profile } from '#ledger/profile';
import { kilometresBetween } from '#detection/distance';

export const travelSettings = {
  travelSpeedMax: {
    unit: 'km_per_hour',
    default: 900,
    min: 100,
    max: 3_000,
    doc: 'Two log-ins that one person could join only by travelling faster than this are impossible travel.',
    source: 'ours: cruising speed of an airliner',
  },
  travelKmMin: {
    unit: 'count',
    default: 500,
    min: 50,
    max: 5_000,
    doc: 'Kilometres below which places are taken for one: geolocation of addresses is that coarse.',
    source: 'ours',
  },
} as const satisfies SettingSpec;

export interface TravelLimits {
  readonly travelSpeedMax: number;
  readonly travelKmMin: number;
}

/** Two log-ins, nothing with a place between them, too far apart for the time. */
export interface Trip {
  readonly from: LogIn;
  readonly to: LogIn;
  readonly kilometres: number;
}

/**
 * By time of arrival. Log-ins that name no coordinates are passed over; where travel to the country was announced, arriving there is no
 * wonder.
 */
export function impossibleTrips(profile: Profile, { travelSpeedMax, travelKmMin }: TravelLimits): readonly Trip[] {
  const trips: Trip[] = [];
  let from: LogIn | undefined;
  for (const to of profile.logIns) {
    if (Number.isNaN(to.place.lat) || Number.isNaN(to.place.lon)) continue;
    if (from !== undefined && !isAnnounced(profile, to)) {
      const kilometres = kilometresBetween(from.place, to.place);
      if (kilometres >= travelKmMin && kilometres > (travelSpeedMax * (to.at - from.at)) / hours(1))
        trips.push({ from, to, kilometres });
    }
    from = to;
  }
  return trips;
}

/** Whether the buyer said beforehand to be in that country then. */
export const isAnnounced = ({ travels }: Profile, { at, place: { country } }: Pick<LogIn, 'at' | 'place'>): boolean =>
  country !== '' && travels.some((travel) => travel.country === country && travel.from <= at && at <= travel.to);

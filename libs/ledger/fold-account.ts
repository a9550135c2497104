import type { EventOf } from '#event/event';
import type { Context } from '#event/types';
import { parseInstant, NEVER, type InstantMs } from '#kernel/time';
import type { Ledger } from '#ledger/ledger';
import { networkOf } from '#ledger/network';
import { insertByTime, newProfile, noteUse, PROFILE_MAX, type ActKind, type Place, type Profile } from '#ledger/profile';

export type AccountEvent =
  | EventOf<'account.created'>
  | EventOf<'account.logged_in'>
  | EventOf<'account.login_failed'>
  | EventOf<'account.step_up_passed'>
  | EventOf<'account.password_changed'>
  | EventOf<'account.second_factor_changed'>
  | EventOf<'account.contact_changed'>
  | EventOf<'account.address_changed'>
  | EventOf<'account.payout_changed'>
  | EventOf<'account.instrument_added'>
  | EventOf<'account.travel_announced'>
  | EventOf<'account.phishing_reported'>;

export function foldAccountAct(ledger: Ledger, event: AccountEvent): void {
  const profile = (ledger.profile ??= newProfile());
  switch (event.type) {
    case 'account.logged_in':
      return foldLogIn(profile, event);
    case 'account.login_failed':
      return foldFailedLogIn(profile, event.at);
    case 'account.travel_announced':
      return foldTravel(profile, event);
    case 'account.password_changed':
      // Who changes a password knew the old one; only a reset can be somebody else's.
      if (event.data.how !== 'change') addAct(profile, 'credential', event);
      else notePlace(profile, placeOf(event.data.context), event.at);
      return;
    case 'account.second_factor_changed':
      return addAct(profile, 'credential', event);
    case 'account.phishing_reported':
      return addAct(profile, 'phishing', event);
    case 'account.contact_changed':
    case 'account.address_changed':
    case 'account.payout_changed':
      return addAct(profile, 'profile', event);
    case 'account.step_up_passed':
      return addAct(profile, 'step-up', event);
    case 'account.created':
    case 'account.instrument_added':
      notePlace(profile, placeOf(event.data.context), event.at);
  }
}

function addAct(profile: Profile, kind: ActKind, event: Exclude<AccountEvent, EventOf<'account.travel_announced'>>): void {
  const place = placeOf(event.data.context);
  insertByTime(profile.acts, { kind, at: event.at, place, eventId: event.id }, PROFILE_MAX.acts);
  notePlace(profile, place, event.at);
  suspect(profile, event.at);
}

function foldLogIn(profile: Profile, { at, id, data }: EventOf<'account.logged_in'>): void {
  const place = placeOf(data.context);
  const last = profile.logIns[profile.logIns.length - 1];
  const hasMoved =
    (last !== undefined && last.place.country !== place.country) ||
    profile.logIns.some((logIn) => isElsewhere(logIn.place, place));
  insertByTime(profile.logIns, { at, place, eventId: id }, PROFILE_MAX.logIns);
  const knewDevices = profile.devices.length > 0;
  if ((notePlace(profile, place, at) && knewDevices) || hasMoved || profile.failedLogIns.length > 0) suspect(profile, at);
}

/** About 50 km apart: what is nearer is one place to every detector. */
const isElsewhere = (one: Place, other: Place): boolean =>
  Math.abs(one.lat - other.lat) > 0.3 || Math.abs(one.lon - other.lon) > 0.3;

function foldFailedLogIn(profile: Profile, at: InstantMs): void {
  const { failedLogIns } = profile;
  if (failedLogIns.includes(at)) return;
  failedLogIns.push(at);
  failedLogIns.sort((left, right) => left - right);
  if (failedLogIns.length > PROFILE_MAX.failedLogIns) failedLogIns.shift();
  // The log-in that worked may have been told before its failures.
  if (profile.logIns.some((logIn) => logIn.at > at)) suspect(profile, at);
}

function foldTravel(profile: Profile, { data }: EventOf<'account.travel_announced'>): void {
  const travel = { country: data.country, from: parseInstant(data.from) ?? NEVER, to: parseInstant(data.to) ?? -NEVER };
  const { travels } = profile;
  if (travels.some(({ country, from, to }) => country === travel.country && from === travel.from && to === travel.to)) return;
  travels.push(travel);
  travels.sort((left, right) => left.to - right.to || left.from - right.from || (left.country < right.country ? -1 : 1));
  if (travels.length > PROFILE_MAX.travels) travels.shift();
}

/** Learns the device and the network; answers whether either was new. */
function notePlace(profile: Profile, place: Place, at: InstantMs): boolean {
  const isNewDevice = noteUse(profile.devices, place.deviceId, at);
  return noteUse(profile.networks, place.network, at) || isNewDevice;
}

function suspect(profile: Profile, at: InstantMs): void {
  if (at > profile.suspectAt) profile.suspectAt = at;
}

const NOWHERE: Place = { deviceId: '', network: '', country: '', lat: NaN, lon: NaN };

export function placeOf(context: Context | undefined): Place {
  if (context === undefined) return NOWHERE;
  const { ip, deviceId, country, lat, lon } = context;
  return {
    deviceId: deviceId ?? '',
    network: ip === undefined ? '' : networkOf(ip),
    country: country ?? '',
    lat: lat ?? NaN,
    lon: lon ?? NaN,
  };
}

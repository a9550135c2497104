import { NEVER } from '#kernel/time';
import { number, row, rows, text, type Cell, type Packer, type Unpacker } from '#ledger/packing';
import { newProfile, type Act, type ActKind, type Habit, type LogIn, type Place, type Profile } from '#ledger/profile';

const actKinds: readonly ActKind[] = ['credential', 'phishing', 'step-up', 'profile'];

export function packProfile(profile: Profile, packer: Packer): readonly Cell[] {
  const habit = ({ id, firstAt, lastAt }: Habit): readonly Cell[] => [packer.word(id), packer.time(firstAt), packer.time(lastAt)];
  return row([
    profile.devices.map(habit),
    profile.networks.map(habit),
    profile.logIns.map((logIn) => [packer.time(logIn.at), logIn.eventId, ...packPlace(logIn.place, packer)]),
    packer.time(profile.suspectAt),
    profile.failedLogIns.length === 0 ? 0 : profile.failedLogIns.map((at) => packer.time(at)),
    profile.acts.length === 0 ? 0 : profile.acts.map((act) => packAct(act, packer)),
    profile.travels.length === 0
      ? 0
      : profile.travels.map(({ country, from, to }) => [packer.word(country), packer.time(from), packer.time(to)]),
  ]);
}

export function unpackProfile(cells: readonly Cell[], unpacker: Unpacker): Profile {
  const profile = newProfile();
  const habit = ([id, first, last]: readonly Cell[]): Habit => ({
    id: unpacker.word(id),
    firstAt: unpacker.time(first),
    lastAt: unpacker.time(last),
  });
  profile.devices = rows(cells[0]).map(habit);
  profile.networks = rows(cells[1]).map(habit);
  profile.logIns = rows(cells[2]).map(([at, eventId, ...place]): LogIn => ({
    at: unpacker.time(at),
    place: unpackPlace(place, unpacker),
    eventId: text(eventId),
  }));
  profile.suspectAt = unpacker.time(cells[3], -NEVER);
  profile.failedLogIns = ((cells[4] || []) as readonly number[]).map((at) => unpacker.time(at));
  profile.acts = rows(cells[5]).map((act) => unpackAct(act, unpacker));
  profile.travels = rows(cells[6]).map(([country, from, to]) => ({
    country: unpacker.word(country),
    from: unpacker.time(from),
    to: unpacker.time(to, -NEVER),
  }));
  return profile;
}

const packAct = ({ kind, at, place, eventId }: Act, packer: Packer): readonly Cell[] => [
  actKinds.indexOf(kind),
  packer.time(at),
  eventId,
  ...packPlace(place, packer),
];

const unpackAct = ([kind, at, eventId, ...place]: readonly Cell[], unpacker: Unpacker): Act => ({
  kind: actKinds[number(kind)] ?? 'credential',
  at: unpacker.time(at),
  place: unpackPlace(place, unpacker),
  eventId: text(eventId),
});

/** A latitude or longitude that is not known is an empty text: 0 is the equator. */
const packPlace = ({ deviceId, network, country, lat, lon }: Place, packer: Packer): readonly Cell[] => [
  packer.word(deviceId),
  packer.word(network),
  packer.word(country),
  Number.isNaN(lat) ? '' : lat,
  Number.isNaN(lon) ? '' : lon,
];

const unpackPlace = ([deviceId, network, country, lat, lon]: readonly Cell[], unpacker: Unpacker): Place => ({
  deviceId: unpacker.word(deviceId),
  network: unpacker.word(network),
  country: unpacker.word(country),
  lat: typeof lat === 'number' ? lat : NaN,
  lon: typeof lon === 'number' ? lon : NaN,
});

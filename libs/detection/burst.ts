import { type DurationMs, type InstantMs, NEVER } from '#kernel/time';
import type { Cell } from '#ledger/packing';
import { hashText } from '#kernel/hash';

/** Something that was tried from one place: an account, an instrument. */
export interface Member {
  /** 32 bits of its name: among some hundred members two are taken for one with odds of one in 10^5. */
  readonly id: number;
  firstAt: InstantMs;
  lastAt: InstantMs;
  /** Of the first. */
  eventId: string;
  /** What became of it: bits that are only ever set. */
  mark: number;
}

/** Different members within a time, from one place. */
export interface Burst {
  members: Member[];
  /** When the threshold was passed, because of which events; null before. */
  crossing: { readonly at: InstantMs; readonly eventIds: readonly string[] } | null;
  /** What was last said, so that it is not said with each event again. */
  said: string;
  /** Times of tries of the members: none is later, and none is earlier than this. */
  newestAt: InstantMs;
  oldestAt: InstantMs;
}

/** Members kept: an attack of more is counted as one of so many. */
export const MEMBERS_MAX = 256;

export const newBurst = (): Burst => ({ members: [], crossing: null, said: '', newestAt: -NEVER, oldestAt: NEVER });

export const memberId = (name: string): number => hashText(name, 0x5eed) >>> 0;

/** Notes a try; those that are older than twice the window go. The order of arrival does not matter. */
export function noteMember(burst: Burst, id: number, at: InstantMs, eventId: string, mark: number, windowMs: DurationMs): void {
  const { members } = burst;
  let found = 0;
  while (found < members.length && members[found]!.id !== id) found++;
  const member = members[found];
  if (member === undefined) members.push({ id, firstAt: at, lastAt: at, eventId, mark });
  else {
    if (at < member.firstAt || (at === member.firstAt && eventId < member.eventId)) {
      member.firstAt = at;
      member.eventId = eventId;
    }
    if (at > member.lastAt) member.lastAt = at;
    member.mark |= mark;
  }
  if (at > burst.newestAt) burst.newestAt = at;
  if (at < burst.oldestAt) burst.oldestAt = at;
  const from = burst.newestAt - 2 * windowMs;
  if (burst.oldestAt < from) dropOld(burst, from);
  if (members.length > MEMBERS_MAX) dropNewest(burst, mark);
  if (burst.crossing !== null && burst.crossing.at < from) {
    burst.crossing = null;
    burst.said = '';
  }
}

function dropOld(burst: Burst, from: InstantMs): void {
  const { members } = burst;
  let kept = 0;
  let oldestAt = NEVER;
  for (const member of members) {
    if (member.lastAt < from) continue;
    if (member.lastAt < oldestAt) oldestAt = member.lastAt;
    members[kept++] = member;
  }
  members.length = kept;
  burst.oldestAt = oldestAt;
}

/** The first of an attack are kept, since they are its evidence; one marked otherwise than most takes the place of one of those. */
function dropNewest(burst: Burst, mark: number): void {
  const { members } = burst;
  const areAlike = members.every((member) => member.mark === mark);
  let newest = -1;
  for (let at = 0; at < members.length; at++) {
    const member = members[at]!;
    if ((areAlike || member.mark !== mark) && (newest < 0 || byTime(member, members[newest]!) > 0)) newest = at;
  }
  const [dropped] = members.splice(newest, 1);
  if (dropped!.lastAt === burst.newestAt) burst.newestAt = newestOf(members);
}

const newestOf = (members: readonly Member[]): InstantMs =>
  members.reduce((newest, { lastAt }) => Math.max(newest, lastAt), -NEVER);

/** Those of the burst, in no order: from one window before it passed the threshold to one after. */
export function membersOf({ members, crossing }: Burst, windowMs: DurationMs): readonly Member[] {
  if (crossing === null) return [];
  return members.filter(({ firstAt }) => firstAt >= crossing.at - windowMs && firstAt <= crossing.at + windowMs);
}

/**
 * When so many of the members that count first lay within the window. Once events before it can come no more (`now`, the watermark,
 * is past it) it stays as it was found.
 */
export function crossingOf(
  burst: Burst,
  countMin: number,
  windowMs: DurationMs,
  now: InstantMs,
  counts: (member: Member) => boolean,
): Burst['crossing'] {
  if (burst.crossing !== null && burst.crossing.at < now) return burst.crossing;
  burst.crossing = null;
  if (burst.members.length < countMin) return null;
  const counted = burst.members.filter(counts).sort(byTime);
  for (let last = countMin - 1; last < counted.length; last++) {
    const within = counted.slice(last - countMin + 1, last + 1);
    if (within.at(-1)!.firstAt - within[0]!.firstAt > windowMs) continue;
    burst.crossing = { at: within.at(-1)!.firstAt, eventIds: within.map(({ eventId }) => eventId) };
    break;
  }
  return burst.crossing;
}

/** The largest power of two times `countMin` that is not above the count: how big it is, without saying each one. */
export function sizeOf(count: number, countMin: number): number {
  let size = countMin;
  while (size * 2 <= count) size *= 2;
  return size;
}

export const byTime = (one: Member, other: Member): number => one.firstAt - other.firstAt || one.id - other.id;

export const isBurstIdle = ({ members }: Burst, now: InstantMs, windowMs: DurationMs): boolean =>
  members.every(({ lastAt }) => lastAt < now - 2 * windowMs);

export const packBurst = ({ members, crossing, said }: Burst): Cell => [
  members.map(({ id, firstAt, lastAt, eventId, mark }) => [id, firstAt, lastAt - firstAt, eventId, mark]),
  crossing === null ? 0 : [crossing.at, crossing.eventIds],
  said,
];

export function unpackBurst(cell: Cell): Burst {
  const [members, crossing, said] = cell as [[number, number, number, string, number][], 0 | [number, string[]], string];
  const read = members.map(([id, firstAt, lasted, eventId, mark]) => ({ id, firstAt, lastAt: firstAt + lasted, eventId, mark }));
  return {
    members: read,
    crossing: crossing === 0 ? null : { at: crossing[0], eventIds: crossing[1] },
    said,
    newestAt: newestOf(read),
    oldestAt: read.reduce((oldest, { lastAt }) => Math.min(oldest, lastAt), NEVER),
  };
}

import { hashText } from '#kernel/hash';
import { defaultsOf, durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { days, hours, NEVER, type InstantMs } from '#kernel/time';
import type { Cell } from '#ledger/packing';
import type { ScopeDetector } from '#detection/scope-detector';

export const insiderAbuseSettings = {
  windowMs: durationSetting(
    days(30),
    { min: days(1), max: days(180) },
    'An operator’s refunds are looked at together over this time.',
    'ours',
  ),
  changeMs: durationSetting(
    days(7),
    { min: hours(1), max: days(60) },
    'A refund this soon after the same operator changed the account’s bank details, contact or instruments is suspicious.',
    'ours',
  ),
  pointsMin: {
    unit: 'count',
    default: 3,
    min: 2,
    max: 20,
    doc: 'Points of one refund that ask a person; one point more over several refunds does, too.',
    source: 'ours: one sign alone has innocent reasons, two together hardly',
  },
  concentratedMin: {
    unit: 'count',
    default: 5,
    min: 3,
    max: 100,
    doc: 'So many refunds to one account, and more than half of all by the operator, are concentrated.',
    source: 'ours',
  },
  hoursMin: {
    unit: 'count',
    default: 100,
    min: 20,
    max: 10_000,
    doc: 'With fewer acts before it, an operator’s own hours are not known.',
    source: 'ours',
  },
} as const satisfies SettingSpec;

export type InsiderAbuseSettings = SettingValues<typeof insiderAbuseSettings>;
export const insiderAbuseDefaults = defaultsOf(insiderAbuseSettings);

/** A refund with the signs that stood against it: `i` instrument of nobody, `t` twice, `a` above what was paid. */
interface Refunded {
  readonly id: string;
  readonly account: number;
  readonly paymentId: string;
  readonly instrument: string;
  at: InstantMs;
  eventId: string;
  flags: string;
}
interface Changed {
  readonly account: number;
  readonly at: InstantMs;
  readonly eventId: string;
}
interface Operator {
  refunds: Refunded[];
  changes: Changed[];
  /** Acts by hour of the day, UTC. */
  readonly hours: number[];
  said: string;
}

const REFUNDS_MAX = 200;
const CHANGES_MAX = 100;
const changing = /^account\.(payout|contact|address|password|second_factor)_changed$|^account\.instrument_added$/;

/**
 * One of the platform's own staff pays themselves: refunds to an instrument that is not the buyer's, the same again, above what was
 * paid, right after the same person changed the account's details, to one instrument from several accounts, outside their hours, or
 * most of them to one account. Each sign is a point, own changes and a shared instrument two. `likely` at three points of one refund,
 * or four of several; `possible` at two. Never `certain`: it asks a person about a person. No loss of its own: the refunds have findings
 * of theirs.
 *
 * Key: operator. State: up to 200 refunds and 100 changes, about 60 bytes each, over 30 days. Signs hold as the account's ledger knew
 * them when the refund was told. Hours are known after 100 acts. Source: facts, "Insiders".
 */
export const insiderAbuse = (settings: InsiderAbuseSettings): ScopeDetector<Operator> => ({
  name: 'insider-abuse',
  scope: 'operator',
  listens: ['act'],
  newState: () => ({ refunds: [], changes: [], hours: Array<number>(24).fill(0), said: '' }),
  apply(operator, { type, at, accountId, eventId, data }, view) {
    if (type !== 'act') return;
    const [what, subject, paymentId, , , flags, instrument] = data;
    const account = hashText(accountId, 0x0b5e55ed);
    operator.hours[new Date(at).getUTCHours()]! += 1;
    if (changing.test(what)) noteChange(operator, { account, at, eventId });
    else if (what.startsWith('refund.'))
      noteRefund(operator, { id: subject, account, paymentId, instrument, at, eventId, flags });
    else return;
    forget(operator, settings);
    say(operator, settings, view);
  },
  encode: ({ refunds, changes, hours: byHour, said }) => [
    refunds.map(({ id, account, paymentId, instrument, at, eventId, flags }): Cell => {
      return [id, account, paymentId, instrument, at, eventId, flags];
    }),
    changes.map(({ account, at, eventId }): Cell => [account, at, eventId]),
    byHour,
    said,
  ],
  decode(cell) {
    const [refunds, changes, byHour, said] = cell as [
      [string, number, string, string, number, string, string][],
      [number, number, string][],
      number[],
      string,
    ];
    return {
      refunds: refunds.map(([id, account, paymentId, instrument, at, eventId, flags]) => {
        return { id, account, paymentId, instrument, at, eventId, flags };
      }),
      changes: changes.map(([account, at, eventId]) => ({ account, at, eventId })),
      hours: [...byHour],
      said,
    };
  },
});

/** The earliest step of a refund that an operator made; signs that any step shows are kept. */
function noteRefund(operator: Operator, refund: Refunded): void {
  const known = operator.refunds.find(({ id }) => id === refund.id);
  if (known === undefined) {
    operator.refunds.push(refund);
    operator.refunds.sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
    return;
  }
  for (const flag of refund.flags) if (!known.flags.includes(flag)) known.flags += flag;
  known.flags = [...known.flags].sort().join('');
  if (refund.at >= known.at) return;
  known.at = refund.at;
  known.eventId = refund.eventId;
}

function noteChange(operator: Operator, change: Changed): void {
  if (operator.changes.some(({ eventId }) => eventId === change.eventId)) return;
  operator.changes.push(change);
  operator.changes.sort((one, other) => one.at - other.at || (one.eventId < other.eventId ? -1 : 1));
}

function forget(operator: Operator, { windowMs, changeMs }: InsiderAbuseSettings): void {
  const newest = Math.max(operator.refunds.at(-1)?.at ?? -NEVER, operator.changes.at(-1)?.at ?? -NEVER);
  operator.refunds = operator.refunds.filter(({ at }) => at >= newest - windowMs).slice(-REFUNDS_MAX);
  operator.changes = operator.changes.filter(({ at }) => at >= newest - changeMs - days(1)).slice(-CHANGES_MAX);
}

interface Judged {
  readonly refund: Refunded;
  readonly signs: readonly string[];
  readonly points: number;
  readonly change: Changed | undefined;
}

/** Of all refunds, what is looked up for each. */
interface Overview {
  readonly all: number;
  readonly byAccount: ReadonlyMap<number, number>;
  /** Accounts by the foreign instrument that their refunds went to. */
  readonly byInstrument: ReadonlyMap<string, ReadonlySet<number>>;
}

function overviewOf({ refunds }: Operator): Overview {
  const byAccount = new Map<number, number>();
  const byInstrument = new Map<string, Set<number>>();
  for (const { account, instrument, flags } of refunds) {
    byAccount.set(account, (byAccount.get(account) ?? 0) + 1);
    if (!flags.includes('i')) continue;
    const accounts = byInstrument.get(instrument) ?? new Set();
    byInstrument.set(instrument, accounts.add(account));
  }
  return { all: refunds.length, byAccount, byInstrument };
}

function judge(
  refund: Refunded,
  { changes, hours: byHour }: Operator,
  { all, byAccount, byInstrument }: Overview,
  settings: InsiderAbuseSettings,
): Judged {
  const change = changes.find(
    ({ account, at }) => account === refund.account && at <= refund.at && refund.at - at <= settings.changeMs,
  );
  const isShared = refund.flags.includes('i') && (byInstrument.get(refund.instrument)?.size ?? 0) > 1;
  const toAccount = byAccount.get(refund.account) ?? 0;
  const isConcentrated = toAccount >= settings.concentratedMin && toAccount * 2 > all;
  const signs: [string, number][] = [];
  if (refund.flags.includes('i')) signs.push(['instrument-not-the-buyers', 1]);
  if (isShared) signs.push(['one-instrument-several-accounts', 2]);
  if (refund.flags.includes('t')) signs.push(['refunded-twice', 1]);
  if (refund.flags.includes('a')) signs.push(['above-what-was-paid', 1]);
  if (change !== undefined) signs.push(['after-own-change', 2]);
  if (isOutsideHours(byHour, refund.at, settings.hoursMin)) signs.push(['outside-hours', 1]);
  if (isConcentrated) signs.push(['mostly-one-account', 1]);
  // Late or to a favourite customer is no sign where nothing else is wrong with the refund.
  const isWrong = signs.some(
    ([name]) => name !== 'outside-hours' && name !== 'mostly-one-account' && name !== 'after-own-change',
  );
  const counted = isWrong || change !== undefined ? signs : [];
  return { refund, change, signs: counted.map(([name]) => name), points: counted.reduce((sum, [, points]) => sum + points, 0) };
}

function say(operator: Operator, settings: InsiderAbuseSettings, view: Parameters<ScopeDetector<Operator>['apply']>[2]): void {
  const overview = overviewOf(operator);
  const judged = operator.refunds
    .filter(({ flags }) => flags !== '' || operator.changes.length > 0)
    .map((refund) => judge(refund, operator, overview, settings))
    .filter(({ points }) => points > 0);
  const most = Math.max(0, ...judged.map(({ points }) => points));
  const total = judged.reduce((sum, { points }) => sum + points, 0);
  const isLikely = most >= settings.pointsMin || (judged.length > 1 && total > settings.pointsMin);
  if (!isLikely && total < 2) return;
  const signs = [...new Set(judged.flatMap((one) => one.signs))].sort();
  const evidence = judged.slice(-20);
  const eventIds = evidence.flatMap(({ change, refund }) =>
    change === undefined ? [refund.eventId] : [change.eventId, refund.eventId],
  );
  const said = `${isLikely} ${signs.join()} ${eventIds.join()}`;
  if (said === operator.said) return;
  operator.said = said;
  view.say({
    kind: 'insider-abuse',
    confidence: isLikely ? 'likely' : 'possible',
    money: 'refunds',
    at: judged.at(-1)!.refund.at,
    clearedAt: NEVER,
    merchantId: '',
    orderId: '',
    paymentIds: [...new Set(evidence.map(({ refund }) => refund.paymentId))].filter((id) => id !== ''),
    loss: null,
    because: {
      rule: 'refunds-that-serve-the-operator',
      fields: signs,
      figures: { refunds: judged.length, points: total, pointsOfOneMax: most, windowMs: settings.windowMs },
    },
    eventIds: [...new Set(eventIds)],
  });
}

/** In an hour that holds less than a hundredth of all acts so far. */
function isOutsideHours(byHour: readonly number[], at: InstantMs, hoursMin: number): boolean {
  const all = byHour.reduce((sum, count) => sum + count, 0);
  return all >= hoursMin && byHour[new Date(at).getUTCHours()]! * 100 <= all;
}

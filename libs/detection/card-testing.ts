import { isCurrency, minorUnitDigits } from '#kernel/currency';
import type { Money } from '#kernel/money';
import { defaultsOf, durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { hours, minutes, NEVER } from '#kernel/time';
import type { Cell } from '#ledger/packing';
import {
  crossingOf,
  isBurstIdle,
  memberId,
  membersOf,
  newBurst,
  noteMember,
  packBurst,
  sizeOf,
  unpackBurst,
  type Burst,
  type Member,
} from '#detection/burst';
import type { ScopeDetector } from '#detection/scope-detector';
import type { Scope } from '#detection/scope-event';

export const cardTestingSettings = {
  windowMs: durationSetting(
    hours(1),
    { min: minutes(5), max: hours(24) },
    'Instruments that are tried from one address or device, or declined at one merchant, are counted over this time.',
    'ours',
  ),
  instrumentsMin: {
    unit: 'count',
    default: 10,
    min: 4,
    max: 200,
    doc: 'So many different instruments with small or declined payments from one address or device are an attack; half of them are possibly one.',
    source: 'ours: above what a household or an office pays with for the first time in an hour',
  },
  merchantInstrumentsMin: {
    unit: 'count',
    default: 30,
    min: 10,
    max: 1_000,
    doc: 'So many different instruments declined for small amounts at one merchant are an attack when few accounts are behind them.',
    source: 'ours',
  },
  smallMax: {
    unit: 'count',
    default: 10,
    min: 1,
    max: 100,
    doc: 'A payment up to this many whole units of its currency is small (a hundred times as many where the currency has no minor unit).',
    source: 'ours',
  },
} as const satisfies SettingSpec;

export type CardTestingSettings = SettingValues<typeof cardTestingSettings>;
export const cardTestingDefaults = defaultsOf(cardTestingSettings);

const SMALL = 1;
const FAILED = 2;
const PASSED = 4;

interface Tries {
  readonly burst: Burst;
  /** Hashes of the accounts behind the instruments, as many as are needed to know that they are not few. */
  readonly accounts: Map<number, number>;
}
const ACCOUNTS_MAX = 128;

/**
 * Somebody tries out stolen cards: small payments, or declined ones, with many different instruments from one address or device, most
 * of them declined or all from few accounts; or many small declines at one merchant from few accounts. `likely` at the number set,
 * `possible` at half of it. Never `certain`: people share addresses. No loss: what went through is named by no finding of its own.
 *
 * Keys: address, device, merchant. Counted are an instrument's first payment of its account where it is small, and every declined
 * one; payments in person and those that the merchant initiates are left out. Order does not matter. State: up to 256 instruments
 * and 128 accounts, about 50 bytes each. Weak where every card is tried from its own address and account. Source: facts (velocity),
 * and the name under which card schemes know it.
 */
export const cardTesting = (
  scope: Extract<Scope, 'network' | 'merchant'>,
  settings: CardTestingSettings,
): ScopeDetector<Tries> => {
  const { windowMs } = settings;
  const countMin = scope === 'network' ? settings.instrumentsMin : settings.merchantInstrumentsMin;
  const counts =
    scope === 'network'
      ? ({ mark }: Member): boolean => (mark & (SMALL | FAILED)) !== 0
      : ({ mark }: Member): boolean => (mark & SMALL) !== 0 && (mark & FAILED) !== 0 && (mark & PASSED) === 0;
  return {
    name: 'card-testing',
    scope,
    listens: ['attempt'],
    newState: () => ({ burst: newBurst(), accounts: new Map() }),
    apply({ burst, accounts }, { type, at, accountId, eventId, data }, view) {
      if (type !== 'attempt') return;
      const [outcome, , minor, currency, instrument] = data;
      if (instrument === '') return;
      const mark = (outcome === 'failed' ? FAILED : PASSED) | (isSmall({ minor, currency }, settings.smallMax) ? SMALL : 0);
      noteMember(burst, memberId(instrument), at, eventId, mark, windowMs);
      noteAccount(accounts, memberId(accountId), at, windowMs);
      const half = Math.ceil(countMin / 2);
      const crossing = crossingOf(burst, half, windowMs, view.now, counts);
      if (crossing === null || at > crossing.at + windowMs) return;
      const members = membersOf(burst, windowMs).filter(counts);
      const failed = members.filter((member) => (member.mark & FAILED) !== 0).length;
      const fewAccounts = accounts.size * 3 <= members.length;
      const isOpen = members.length >= half && (fewAccounts || (scope === 'network' && failed * 2 >= members.length));
      const instruments = sizeOf(members.length, half);
      const isLikely = instruments >= countMin;
      const said = `${isOpen} ${isLikely} ${instruments} ${fewAccounts} ${crossing.eventIds.join()}`;
      if (said === burst.said || (!isOpen && burst.said === '')) return;
      burst.said = said;
      view.say({
        kind: 'card-testing',
        confidence: isLikely ? 'likely' : 'possible',
        money: 'instruments',
        at: crossing.at,
        clearedAt: isOpen ? NEVER : at,
        merchantId: scope === 'merchant' ? view.key : '',
        orderId: '',
        paymentIds: [],
        loss: null,
        because: {
          rule: fewAccounts ? 'many-instruments-few-accounts' : 'many-instruments-declined',
          fields: ['instrument', 'amount'],
          figures: { instrumentsMin: instruments, windowMs },
        },
        eventIds: crossing.eventIds,
      });
    },
    encode: ({ burst, accounts }) => [packBurst(burst), [...accounts].map(([id, at]): Cell => [id, at])],
    decode(cell) {
      const [burst, accounts] = cell as [Cell, [number, number][]];
      return { burst: unpackBurst(burst), accounts: new Map(accounts) };
    },
    isIdle: ({ burst }, now) => isBurstIdle(burst, now, windowMs),
  };
};

/** Up to so many whole units of its currency, or a hundred times as many where it has no minor unit. */
export function isSmall({ minor, currency }: Money, smallMax: number): boolean {
  const digits = isCurrency(currency) ? minorUnitDigits(currency) : 2;
  return minor <= smallMax * 10 ** Math.max(2, digits);
}

/** The last time of each; beyond the bound they are many, and which ones does not matter. */
function noteAccount(accounts: Map<number, number>, id: number, at: number, windowMs: number): void {
  const known = accounts.get(id);
  if (known === undefined && accounts.size >= ACCOUNTS_MAX) return;
  accounts.set(id, Math.max(at, known ?? at));
  for (const [other, lastAt] of accounts) if (lastAt < at - 2 * windowMs) accounts.delete(other);
}

import { days, hours, type DurationMs, type InstantMs, NEVER } from '#kernel/time';
import type { Cell } from '#ledger/packing';
import { readHistogram, writeHistogram, type HistogramText } from '#detection/statistics/histogram-text';
import { count, emptyHistogram, halve, quantile, type LogHistogram } from '#detection/statistics/log-histogram';

/** What is counted of a merchant. `priced` payments could be compared with its usual prices; `high` and `low` lie beyond them. */
export const merchantCounts = ['captured', 'refunds', 'complaints', 'undelivered', 'priced', 'high', 'low'] as const;
export type MerchantCount = (typeof merchantCounts)[number];
export type Counts = Record<MerchantCount, number>;

export interface MerchantHour {
  readonly start: InstantMs;
  readonly counts: Counts;
  /** The newest payment taken, until the hour is closed; -NEVER without one. */
  capturedAt: InstantMs;
  /** Amounts captured, by currency, until the hour is closed. */
  readonly prices: Map<string, LogHistogram>;
}

/** Something that is open: since when, as its finding is named. */
export interface OpenAnomaly {
  readonly from: InstantMs;
}

export interface Vetting {
  readonly at: InstantMs;
  readonly eventId: string;
  readonly isRefused: boolean;
}

/** Hours that may still grow, closed ones of a week, what went before, usual prices of four currencies. At most some 16 kB as text. */
export interface MerchantRecord {
  readonly growing: MerchantHour[];
  readonly recent: MerchantHour[];
  learnt: Counts;
  halvedAt: InstantMs;
  readonly prices: Map<string, LogHistogram>;
  /** By rule. */
  readonly open: Map<string, OpenAnomaly>;
  judgedAt: InstantMs;
  /** Vettings that the watermark has not passed, by time. */
  readonly vettings: Vetting[];
  vettedAt: InstantMs;
  /** The newest vetting that was not passed. */
  refusedAt: InstantMs;
  /** When a payment was taken with a vetting out of date; -NEVER while there is none. */
  lapsedAt: InstantMs;
}

export const hourMs: DurationMs = hours(1);
export const weekMs: DurationMs = days(7);
/** Older counts and prices weigh half after this. */
const halving = days(60);
/** What lasts longer is how the merchant is, and is learnt. */
const acceptAfter = days(30);
/** Currencies whose prices are known; most merchants have one. */
const currenciesMax = 4;
/** Payments in a currency before its prices are known. */
const pricesMin = 100;
const binsPerOctave = 8;

export const noCounts = (): Counts => ({
  captured: 0,
  refunds: 0,
  complaints: 0,
  undelivered: 0,
  priced: 0,
  high: 0,
  low: 0,
});

export const newMerchant = (): MerchantRecord => ({
  growing: [],
  recent: [],
  learnt: noCounts(),
  halvedAt: -NEVER,
  prices: new Map(),
  open: new Map(),
  judgedAt: -NEVER,
  vettings: [],
  vettedAt: -NEVER,
  refusedAt: -NEVER,
  lapsedAt: -NEVER,
});

/** The hour that holds `at`: one that grows, a closed one of the week, or a new one; undefined when it is past. */
export function hourAt(record: MerchantRecord, at: InstantMs, closedUntil: InstantMs): MerchantHour | undefined {
  const start = Math.floor(at / hourMs) * hourMs;
  if (start + hourMs <= closedUntil) return record.recent.find((hour) => hour.start === start);
  const known = record.growing.find((hour) => hour.start === start);
  if (known !== undefined) return known;
  const hour: MerchantHour = { start, counts: noCounts(), capturedAt: -NEVER, prices: new Map() };
  record.growing.push(hour);
  record.growing.sort((one, other) => one.start - other.start);
  return hour;
}

export function countPrice({ prices }: MerchantHour, currency: string, minor: number): void {
  let histogram = prices.get(currency);
  if (histogram === undefined) {
    if (prices.size >= currenciesMax) return;
    prices.set(currency, (histogram = emptyHistogram(binsPerOctave)));
  }
  count(histogram, minor);
}

/** Compares an hour's prices with the usual ones, then learns them unless something is open. */
export function closePrices(record: MerchantRecord, { start, counts, prices }: MerchantHour): void {
  for (const [currency, hour] of prices) {
    let usual = record.prices.get(currency);
    if (usual === undefined) {
      if (record.prices.size >= currenciesMax) continue;
      record.prices.set(currency, (usual = emptyHistogram(binsPerOctave)));
    }
    const [low, high] = [quantile(usual, 0.01), quantile(usual, 0.99)];
    if (usual.total >= pricesMin && low !== undefined && high !== undefined) {
      // A bin's own width on either side, so that its neighbours are not odd.
      const width = 2 ** (1 / binsPerOctave);
      each(hour, (price, weight) => {
        counts.priced += weight;
        if (price > high * width) counts.high += weight;
        else if (price < low / width) counts.low += weight;
      });
    }
    if (isOdd(record, start)) continue;
    each(hour, (price, weight) => {
      for (let left = weight; left > 0; left -= 1) count(usual, price);
    });
  }
  prices.clear();
}

/** Withheld from learning: something is open and has not lasted so long that it is how the merchant is. */
const isOdd = ({ open }: MerchantRecord, at: InstantMs): boolean =>
  [...open.values()].some(({ from }) => at < from + acceptAfter);

function each({ first, weights, zero }: LogHistogram, visit: (price: number, weight: number) => void): void {
  if (zero > 0) visit(0, zero);
  for (const [at, weight] of weights.entries()) if (weight > 0) visit(2 ** ((first + at) / binsPerOctave), weight);
}

/** Takes what is older than a week into what is usual, unless something was open. */
export function learnOldHours(record: MerchantRecord, now: InstantMs): void {
  const { recent, learnt } = record;
  while (recent[0] !== undefined && recent[0].start < now - weekMs) {
    const { start, counts } = recent.shift() as MerchantHour;
    if (record.halvedAt === -NEVER) record.halvedAt = start;
    for (; start >= record.halvedAt + halving; record.halvedAt += halving) {
      for (const name of merchantCounts) learnt[name] = Math.floor(learnt[name] / 2);
      for (const histogram of record.prices.values()) halve(histogram);
    }
    if (isOdd(record, start)) continue;
    for (const name of merchantCounts) learnt[name] += counts[name];
  }
}

const packCounts = (counts: Counts): Cell => merchantCounts.map((name) => counts[name]);
const unpackCounts = (cell: Cell): Counts => {
  const numbers = cell as readonly number[];
  return Object.fromEntries(merchantCounts.map((name, at) => [name, numbers[at] ?? 0])) as Counts;
};
const packPrices = (prices: ReadonlyMap<string, LogHistogram>): Cell =>
  [...prices].map(([currency, histogram]) => [currency, writeHistogram(histogram)]);
const unpackPrices = (cell: Cell): Map<string, LogHistogram> =>
  new Map((cell as readonly (readonly [string, HistogramText])[]).map(([currency, text]) => [currency, readHistogram(text)]));
const packHour = ({ start, counts, capturedAt, prices }: MerchantHour): Cell => [
  start,
  packCounts(counts),
  packPrices(prices),
  packTime(capturedAt),
];
const unpackHour = (cell: Cell): MerchantHour => {
  const [start, counts, prices, capturedAt] = cell as readonly [number, Cell, Cell, number];
  return { start, counts: unpackCounts(counts), prices: unpackPrices(prices), capturedAt: unpackTime(capturedAt) };
};
const packTime = (at: InstantMs): number => (at === -NEVER ? -1 : at);
const unpackTime = (at: number): InstantMs => (at < 0 ? -NEVER : at);

export const packMerchant = (record: MerchantRecord): Cell => [
  record.growing.map(packHour),
  record.recent.map(({ start, counts }) => [start, packCounts(counts)]),
  packCounts(record.learnt),
  packPrices(record.prices),
  [...record.open].map(([rule, { from }]) => [rule, from]),
  [record.halvedAt, record.judgedAt, record.vettedAt, record.refusedAt, record.lapsedAt].map(packTime),
  record.vettings.map(({ at, eventId, isRefused }) => [at, eventId, isRefused ? 1 : 0]),
];

export function unpackMerchant(cell: Cell): MerchantRecord {
  const [growing, recent, learnt, prices, open, times, vettings] = cell as readonly [
    readonly Cell[],
    readonly (readonly [number, Cell])[],
    Cell,
    Cell,
    readonly (readonly [string, number])[],
    readonly number[],
    readonly (readonly [number, string, number])[],
  ];
  const [halvedAt, judgedAt, vettedAt, refusedAt, lapsedAt] = times.map(unpackTime) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    growing: growing.map(unpackHour),
    recent: recent.map(([start, counts]) => ({ start, counts: unpackCounts(counts), capturedAt: -NEVER, prices: new Map() })),
    learnt: unpackCounts(learnt),
    halvedAt,
    prices: unpackPrices(prices),
    open: new Map(open.map(([rule, from]) => [rule, { from }])),
    judgedAt,
    vettings: vettings.map(([at, eventId, isRefused]) => ({ at, eventId, isRefused: isRefused === 1 })),
    vettedAt,
    refusedAt,
    lapsedAt,
  };
}

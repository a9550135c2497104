import { days, hours, type InstantMs } from '#kernel/time';
import { number, text, type Cell } from '#ledger/packing';
import { decayed } from '#detection/statistics/decay';
import { newSteadyMean, noteValue, type SteadyMean } from '#detection/statistics/steady-mean';

/** What the buyer spends in one currency, in minor units. */
export interface CurrencySpend {
  readonly currency: string;
  readonly amounts: SteadyMean;
}

/**
 * How an account spends: kept of each account that ever paid, in some 100 bytes. Payments that look like someone else's hardly count
 * towards what is usual.
 */
export interface Spend {
  /** The least recently used currency goes first. */
  currencies: readonly CurrencySpend[];
  lastAt: InstantMs;
  /** Mean time between payments, in hours; 0 with fewer than two. */
  gapHours: number;
  payments: number;
  /** Payments of the last hours: half of the count goes every 6 hours. */
  recent: number;
  /** How much unusual there was of late, each payment counting up to 1: half goes every 12 hours, and every 7 days. */
  unusualDay: number;
  unusualWeek: number;
  /** Charged-back payments that were unusual for the buyer; half goes every 14 days. */
  labelled: number;
  labelledAt: InstantMs;
}

export const newSpend = (): Spend => ({
  currencies: [],
  lastAt: -1,
  gapHours: 0,
  payments: 0,
  recent: 0,
  unusualDay: 0,
  unusualWeek: 0,
  labelled: 0,
  labelledAt: 0,
});

/** [ours] Currencies that one buyer pays in often enough to know what is usual. */
const CURRENCIES_MAX = 3;
/** Payments that the buyer's usual is made of: measured, 30 to 100 do as well. */
const AMOUNTS_MAX = 60;
const GAPS_MAX = 60;
const GAP_HOURS_MAX = 720;
export const HALF_LIFE = { recent: hours(6), day: hours(12), week: days(7), labelled: days(14) } as const;
/** Even a most unusual payment counts this much, so that a buyer whose life changed becomes usual again. */
const WEIGHT_MIN = 0.02;

/** Where the buyer's usual is not known well it is taken for wide: a deviation of half the mean, as if four payments said so. */
export const DEVIATION_PRIOR = 0.5;
const DEVIATION_PRIOR_WEIGHT = 4;

/** How far an amount lies above the buyer's usual, in mean absolute deviations; NaN when nothing is known. */
export function unusualBy(amounts: SteadyMean | undefined, minor: number): number {
  if (amounts === undefined || amounts.n === 0) return NaN;
  const { n, mean, deviation } = amounts;
  const width = (n * deviation + DEVIATION_PRIOR_WEIGHT * DEVIATION_PRIOR * mean) / (n + DEVIATION_PRIOR_WEIGHT);
  return (minor - mean) / Math.max(width, 0.05 * mean, 1);
}

/** From 0 (usual) to 1 (most unusual). */
export const unusualness = (deviations: number): number => (deviations > 2.5 ? Math.min(1, (deviations - 2.5) / 2.5) : 0);

export const spendIn = ({ currencies }: Spend, currency: string): SteadyMean | undefined =>
  currencies.find((one) => one.currency === currency)?.amounts;

/** A payment that reserved or moved money for the first time. Values are rounded, so that a stored state is the same state. */
export function noteSpend(spend: Spend, minor: number, currency: string, at: InstantMs): void {
  const amounts = spendOf(spend, currency);
  const unusual = unusualness(unusualBy(amounts, minor));
  noteValue(amounts, minor, Math.max(WEIGHT_MIN, 1 - unusual), AMOUNTS_MAX);
  amounts.n = round(amounts.n);
  amounts.mean = round(amounts.mean);
  amounts.deviation = round(amounts.deviation);
  const elapsed = spend.lastAt < 0 ? 0 : at - spend.lastAt;
  spend.recent = round(decayed(spend.recent, elapsed, HALF_LIFE.recent) + 1);
  spend.unusualDay = round(decayed(spend.unusualDay, elapsed, HALF_LIFE.day) + unusual);
  spend.unusualWeek = round(decayed(spend.unusualWeek, elapsed, HALF_LIFE.week) + unusual);
  if (spend.lastAt >= 0 && elapsed >= 0) {
    const gap = Math.min(GAP_HOURS_MAX, elapsed / hours(1));
    spend.gapHours = round(spend.gapHours + (gap - spend.gapHours) / Math.min(spend.payments, GAPS_MAX));
  }
  if (at > spend.lastAt) spend.lastAt = at;
  spend.payments = Math.min(spend.payments + 1, GAPS_MAX);
}

/** A chargeback of one of the account's payments. */
export function noteLabel(spend: Spend, minor: number, currency: string, at: InstantMs): void {
  const unusual = unusualness(unusualBy(spendIn(spend, currency), minor));
  spend.labelled = round(decayed(spend.labelled, at - spend.labelledAt, HALF_LIFE.labelled) + unusual);
  if (at > spend.labelledAt) spend.labelledAt = at;
}

function spendOf(spend: Spend, currency: string): SteadyMean {
  const { currencies } = spend;
  const newest = currencies[currencies.length - 1];
  if (newest?.currency === currency) return newest.amounts;
  const found = currencies.find((one) => one.currency === currency) ?? { currency, amounts: newSteadyMean() };
  // A list of its own length: one that is pushed to makes room for seventeen.
  spend.currencies = [...currencies.filter((one) => one !== found), found].slice(-CURRENCIES_MAX);
  return found.amounts;
}

/** To 1/64: a binary fraction is stored exactly, and shortly enough. */
const round = (value: number): number => Math.round(value * 64) / 64;

/** Cells in order: last payment, mean gap, payments, recent, unusual of the day and the week, labelled, its time, then four a currency. */
export function writeSpend(spend: Spend): readonly Cell[] {
  const { lastAt, gapHours, payments, recent, unusualDay, unusualWeek, labelled, labelledAt } = spend;
  const cells: Cell[] = [lastAt, gapHours, payments, recent, unusualDay, unusualWeek, labelled, labelledAt];
  for (const { currency, amounts } of spend.currencies) cells.push(currency, amounts.n, amounts.mean, amounts.deviation);
  return cells;
}

export function readSpend(cells: readonly Cell[]): Spend {
  const [lastAt, gapHours, payments, recent, unusualDay, unusualWeek, labelled, labelledAt] = cells.map(Number);
  const currencies: CurrencySpend[] = [];
  for (let at = 8; at + 3 < cells.length; at += 4) {
    const amounts = { n: number(cells[at + 1]), mean: number(cells[at + 2]), deviation: number(cells[at + 3]) };
    currencies.push({ currency: text(cells[at]), amounts });
  }
  return {
    currencies,
    lastAt: lastAt ?? -1,
    gapHours: gapHours ?? 0,
    payments: payments ?? 0,
    recent: recent ?? 0,
    unusualDay: unusualDay ?? 0,
    unusualWeek: unusualWeek ?? 0,
    labelled: labelled ?? 0,
    labelledAt: labelledAt ?? 0,
  };
}

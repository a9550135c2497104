import { hours, type InstantMs, minutes } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import { HISTORY_MS, hourOf, type HourSum, leftUsual } from '#action/breaker';
import { movesMoney, type Policy } from '#action/policy';
import { countOf, type Outgoing, type VelocityCount } from '#action/velocity';

interface Paid extends Outgoing {
  readonly at: InstantMs;
}

/** What orders let out. Releasing a hold counts, too: too much, never too little. */
export const paymentsOf = ({ orders }: { readonly orders: readonly ActionOrder[] }): readonly Outgoing[] =>
  orders.flatMap(({ kind, amount, merchantId, approvedBy }) =>
    amount !== undefined && movesMoney(kind) ? [{ amount, merchantId, operators: approvedBy }] : [],
  );

/** What a replay let out so far, as budgets, limits and the breaker count it. */
export class PaidBook {
  private recent: Paid[] = [];
  private readonly hours = new Map<string, HourSum>();
  private since: InstantMs | null = null;
  private openUntil: InstantMs = Number.NEGATIVE_INFINITY;
  private readonly keepMs;

  constructor(private readonly policy: Policy) {
    this.keepMs = Math.max(hours(1), ...policy.velocity.map((limit) => minutes(limit.minutes)));
  }

  /** What a decision at this instant is to know. */
  at(now: InstantMs): {
    readonly spentMinor: (currency: string) => number;
    readonly spentOn: VelocityCount;
    readonly breakerOpen: boolean;
  } {
    this.recent = this.recent.filter(({ at }) => at > now - this.keepMs);
    return {
      spentMinor: (currency) => this.lastHour(currency, now).minor,
      spentOn: countOf(this.recent, now),
      breakerOpen: now < this.openUntil,
    };
  }

  add(payments: readonly Outgoing[], at: InstantMs): void {
    for (const payment of payments) {
      this.since ??= at;
      this.recent.push({ ...payment, at });
      const { currency, minor } = payment.amount;
      const hourAt = hourOf(at);
      const known = this.hours.get(`${currency} ${hourAt}`) ?? { hourAt, currency, count: 0, minor: 0 };
      this.hours.set(`${currency} ${hourAt}`, { ...known, count: known.count + 1, minor: known.minor + minor });
    }
  }

  /** Whether these payments would leave the usual range: it is open from now on then. */
  opensBreaker(payments: readonly Outgoing[], now: InstantMs): boolean {
    if (payments.length === 0 || now < this.openUntil) return false;
    const last = [...new Set(payments.map(({ amount }) => amount.currency))].map((currency) => {
      const known = this.lastHour(currency, now);
      const own = payments.filter(({ amount }) => amount.currency === currency);
      const minor = own.reduce((sum, { amount }) => sum + amount.minor, known.minor);
      return { currency, count: known.count + own.length, minor };
    });
    if (last.every(({ count }) => count < this.policy.breaker.countMin)) return false;
    const past = [...this.hours.values()].filter(({ hourAt }) => hourAt < hourOf(now) && hourAt >= now - HISTORY_MS);
    if (leftUsual(this.policy.breaker, past, this.since, last, now) === undefined) return false;
    this.openUntil = now + minutes(this.policy.breaker.openMinutes);
    return true;
  }

  private lastHour(currency: string, now: InstantMs): { readonly count: number; readonly minor: number } {
    const own = this.recent.filter(({ at, amount }) => amount.currency === currency && at > now - hours(1));
    return { count: own.length, minor: own.reduce((sum, { amount }) => sum + amount.minor, 0) };
  }
}

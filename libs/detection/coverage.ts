import { NEVER, type InstantMs } from '#kernel/time';
import type { Ledger } from '#ledger/ledger';
import type { Payment } from '#ledger/payment';

/**
 * What each provider's feed has shown, by the first event time: what a feed never carries cannot be missing from it. Shared by the
 * accounts of one partition; bounded by the number of providers.
 */
export interface Coverage {
  /** `refund.posted` by provider. */
  readonly posted: Record<string, InstantMs>;
  /** `payment.settled` by provider. */
  readonly settled: Record<string, InstantMs>;
  /** Grows with each change. */
  version: number;
}

export const newCoverage = (): Coverage => ({ posted: {}, settled: {}, version: 0 });

/** Notes what is known of the payment that an event touched; a payment whose provider is not told yet shows nothing. */
export function noteCoverage(coverage: Coverage, ledger: Ledger, payment: Payment): void {
  const { provider, ends } = payment;
  const { settledAt } = ends;
  if (provider === '') return;
  if (settledAt !== NEVER) note(coverage, coverage.settled, provider, settledAt);
  if (ledger.refunds.length === 0) return;
  for (const refund of ledger.refunds) {
    if (refund.paymentId !== payment.id) continue;
    for (const { step, at } of refund.steps) if (step === 'posted') note(coverage, coverage.posted, provider, at);
  }
}

function note(coverage: Coverage, first: Record<string, InstantMs>, provider: string, at: InstantMs): void {
  if (at >= (first[provider] ?? NEVER)) return;
  first[provider] = at;
  coverage.version++;
}

export function shownBy(first: Readonly<Record<string, InstantMs>>, provider: string, at: InstantMs): boolean {
  const shownAt = Object.hasOwn(first, provider) ? first[provider] : undefined;
  return shownAt !== undefined && shownAt <= at;
}

import type { AnyEvent } from '#event/event';
import type { InstantMs } from '#kernel/time';
import { findById, type Ledger } from '#ledger/ledger';

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

/** Notes what the event shows; the ledger must hold it already, since only the payment names the provider. */
export function noteCoverage(coverage: Coverage, ledger: Ledger, event: AnyEvent): void {
  if (event.type !== 'refund.posted' && event.type !== 'payment.settled') return;
  const provider = findById(ledger.payments, event.data.paymentId)?.provider ?? '';
  const first = event.type === 'refund.posted' ? coverage.posted : coverage.settled;
  if (event.at >= (first[provider] ?? Infinity)) return;
  first[provider] = event.at;
  coverage.version++;
}

export const shownBy = (first: Readonly<Record<string, InstantMs>>, provider: string, at: InstantMs): boolean =>
  Object.hasOwn(first, provider) && (first[provider] as InstantMs) <= at;

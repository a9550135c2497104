import { appendFileSync, readFileSync } from 'node:fs';

import type { Money } from '#kernel/money';

export const providerNames = ['stripe', 'adyen', 'paypal'] as const;
export type ProviderName = (typeof providerNames)[number];

/** A payment that was made at a provider, under the id that it has there. */
export interface ProviderPayment {
  readonly provider: ProviderName;
  readonly paymentId: string;
  readonly accountId: string;
  /** Captured, otherwise held. */
  readonly amount: Money;
  readonly captured: boolean;
}

/** On disk before the first event about them is: a provider is never asked about a payment that it does not know yet. */
export const appendPayments = (path: string, payments: readonly ProviderPayment[]): void =>
  appendFileSync(path, payments.map((payment) => `${JSON.stringify(payment)}\n`).join(''));

/** What was appended since the last call. */
export function paymentReader(path: string): () => readonly ProviderPayment[] {
  let read = 0;
  return () => {
    const content = readFileSync(path);
    const end = content.lastIndexOf('\n') + 1;
    const lines = content.subarray(read, end).toString('utf8').split('\n');
    read = end;
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as ProviderPayment);
  };
}

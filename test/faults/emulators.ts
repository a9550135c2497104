import { join } from 'node:path';

import { AdyenEmulator } from '#test/providers/adyen';
import { PaypalEmulator } from '#test/providers/paypal';
import { StripeEmulator } from '#test/providers/stripe';

import { paymentReader, providerNames, type ProviderName, type ProviderPayment } from './provider-payments';

/** What the providers of a world keep on disk. */
export interface ProviderFiles {
  readonly payments: string;
  /** Of each: the requests that changed something, which make it what it is. */
  readonly records: Readonly<Record<ProviderName, string>>;
  /** The webhooks that were taken. */
  readonly told: string;
}

export const providerFiles = (directory: string): ProviderFiles => ({
  payments: join(directory, 'payments.ndjson'),
  records: {
    stripe: join(directory, 'stripe.ndjson'),
    adyen: join(directory, 'adyen.ndjson'),
    paypal: join(directory, 'paypal.ndjson'),
  },
  told: join(directory, 'webhooks-told.ndjson'),
});

export interface Emulators {
  readonly stripe: StripeEmulator;
  readonly adyen: AdyenEmulator;
  readonly paypal: PaypalEmulator;
  /** Whose payment it is. */
  accountOf(paymentId: string): string;
  /** Payments that were made since. */
  learn(): void;
}

/** The providers as they were when they last answered. */
export function restoreEmulators(files: ProviderFiles): Emulators {
  const [stripe, adyen, paypal] = [new StripeEmulator(), new AdyenEmulator(), new PaypalEmulator()];
  const accounts = new Map<string, string>();
  const readPayments = paymentReader(files.payments);
  const enter: Readonly<Record<ProviderName, (payment: ProviderPayment) => void>> = {
    stripe: ({ paymentId, amount: { minor, currency }, captured }) =>
      stripe.pay(paymentId, minor, currency.toLowerCase(), captured ? 'succeeded' : 'requires_capture'),
    adyen: ({ paymentId, amount: { minor, currency }, captured }) =>
      adyen.pay(paymentId, minor, captured ? 'captured' : 'authorised', currency),
    paypal: ({ paymentId, amount: { minor, currency }, captured }) =>
      captured ? paypal.pay(paymentId, (minor / 100).toFixed(2), currency) : void paypal.authorizations.set(paymentId, 'CREATED'),
  };
  const emulators: Emulators = {
    stripe,
    adyen,
    paypal,
    accountOf: (paymentId) => {
      const accountId = accounts.get(paymentId);
      if (accountId === undefined) throw new Error(`nobody made payment ${paymentId}: see ${files.payments}`);
      return accountId;
    },
    learn: () => {
      for (const payment of readPayments()) {
        enter[payment.provider](payment);
        accounts.set(payment.paymentId, payment.accountId);
      }
    },
  };
  emulators.learn();
  for (const name of providerNames) emulators[name].restore(files.records[name]);
  return emulators;
}

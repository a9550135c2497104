import { sha256Hex } from '#kernel/ids';
import type { PaymentData } from '#simulator/purchase';
import type { SimulatedEvent } from '#simulator/teller';

import type { ProviderName, ProviderPayment } from './provider-payments';

/** The same traffic with two thirds of its buyers paying at Stripe, Adyen and PayPal, under ids that each of them could have given. */
export function atProviders(events: readonly SimulatedEvent[]): {
  readonly events: readonly SimulatedEvent[];
  readonly payments: readonly ProviderPayment[];
} {
  const payments = paymentsIn(events);
  const renamed = (value: unknown): unknown => (typeof value === 'string' ? (payments.get(value)?.paymentId ?? value) : value);
  const moved = ({ event, ...rest }: SimulatedEvent): SimulatedEvent => {
    const payment = payments.get(String(event.data['paymentId']));
    const data = JSON.parse(JSON.stringify(event.data), (_, value: unknown) => renamed(value)) as typeof event.data;
    const at = payment !== undefined && 'provider' in data ? { provider: payment.provider } : {};
    return { ...rest, event: { ...event, data: { ...data, ...at } } };
  };
  return { events: events.map(moved), payments: [...payments.values()] };
}

/** By the platform's id. */
function paymentsIn(events: readonly SimulatedEvent[]): ReadonlyMap<string, ProviderPayment> {
  const payments = new Map<string, ProviderPayment>();
  const seen = new Set<string>();
  for (const { accountId, event } of events) {
    if (!/^payment\.(created|authorised|captured)$/.test(event.type) || seen.has(event.id)) continue;
    seen.add(event.id);
    const { paymentId, amount, provider: feed } = event.data as unknown as PaymentData;
    const provider = providerOf(feed, amount.currency);
    if (provider === undefined) continue;
    const captures = event.type === 'payment.captured';
    const known = payments.get(paymentId);
    const before = captures && known?.captured === true ? known.amount.minor : 0;
    if (captures || known === undefined)
      payments.set(paymentId, {
        provider,
        paymentId: idAt[provider](sha256Hex(paymentId)),
        accountId,
        amount: { ...amount, minor: before + amount.minor },
        captured: captures,
      });
  }
  return payments;
}

/**
 * Who tells when payments settle stays with the platform. PayPal has those in euro and pound alone: it knows no dinar, and elsewhere it may
 * take more than an order's total, of which the platform's other providers know nothing.
 */
function providerOf(feed: string, currency: string): ProviderName | undefined {
  if (feed === 'paywave') return 'stripe';
  if (feed !== 'quickpay') return undefined;
  return /^(EUR|GBP)$/.test(currency) ? 'paypal' : 'adyen';
}

const idAt: Readonly<Record<ProviderName, (hash: string) => string>> = {
  stripe: (hash) => `pi_${hash.slice(0, 24)}`,
  adyen: (hash) => hash.slice(0, 16).toUpperCase(),
  paypal: (hash) => hash.slice(0, 17).toUpperCase(),
};

import { formatInstant } from '#kernel/time';
import type { Modification } from '#test/providers/adyen';
import { adyenAccount } from '#test/providers/adyen';
import type { Effect } from '#test/providers/emulator';
import { stripeSecret, stripeSignature } from '#test/providers/stripe';
import { adyenItem, adyenWebhook, signedAdyenItem, stripeEvent, stripeRefundObject } from '#test/providers/webhooks';

import type { Emulators } from './emulators';

export interface ProviderWebhook {
  readonly provider: 'stripe' | 'adyen';
  readonly id: string;
  readonly body: string;
  /** A signature may hold its own time. */
  headers(): Readonly<Record<string, string>>;
}

/** Everything that the providers have to tell, oldest first of each: the same bytes each time it is told. PayPal tells nobody. */
export const webhooksOf = ({ stripe, adyen, accountOf }: Emulators): readonly ProviderWebhook[] => [
  ...stripe.effects.map((effect) => ofStripe(effect, accountOf(effect.paymentId))),
  ...adyen.modifications.map((modification) => ofAdyen(modification, accountOf(modification.payment))),
];

function ofStripe({ at, kind, paymentId, amount, reference }: Effect, accountId: string): ProviderWebhook {
  const money = { amount: amount?.minor, currency: amount?.currency.toLowerCase(), metadata: { accountId } };
  const id = `evt_${reference}`;
  const envelope = { id, created: Math.floor(at / 1_000) };
  const event =
    kind === 'refund'
      ? stripeEvent('refund.created', stripeRefundObject({ ...money, id: reference, payment_intent: paymentId }), envelope)
      : stripeEvent(
          'payment_intent.canceled',
          { ...money, id: paymentId, object: 'payment_intent', status: 'canceled' },
          envelope,
        );
  const body = JSON.stringify(event);
  return {
    provider: 'stripe',
    id,
    body,
    headers: () => ({ 'stripe-signature': stripeSignature(body, Date.now(), stripeSecret) }),
  };
}

const codes: Readonly<Record<Modification['kind'], string>> = {
  refunds: 'REFUND',
  cancels: 'CANCELLATION',
  reversals: 'CANCEL_OR_REFUND',
};

function ofAdyen(modification: Modification, accountId: string): ProviderWebhook {
  const { pspReference, kind, payment, reference, value, currency, at, succeeds } = modification;
  const item = adyenItem(codes[kind], {
    amount: { value, currency },
    eventDate: formatInstant(at),
    merchantAccountCode: adyenAccount,
    merchantReference: reference,
    originalReference: payment,
    pspReference,
    success: String(succeeds),
    additionalData: {
      shopperReference: accountId,
      ...(kind === 'reversals' ? { 'modification.action': 'refund' } : {}),
    },
  });
  return { provider: 'adyen', id: pspReference, body: JSON.stringify(adyenWebhook(signedAdyenItem(item))), headers: () => ({}) };
}

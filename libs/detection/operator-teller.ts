import type { AnyEvent } from '#event/event';
import type { Instrument } from '#event/types';
import type { Ledger, Touched } from '#ledger/ledger';
import { refundsOfPayment } from '#ledger/ledger';
import { capturedMinor, type Payment } from '#ledger/payment';
import { amountInChargeCurrency, paidStep, type Refund, type RefundStanding, standingOf } from '#ledger/refund';
import type { SlimData } from '#detection/scope-event';
import type { Tell, Teller, Telling } from '#detection/scope-teller';

/** Acts of the platform's own staff, with what the buyer's account knows of them. */
export const operatorTeller: Teller = {
  types: ['act'],
  events: [
    'refund.requested',
    'refund.approved',
    'refund.submitted',
    'refund.succeeded',
    'wallet.credited',
    'account.password_changed',
    'account.second_factor_changed',
    'account.contact_changed',
    'account.address_changed',
    'account.payout_changed',
    'account.instrument_added',
    'account.limit_set',
    'funds.frozen',
    'funds.unfrozen',
  ],

  onEvent(event: AnyEvent, { touched, state: { ledger } }: Telling, tell: Tell) {
    const data = event.data as { readonly operatorId?: string };
    if (data.operatorId === undefined) return;
    tell('operator', data.operatorId, 'act', event.at, actOf(event, ledger, touched));
  },
};

/** What was done; a refund touches its payment always, be it one that nobody told of. */
function actOf(event: AnyEvent, ledger: Ledger, { payment }: Touched): SlimData['act'] {
  switch (event.type) {
    case 'refund.requested':
    case 'refund.approved':
    case 'refund.submitted':
    case 'refund.succeeded': {
      const { refundId, paymentId, amount, instrument } = event.data;
      const flags = flagsOf(ledger, payment!, refundId, instrument);
      return [event.type, refundId, paymentId, amount.minor, amount.currency, flags, instrument?.fingerprint ?? ''];
    }
    case 'wallet.credited':
      return [event.type, event.data.entryId, '', event.data.amount.minor, event.data.amount.currency, '', ''];
    default:
      return [event.type, '', '', 0, '', '', ''];
  }
}

/**
 * `i`: to an instrument that the buyer never paid with; `t`: beside another refund of the payment; `a`: above what was captured, together
 * with what was agreed to before, whether or not the provider has paid it yet.
 */
function flagsOf(ledger: Ledger, payment: Payment, refundId: string, instrument: Instrument | undefined): string {
  const refunds = refundsOfPayment(ledger, payment.id).map((refund) => ({ refund, standing: standingOf(refund) }));
  const standing = refunds.filter((one) => one.standing.rejected === undefined && one.standing.failed === undefined);
  const others = standing.filter(({ refund }) => refund.id !== refundId);
  const back = standing
    .filter((one) => one.refund.id === refundId || isAgreed(one.standing))
    .reduce((sum, { refund }) => sum + lastMinor(refund, payment), 0);
  const captured = capturedMinor(payment);
  const isForeign =
    instrument !== undefined &&
    payment.instrument !== null &&
    !ledger.payments.some((paid) => paid.captures.length > 0 && paid.instrument?.fingerprint === instrument.fingerprint);
  return `${isForeign ? 'i' : ''}${others.length > 0 ? 't' : ''}${captured > 0 && back > captured ? 'a' : ''}`;
}

const isAgreed = (standing: RefundStanding): boolean =>
  (standing.approved ?? standing.submitted ?? paidStep(standing)) !== undefined;

/** Its newest sum in the payment's currency; 0 in another. */
function lastMinor({ steps }: Refund, { currency }: Payment): number {
  const last = steps.at(-1);
  const amount = last === undefined ? undefined : amountInChargeCurrency(last);
  return amount?.currency === currency ? amount.minor : 0;
}

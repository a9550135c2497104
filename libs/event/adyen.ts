import { adyenUnits, fromProviderUnits } from '#kernel/provider-money';
import { type Fields, fieldsOf, present, type Told, type ToldEvent, wordOf } from '#event/provider-webhook';
import type { EventType } from '#event/types';

/** How an account is set up at Adyen, as far as webhooks do not say it. */
export interface AdyenSettings {
  /** Authorisations are captured at once, and no CAPTURE is told: an AUTHORISATION is a capture as well. */
  readonly capturesAtOnce: boolean;
}

const ourKey = /^key-[\da-f]{32}$/;

/** Told of payments, and for which no event of ours stands. */
const aboutPayments = /AUTHORI[SZ]ATION|CAPTURE|CANCEL|REFUND|CHARGEBACK|ARBITRATION|DISPUTE|EXPIRE/;
/** Changes nothing that we know of: the buyer's money is where it was. */
const withoutEffect: ReadonlySet<string> = new Set([
  'AUTHORISATION_ADJUSTMENT',
  'CANCEL_AUTORESCUE',
  'DISPUTE_DEFENSE_PERIOD_ENDED',
  'INFORMATION_SUPPLIED',
  'VOID_PENDING_REFUND',
]);

/**
 * One item of a standard webhook (docs.adyen.com/development-resources/webhooks/webhook-types) as events of ours. A payment's id is the
 * pspReference of its authorisation, which modifications carry as originalReference. The buyer is `additionalData`'s `metadata.accountId`,
 * otherwise its shopperReference. Adyen says eventCode and pspReference of a redelivery are the same while other fields may
 * change; the date is part of the id, so that a changed one is another event about the same thing.
 */
export function tellAdyen(item: Fields, settings: AdyenSettings): Told {
  const code = wordOf(item['eventCode']) ?? 'unknown';
  const time = wordOf(item['eventDate']);
  const source = `/adyen/${wordOf(item['merchantAccountCode']) ?? ''}`;
  const id = [code, item['pspReference'], item['success'], time].map(String).join(':');
  const unmapped: Told = { kind: 'unmapped', type: `adyen.${code}`, id, source, ...(time === undefined ? {} : { time }) };
  if (withoutEffect.has(code)) return { kind: 'ignored' };
  const told = tellItem(code, isSuccess(item), item, settings);
  if (told === undefined) return aboutPayments.test(code) ? unmapped : { kind: 'ignored' };
  if (told.length === 0) return { kind: 'ignored' };
  if (time === undefined) return unmapped;
  const events = told.map(({ type, data }): ToldEvent => ({
    type,
    data,
    source,
    time,
    id: told.length === 1 ? id : `${id}:${type}`,
  }));
  return { kind: 'events', events };
}

type ToldItem = Pick<ToldEvent, 'type' | 'data'>;

const isOurs = (item: Fields): boolean => ourKey.test(String(item['merchantReference']));

const isSuccess = ({ success }: Fields): boolean => success === true || success === 'true';

/** Undefined for a code that is not known here. */
function tellItem(
  code: string,
  success: boolean,
  item: Fields,
  { capturesAtOnce }: AdyenSettings,
): readonly ToldItem[] | undefined {
  const one = (type: EventType, data: Fields): readonly ToldItem[] => [{ type, data }];
  const onlyIf = (holds: boolean, told: readonly ToldItem[]): readonly ToldItem[] => (holds ? told : []);
  switch (code) {
    case 'AUTHORISATION': {
      if (!success) return one('payment.failed', present({ ...endedData(item), amount: amountOf(item) }));
      const data = paymentData(item, wordOf(item['pspReference']));
      const authorised: ToldItem = { type: 'payment.authorised', data };
      return capturesAtOnce ? [authorised, { type: 'payment.captured', data }] : [authorised];
    }
    case 'CAPTURE':
      return onlyIf(
        success,
        one('payment.captured', { ...paymentData(item, originalOf(item)), captureId: item['pspReference'] }),
      );
    case 'CAPTURE_FAILED':
      return one('payment.failed', endedData(item));
    case 'CANCELLATION':
    case 'TECHNICAL_CANCEL':
      return success ? one('payment.voided', endedData(item)) : onlyIf(isOurs(item), one('refund.failed', refundData(item)));
    case 'CANCEL_OR_REFUND': {
      const action = additional(item)['modification.action'];
      if (success && action === 'cancel') return one('payment.voided', endedData(item));
      const told = one(success ? 'refund.succeeded' : 'refund.failed', refundData(item));
      return onlyIf(action === 'refund' || (!success && isOurs(item)), told);
    }
    case 'EXPIRE':
      return one('payment.expired', endedData(item));
    case 'REFUND':
      return one(success ? 'refund.succeeded' : 'refund.failed', refundData(item));
    case 'REFUND_FAILED':
    case 'REFUNDED_REVERSED':
      return one('refund.failed', refundData(item));
    case 'NOTIFICATION_OF_CHARGEBACK':
    case 'CHARGEBACK':
      return one('chargeback.opened', chargebackData(item));
    case 'CHARGEBACK_REVERSED':
    case 'PREARBITRATION_WON':
      return one('chargeback.closed', { ...closedData(item), outcome: 'merchant' });
    case 'SECOND_CHARGEBACK':
    case 'PREARBITRATION_LOST':
      return one('chargeback.closed', { ...closedData(item), outcome: 'buyer' });
    default:
      return undefined;
  }
}

const additional = (item: Fields): Fields => fieldsOf(item['additionalData']);
const originalOf = (item: Fields): string | undefined => wordOf(item['originalReference']) ?? wordOf(item['pspReference']);
const amountOf = (item: Fields): unknown => {
  const { value, currency } = fieldsOf(item['amount']);
  return fromProviderUnits(value, currency, adyenUnits);
};

const whose = (item: Fields): Fields => {
  const data = additional(item);
  return present({
    accountId:
      wordOf(data['metadata.accountId']) ?? wordOf(data['shopperReference']) ?? wordOf(data['recurring.shopperReference']),
  });
};
const merchantOf = (item: Fields): string | undefined =>
  wordOf(additional(item)['metadata.merchantId']) ?? wordOf(item['merchantAccountCode']);

function paymentData(item: Fields, paymentId: string | undefined): Fields {
  const data = additional(item);
  const interaction = data['shopperInteraction'];
  return present({
    ...whose(item),
    paymentId,
    orderId: wordOf(data['metadata.orderId']) ?? wordOf(item['merchantReference']),
    merchantId: merchantOf(item),
    amount: amountOf(item),
    instrument: instrumentOf(item, paymentId),
    provider: 'adyen',
    presence: interaction === 'POS' ? 'in_person' : undefined,
    initiator: interaction === 'ContAuth' ? 'merchant' : undefined,
  });
}

const cards: Readonly<Record<string, string>> = {
  mc: 'mastercard',
  visa: 'visa',
  amex: 'amex',
  discover: 'discover',
  cup: 'unionpay',
  jcb: 'jcb',
};
const bankAccounts: Readonly<Record<string, string>> = { sepadirectdebit: 'sepa_debit', ach: 'ach', directdebit_GB: 'bacs' };

/** Without an alias or a stored detail the instrument is like no other: sameness is not guessed. */
function instrumentOf(item: Fields, paymentId: string | undefined): Fields {
  const data = additional(item);
  const method = wordOf(item['paymentMethod']) ?? 'other';
  const scheme = cards[method] ?? bankAccounts[method] ?? method;
  return present({
    kind: method in cards ? 'card' : method in bankAccounts ? 'bank_account' : method === 'other' ? 'other' : 'wallet',
    fingerprint:
      wordOf(data['alias']) ??
      wordOf(data['recurring.recurringDetailReference']) ??
      wordOf(data['tokenization.storedPaymentMethodId']) ??
      `adyen:${paymentId ?? ''}`,
    scheme,
    last4: /^\d{4}$/.test(String(data['cardSummary'])) ? data['cardSummary'] : undefined,
    country: wordOf(data['cardIssuingCountry'])?.toUpperCase(),
  });
}

const endedData = (item: Fields): Fields =>
  present({ ...whose(item), paymentId: originalOf(item), reason: wordOf(item['reason']), merchantId: merchantOf(item) });

/**
 * Our own refund or void is known by the reference that we gave it, which its webhooks carry; another by its pspReference. A void of ours that
 * did not come about is told as money that did not go back: no other event says so.
 */
function refundData(item: Fields): Fields {
  return present({
    ...whose(item),
    refundId: wordOf(item[isOurs(item) ? 'merchantReference' : 'pspReference']),
    paymentId: wordOf(item['originalReference']),
    amount: amountOf(item),
    reason: wordOf(item['reason']),
  });
}

const closedData = (item: Fields): Fields =>
  present({ ...whose(item), chargebackId: wordOf(item['pspReference']), paymentId: originalOf(item) });

const chargebackData = (item: Fields): Fields =>
  present({
    ...closedData(item),
    amount: amountOf(item),
    reasonCode: wordOf(additional(item)['chargebackReasonCode']),
    scheme: wordOf(additional(item)['chargebackSchemeCode'])?.toLowerCase(),
  });

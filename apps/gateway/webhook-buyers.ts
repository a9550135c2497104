import { type InstantMs, minutes } from '#kernel/time';
import { type Fields, fieldsOf, type Told, type ToldEvent, wordOf } from '#event/provider-webhook';
import type { KnownPayment, PaymentBook } from '#apps/gateway/payment-book';

export interface Telling {
  readonly told: Told;
  readonly part: unknown;
}

/** So long the payment's own webhook may be on its way behind one that names it: the provider is asked to send this one again. */
const onItsWayMs = minutes(10);

const eventsIn = (tellings: readonly Telling[]): readonly ToldEvent[] =>
  tellings.flatMap(({ told }) => (told.kind === 'events' ? told.events : []));

/** An instrument that the webhook did not name, and that is therefore like no other. */
const isUnnamed = (instrument: Fields, provider: string): boolean =>
  wordOf(instrument['fingerprint'])?.startsWith(`${provider}:`) === true;

/** The tellings with what is known of their payments: the buyer, and the instrument where this webhook names none. */
export async function fillBuyers(provider: string, tellings: readonly Telling[], book: PaymentBook): Promise<readonly Telling[]> {
  const lacking = eventsIn(tellings).filter(({ data }) => lacks(data, provider));
  const paymentIds = lacking.map(({ data }) => wordOf(data['paymentId'])).filter((id) => id !== undefined);
  if (paymentIds.length === 0) return tellings;
  const known = await book.find(provider, paymentIds);
  const fill = (event: ToldEvent): ToldEvent => {
    const payment = known.get(String(event.data['paymentId']));
    return payment === undefined ? event : { ...event, data: filled(event.data, payment, provider) };
  };
  return tellings.map(({ told, part }) => ({
    told: told.kind === 'events' ? { ...told, events: told.events.map(fill) } : told,
    part,
  }));
}

const lacks = (data: Fields, provider: string): boolean =>
  data['accountId'] === undefined || isUnnamed(fieldsOf(data['instrument']), provider);

const filled = (data: Fields, { accountId, instrument }: KnownPayment, provider: string): Fields => ({
  accountId,
  ...data,
  ...(instrument !== undefined && isUnnamed(fieldsOf(data['instrument']), provider) ? { instrument } : {}),
});

/** Whether a buyer is missing who may be told of in a moment. */
export const mayBeNamedSoon = (tellings: readonly Telling[], now: InstantMs): boolean =>
  eventsIn(tellings).some(
    ({ type, data, time }) =>
      !type.startsWith('payment.') && data['accountId'] === undefined && now - Date.parse(time) < onItsWayMs,
  );

/** Whose payments these are, for the webhooks to come. */
export const paymentsTold = (tellings: readonly Telling[], provider: string): readonly KnownPayment[] =>
  eventsIn(tellings).flatMap(({ type, data }) => {
    const paymentId = wordOf(data['paymentId']);
    const accountId = wordOf(data['accountId']);
    if (!type.startsWith('payment.') || paymentId === undefined || accountId === undefined) return [];
    const instrument = fieldsOf(data['instrument']);
    const isNamed = wordOf(instrument['fingerprint']) !== undefined && !isUnnamed(instrument, provider);
    return [{ paymentId, accountId, ...(isNamed ? { instrument } : {}) }];
  });

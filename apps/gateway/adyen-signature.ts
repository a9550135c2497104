import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Fields, fieldsOf } from '#event/provider-webhook';

/**
 * Whether the HMAC of a standard webhook's item was made with one of the keys. Signed are eight fields, joined by colons as they are,
 * with a hexadecimal key; the signature is base64 (docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures).
 */
export function isSignedItem(item: Fields, keys: readonly string[]): boolean {
  const { value, currency } = fieldsOf(item['amount']);
  const signed = [
    item['pspReference'],
    item['originalReference'],
    item['merchantAccountCode'],
    item['merchantReference'],
    value,
    currency,
    item['eventCode'],
    item['success'],
  ]
    .map((field) => (field === undefined || field === null ? '' : String(field)))
    .join(':');
  return matches(fieldsOf(item['additionalData'])['hmacSignature'], Buffer.from(signed, 'utf8'), keys);
}

/** Whether the `HmacSignature` header of another webhook, over its whole body, was made with one of the keys. */
export const isSignedBody = (header: string | undefined, body: Buffer, keys: readonly string[]): boolean =>
  matches(header, body, keys);

function matches(signature: unknown, signed: Buffer, keys: readonly string[]): boolean {
  if (typeof signature !== 'string') return false;
  const given = Buffer.from(signature, 'base64');
  const expected = keys.map((key) => createHmac('sha256', Buffer.from(key, 'hex')).update(signed).digest());
  return expected.map((one) => one.length === given.length && timingSafeEqual(one, given)).includes(true);
}

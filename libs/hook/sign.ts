import { createHmac, timingSafeEqual } from 'node:crypto';
import { type InstantMs, minutes } from '#kernel/time';

/** The three headers of Standard Webhooks. */
export interface SignatureHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** Source: the specification asks receivers to refuse what is older or newer. */
export const toleranceMs = minutes(5);

/**
 * Signs a body by Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, one signature a secret, so that a receiver may change from
 * the old secret to the new one.
 * @param secrets `whsec_` and base64, 24 to 64 bytes; the newest first
 */
export function signBody(message: {
  readonly id: string;
  readonly at: InstantMs;
  readonly body: string;
  readonly secrets: readonly string[];
}): SignatureHeaders {
  const timestamp = String(Math.floor(message.at / 1_000));
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': message.secrets
      .map((secret) => `v1,${mac(secret, message.id, timestamp, message.body).toString('base64')}`)
      .join(' '),
  };
}

export type SignatureFault = 'header-missing' | 'too-old' | 'too-new' | 'no-match';

/** Undefined when one of the signatures was made with one of the secrets, within the tolerance around `now`. */
export function findSignatureFault(
  headers: Readonly<Partial<SignatureHeaders>>,
  body: string | Buffer,
  secrets: readonly string[],
  now: InstantMs,
): SignatureFault | undefined {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!id || !timestamp || !signatures || !/^\d{1,12}$/.test(timestamp)) return 'header-missing';
  const age = now - Number(timestamp) * 1_000;
  if (age > toleranceMs) return 'too-old';
  if (age < -toleranceMs) return 'too-new';
  const expected = secrets.map((secret) => mac(secret, id, timestamp, body));
  const given = signatures
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice(3), 'base64'));
  const matches = given.some((one) => expected.some((other) => one.length === other.length && timingSafeEqual(one, other)));
  return matches ? undefined : 'no-match';
}

/** Throws on a secret that is none: a call must never go out under an empty key. */
export function secretBytes(secret: string): Buffer {
  const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (bytes.length < 16 || bytes.length > 128)
    throw new RangeError(`a webhook secret has 24 to 64 bytes in base64, found ${bytes.length}`);
  return bytes;
}

const mac = (secret: string, id: string, timestamp: string, body: string | Buffer): Buffer =>
  createHmac('sha256', secretBytes(secret)).update(`${id}.${timestamp}.`).update(body).digest();

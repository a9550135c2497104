import { createHmac, timingSafeEqual } from 'node:crypto';
import { type InstantMs, minutes } from '#kernel/time';

/** Source: docs.stripe.com/webhooks, the default of Stripe's own libraries. */
const toleranceMs = minutes(5);

/**
 * Why a `Stripe-Signature` does not hold; undefined when one of its `v1` was made with one of the secrets within five minutes of `now`.
 * Signed is `t.body`; other schemes (`v0`) are passed over, as docs.stripe.com/webhooks#verify-manually says.
 */
export function stripeSignatureFault(
  header: string | undefined,
  body: Buffer,
  secrets: readonly string[],
  now: InstantMs,
): 'missing' | 'too-old' | 'too-new' | 'no-match' | undefined {
  const parts = (header ?? '').split(',').map((part) => part.trim().split('=', 2) as [string, string?]);
  const timestamp = parts.find(([name]) => name === 't')?.[1] ?? '';
  const given = parts.flatMap(([name, value]) =>
    name === 'v1' && /^[\da-f]{64}$/i.test(value ?? '') ? [Buffer.from(value!, 'hex')] : [],
  );
  if (!/^\d{1,12}$/.test(timestamp) || given.length === 0) return 'missing';
  const expected = secrets.map((secret) => createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest());
  if (!given.some((one) => expected.some((other) => timingSafeEqual(one, other)))) return 'no-match';
  const age = now - Number(timestamp) * 1_000;
  if (age > toleranceMs) return 'too-old';
  return age < -toleranceMs ? 'too-new' : undefined;
}

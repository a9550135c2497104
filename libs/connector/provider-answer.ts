import { minutes, type InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import { readRetryAfter } from '#hook/retry';
import { type Answered, type NotDone, refused, type Unknown, unknown } from '#connector/connector';
import type { HttpAnswer, HttpFailure, HttpOutcome } from '#connector/http-caller';
import { type JsonObject, parseObject } from '#connector/json-answer';

/** Longest answer that is read of a provider: a page of a hundred refunds is longer than the caller's default. */
export const PROVIDER_ANSWER_BYTES_MAX = 1_048_576;

/** Credentials that do not work are mended by people. */
const credentialsAgainMs = minutes(5);

export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** No answer to a call: nothing was done only where no connection came about. */
export const failedCall = ({ kind, reason }: HttpFailure): NotDone | Unknown =>
  kind === 'not-made' ? { kind: 'not-done', reason } : unknown(reason);

/**
 * What a status means of any provider; undefined for success and for a fault of the request, which the provider's own rules judge.
 * Credentials that are refused did nothing and say nothing about the payment.
 */
export function judgeStatus({ status, retryAfter }: HttpAnswer, now: InstantMs): NotDone | Unknown | undefined {
  if (status === 429) {
    const retryAfterMs = readRetryAfter(retryAfter, now);
    return { kind: 'not-done', reason: 'answered 429', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (status === 401 || status === 403)
    return {
      kind: 'not-done',
      reason: `answered ${status}: check the credentials and their rights`,
      retryAfterMs: credentialsAgainMs,
    };
  if (isSuccess(status) || (status >= 400 && status < 500 && status !== 408 && status !== 409)) return undefined;
  return unknown(`answered ${status}`);
}

/** The object that a question was answered with, `absent` for 404, or why there is none. */
export function readAsked(outcome: HttpOutcome): JsonObject | 'absent' | Unknown {
  if (outcome.kind !== 'answer') return unknown(outcome.reason);
  const { status, text } = outcome.answer;
  if (status === 404) return 'absent';
  if (!isSuccess(status)) return unknown(`asked, answered ${status}`);
  return parseObject(text) ?? unknown('asked, answered no JSON object');
}

export const isUnknown = (value: object): value is Unknown => (value as { kind?: unknown }).kind === 'unknown';

/** Whether a void releases an authorisation; otherwise what was captured goes back, unsettled. */
export const releasesHold = ({ kind, payment }: ActionOrder): boolean => kind === 'void' && (payment?.capturedMinor ?? 0) === 0;

/** A provider gives back what was paid through it, and nothing beside that; undefined where it can do what is ordered. */
export const cannotPay = ({ kind }: ActionOrder, provider: string): Answered | undefined =>
  kind === 'compensate'
    ? refused(`${provider} pays no compensation: it goes to the platform's endpoint, set actuator.platformUrl`)
    : undefined;

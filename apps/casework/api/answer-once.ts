import type { Response } from 'express';
import { ProblemException } from '#http/problem';
import { StoreUnavailable } from '#stream/store';
import { claimKey, keepAnswer, type Answer, type KeyedRequest } from '#apps/casework/store/api-requests';
import type { StoreTransaction } from '#apps/casework/store/store';
import { type Database, transact } from '#apps/casework/store/transact';

/**
 * Does the work of a keyed request once, in one transaction with its answer. The same request again gets the same answer and does
 * nothing; the same key with another request is refused. What failed was not done, and may be sent again with its key.
 */
export async function answerOnce(
  database: Database,
  request: KeyedRequest,
  work: (transaction: StoreTransaction) => Promise<Answer>,
): Promise<Answer> {
  return whenAvailable(() =>
    transact(database, `answering ${request.person}`, async (transaction) => {
      const claim = await claimKey(transaction, request);
      if (claim.kind === 'repeated') return claim.answer;
      if (claim.kind === 'other-request') throw reusedKey(request.key);
      const answer = await work(transaction);
      await keepAnswer(transaction, request, answer);
      return answer;
    }),
  );
}

/** Turns a database that cannot be reached into 503: the caller may try again. */
export async function whenAvailable<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    throw new ProblemException(503, {
      name: 'unavailable',
      title: 'The database cannot be reached',
      detail: 'nothing is lost: send the same request again in a moment, with the same Idempotency-Key',
      headers: { 'retry-after': '1' },
    });
  }
}

export function send(response: Response, { status, headers, body }: Answer): void {
  response.status(status).set(headers).json(body);
}

const reusedKey = (key: string): ProblemException =>
  new ProblemException(422, {
    name: 'idempotency-key-reused',
    title: 'This Idempotency-Key was used for another request',
    detail: `${key} belongs to a request with other content: choose a fresh key for a new request`,
  });

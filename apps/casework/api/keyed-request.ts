import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { canonicalJson } from '#case/canonical-json';
import type { Principal } from '#http/api-key-ring';
import { ProblemException } from '#http/problem';
import type { InstantMs } from '#kernel/time';
import type { KeyedRequest } from '#apps/casework/store/api-requests';

/**
 * Reads the `Idempotency-Key` that every POST carries. The digest covers all that makes the request what it is.
 * @param contentSha256 of a body that is no JSON: its hash
 */
export function keyedRequest(
  request: Request,
  { name }: Pick<Principal, 'name'>,
  atMs: InstantMs,
  contentSha256?: string,
): KeyedRequest {
  const key = request.get('idempotency-key') ?? '';
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new ProblemException(400, {
      name: 'idempotency-key-needed',
      title: 'Send an Idempotency-Key',
      detail: 'a fresh random value of 1 to 255 visible ASCII characters, such as a UUID; send the same one when you try again',
    });
  }
  const content = [request.method, request.originalUrl, request.get('if-match') ?? null, contentSha256 ?? request.body ?? null];
  return { person: name, key, digest: createHash('sha256').update(canonicalJson(content)).digest('hex'), atMs };
}

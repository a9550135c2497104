import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { ProblemException } from '#http/problem';
import { fileTypes, sniffMediaType } from '#apps/casework/api/media-type';

/** A receipt, a screenshot, a bank letter: none of them is larger. [ours] */
export const FILE_BYTES_MAX = 10 * 1_048_576;
/** What is longer but not longer than this is still received, to be thrown away: a browser that is cut off while it sends shows no answer. [ours] */
const DISCARDED_BYTES_MAX = 64 * 1_048_576;

export interface ReceivedFile {
  readonly content: Buffer;
  readonly mediaType: string;
  readonly sha256: string;
}

/** Reads a file that is sent as the body of a request: never more than its bound, and only what it says it is. */
export async function readFile(request: Request): Promise<ReceivedFile> {
  const declared = (request.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (!fileTypes.includes(declared)) throw wrongType(`send one of ${fileTypes.join(', ')} as content-type`);
  if (Number(request.get('content-length') ?? 0) > DISCARDED_BYTES_MAX) throw tooLarge({ connection: 'close' });
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > DISCARDED_BYTES_MAX) throw tooLarge({ connection: 'close' });
    if (bytes <= FILE_BYTES_MAX) parts.push(part);
    else parts.length = 0;
  }
  if (bytes > FILE_BYTES_MAX) throw tooLarge();
  const content = Buffer.concat(parts);
  if (content.length === 0) throw wrongType('the file is empty');
  const found = sniffMediaType(content);
  if (found !== declared) throw wrongType(`it is called ${declared}, and its bytes are ${found ?? 'of no type that is taken'}`);
  return { content, mediaType: found, sha256: createHash('sha256').update(content).digest('hex') };
}

const wrongType = (detail: string): ProblemException =>
  new ProblemException(415, { name: 'unsupported-media-type', title: 'This file is not taken', detail });

const tooLarge = (headers: Readonly<Record<string, string>> = {}): ProblemException =>
  new ProblemException(413, {
    name: 'too-large',
    title: 'The file is too large',
    detail: `${FILE_BYTES_MAX} bytes are allowed`,
    headers,
  });

import type { IncomingHttpHeaders } from 'node:http';
import { ProblemException } from '#http/problem';

/** How the events of a request are written. */
export type Framing = 'single' | 'batch' | 'lines' | 'binary';

const framings: Readonly<Record<string, Framing>> = {
  'application/json': 'single',
  'application/cloudevents+json': 'single',
  'application/cloudevents-batch+json': 'batch',
  'application/x-ndjson': 'lines',
  'application/ndjson': 'lines',
  'application/jsonl': 'lines',
};

/** From the headers: CloudEvents structured, batched or binary (`ce-` headers), or NDJSON. Anything else is a 415. */
export function framingOf(headers: IncomingHttpHeaders): Framing {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw unsupported(`content-encoding ${encoding} is not taken: send the body as it is`);
  const media = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const framing = framings[media];
  if (media === 'application/json' && headers['ce-id'] !== undefined) return 'binary';
  if (framing !== undefined) return framing;
  throw unsupported(
    `content-type ${media === '' ? 'is missing' : `${media} is not taken`}: send one of ${Object.keys(framings).join(', ')}`,
  );
}

const unsupported = (detail: string): ProblemException =>
  new ProblemException(415, { name: 'unsupported-media-type', title: 'This content type is not taken', detail });

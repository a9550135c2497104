import type { IncomingHttpHeaders } from 'node:http';
import { ProblemException } from '#http/problem';
import type { Framing } from '#apps/gateway/media-type';
import { splitArray } from '#apps/gateway/split-array';

/** One event as it came: its bytes, and in binary mode its attributes. */
export interface RawEvent {
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const structured = { 'content-type': 'application/cloudevents+json' } as const;

/** The events of a request body, in its order. Throws 400 when a batch is no JSON array. */
export function splitEvents(framing: Framing, body: Buffer, headers: IncomingHttpHeaders): readonly RawEvent[] {
  switch (framing) {
    case 'single':
      return [{ value: body, headers: structured }];
    case 'binary':
      return [{ value: body, headers: attributesOf(headers) }];
    case 'lines':
      return splitLines(body).map((value) => ({ value, headers: structured }));
    case 'batch': {
      const elements = splitArray(body);
      if (elements !== null) return elements.map((value) => ({ value, headers: structured }));
      throw new ProblemException(400, {
        name: 'invalid-events',
        title: 'The batch is no JSON array',
        detail: 'expected [ event, … ]',
      });
    }
  }
}

/** Blank lines are no events. */
function splitLines(body: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < body.length;) {
    const newline = body.indexOf(0x0a, from);
    const end = newline === -1 ? body.length : newline;
    const line = body.subarray(from, body[end - 1] === 0x0d ? end - 1 : end);
    if (line.some((byte) => byte !== 0x20 && byte !== 0x09)) lines.push(line);
    from = end + 1;
  }
  return lines;
}

/** HTTP's `ce-id` is Kafka's `ce_id`; values are percent-encoded UTF-8 (CloudEvents HTTP binding, 3.1.3.2). */
function attributesOf(headers: IncomingHttpHeaders): Record<string, string> {
  const attributes: Record<string, string> = { 'content-type': headers['content-type'] ?? 'application/json' };
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-') && typeof value === 'string') attributes[`ce_${name.slice(3)}`] = percentDecoded(value);
  }
  return attributes;
}

function percentDecoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

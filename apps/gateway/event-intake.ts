import type { Request } from 'express';
import type { Config } from '#config/config';
import { createDecoder, type Decode } from '#event/decode';
import { ProblemException } from '#http/problem';
import type { Metrics } from '#telemetry/metrics';
import { BodyBudget } from '#apps/gateway/body-budget';
import { decodeBatch, type EventFault } from '#apps/gateway/decode-batch';
import type { Intake } from '#apps/gateway/intake';
import { framingOf } from '#apps/gateway/media-type';
import { splitEvents } from '#apps/gateway/split-events';
import { TokenBucket } from '#apps/gateway/token-bucket';

/** From a request to durable records: read, split, limit, decode, append. */
export class EventIntake {
  private readonly budget: BodyBudget;
  private readonly buckets = new Map<string, TokenBucket>();
  private readonly decode: Decode;

  constructor(
    private readonly intake: Intake,
    private readonly limits: Config['gateway'],
    private readonly metrics: Pick<Metrics, 'eventsAccepted' | 'inFlightBytes'>,
  ) {
    this.budget = new BodyBudget(limits.requestBytesMax, limits.inFlightBytesMax);
    this.decode = createDecoder({ ignoredTypes: limits.ignoredTypes, maxBytes: limits.eventBytesMax });
  }

  /** How many events were made durable. Throws the problem that the caller is told. */
  async accept(request: Request, caller: string): Promise<number> {
    const framing = framingOf(request.headers);
    const { body, release } = await this.budget.read(request);
    this.metrics.inFlightBytes.set(this.budget.bytes);
    let waiting: Promise<void> = Promise.resolve();
    try {
      const events = splitEvents(framing, body, request.headers);
      if (events.length > this.limits.requestEventsMax) throw tooMany(events.length, this.limits.requestEventsMax);
      this.takeTokens(caller, events.length);
      const { records, faults } = decodeBatch(events, this.decode, traceOf(request));
      const isOne = framing === 'single' || framing === 'binary';
      if (isOne && faults[0]?.reason === 'too-large') throw eventTooLarge(faults[0]);
      if (faults.length > 0) throw invalid(faults, events.length);
      if (records.length === 0) return 0;
      const { durable, done } = this.intake.append(records);
      waiting = done;
      await durable.catch((error: unknown) => {
        throw logUnavailable(error);
      });
      this.metrics.eventsAccepted.inc(records.length);
      return records.length;
    } finally {
      void waiting.finally(() => {
        release();
        this.metrics.inFlightBytes.set(this.budget.bytes);
      });
    }
  }

  private takeTokens(caller: string, count: number): void {
    const { eventsPerSecond, burst } = this.limits.rate;
    const now = Date.now();
    const bucket = this.buckets.get(caller) ?? new TokenBucket(eventsPerSecond, burst, now);
    this.buckets.set(caller, bucket);
    const waitMs = bucket.take(count, now);
    if (waitMs === 0) return;
    throw new ProblemException(429, {
      name: 'too-many-requests',
      title: 'Too many events a second for this API key',
      detail: `${eventsPerSecond} events a second are allowed, ${burst} at once`,
      headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1_000))) },
    });
  }
}

/** W3C trace context travels on in the record's headers. */
function traceOf(request: Request): Record<string, string> {
  const { traceparent, tracestate } = request.headers;
  if (typeof traceparent !== 'string' || !/^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(traceparent)) return {};
  return typeof tracestate === 'string' && tracestate.length <= 512 ? { traceparent, tracestate } : { traceparent };
}

const invalid = (faults: readonly EventFault[], count: number): ProblemException =>
  new ProblemException(400, {
    name: 'invalid-events',
    title: 'Some events are not valid: none was accepted',
    detail: `${faults.length} of ${count}`,
    members: { errors: faults.map(withDetail) },
  });

/** One that comes alone is the request; in a batch it is one bad event among others. */
const eventTooLarge = (fault: EventFault): ProblemException =>
  new ProblemException(413, {
    name: 'too-large',
    title: 'The event is too large',
    detail: `expected ${fault.expected}; found ${fault.found}`,
    members: { errors: [withDetail(fault)] },
  });

const withDetail = (fault: EventFault) => ({ ...fault, detail: `expected ${fault.expected}; found ${fault.found}` });

const tooMany = (count: number, countMax: number): ProblemException =>
  new ProblemException(413, {
    name: 'too-large',
    title: 'The request has too many events',
    detail: `${count} events, ${countMax} are allowed in one request`,
  });

/** What a caller is told when the log does not answer. */
export const logUnavailable = (error: unknown): ProblemException =>
  new ProblemException(503, {
    name: 'log-unavailable',
    title: 'The log did not confirm the events',
    detail: `${error instanceof Error ? error.message : String(error)}; send the same events again, that is safe`,
    headers: { 'retry-after': '2' },
  });

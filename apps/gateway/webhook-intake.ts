import type { Request } from 'express';
import type { Config } from '#config/config';
import { createDecoder, type Decode } from '#event/decode';
import { ProblemException } from '#http/problem';
import type { Metrics } from '#telemetry/metrics';
import { BodyBudget } from '#apps/gateway/body-budget';
import { logUnavailable } from '#apps/gateway/event-intake';
import type { Intake } from '#apps/gateway/intake';
import type { PaymentBook } from '#apps/gateway/payment-book';
import { TokenBucket } from '#apps/gateway/token-bucket';
import { fillBuyers, mayBeNamedSoon, paymentsTold, type Telling } from '#apps/gateway/webhook-buyers';
import { unreadableRecord, webhookRecords } from '#apps/gateway/webhook-records';
import { type WebhookProvider, type WebhookSource, webhookSources } from '#apps/gateway/webhook-sources';

/** Space for what a record says beside the webhook that it keeps. */
const envelopeBytes = 8_192;

/** From a provider's webhook to durable records: read, verify, map, append; thanks only then. */
export class WebhookIntake {
  private readonly sources: ReadonlyMap<string, WebhookSource>;
  private readonly buckets = new Map<string, TokenBucket>();
  private readonly budget: BodyBudget;
  private readonly decode: Decode;

  constructor(
    private readonly intake: Intake,
    private readonly limits: Config['gateway'],
    private readonly metrics: Pick<Metrics, 'eventsAccepted' | 'webhooks'>,
    /** Undefined without a database: then a webhook has to name the buyer itself. */
    private readonly book: PaymentBook | undefined,
  ) {
    this.sources = webhookSources(limits.webhooks);
    this.budget = new BodyBudget(Math.max(1_024, limits.eventBytesMax - envelopeBytes), limits.inFlightBytesMax);
    this.decode = createDecoder({ maxBytes: limits.eventBytesMax });
  }

  /** What the provider wants to hear once everything is durable. Throws the problem that it is told otherwise. */
  async accept(name: string, request: Request): Promise<WebhookSource['thanks']> {
    const source = this.sources.get(name);
    if (source === undefined) throw notConfigured(name);
    const provider = name as WebhookProvider;
    const { body, release } = await this.budget.read(request);
    let waiting: Promise<void> = Promise.resolve();
    try {
      const content = contentOf(body);
      const fault = source.fault({ body, content, headers: request.headers, now: Date.now() });
      if (fault !== undefined) throw this.refuse(provider, fault);
      this.takeToken(provider);
      const tellings = content === undefined ? [] : await this.withBuyers(provider, source.tell(content));
      const { records, kept } =
        content === undefined
          ? { records: [unreadableRecord(provider, body)], kept: 1 }
          : webhookRecords(provider, tellings, this.decode);
      if (records.length > 0) {
        const { durable, done } = this.intake.append(records);
        waiting = done;
        await durable.catch((error: unknown) => {
          throw logUnavailable(error);
        });
      }
      await this.learn(provider, tellings);
      this.metrics.eventsAccepted.inc(records.length - kept);
      this.metrics.webhooks.inc({ provider, result: records.length === 0 ? 'ignored' : kept > 0 ? 'kept' : 'events' });
      return source.thanks;
    } finally {
      void waiting.finally(release);
    }
  }

  private async withBuyers(provider: WebhookProvider, tellings: readonly Telling[]): Promise<readonly Telling[]> {
    if (this.book === undefined) return tellings;
    const filled = await fillBuyers(provider, tellings, this.book).catch((error: unknown) => {
      throw bookUnavailable(error);
    });
    if (mayBeNamedSoon(filled, Date.now())) throw buyerUnknown();
    return filled;
  }

  private async learn(provider: WebhookProvider, tellings: readonly Telling[]): Promise<void> {
    const payments = paymentsTold(tellings, provider);
    if (this.book === undefined || payments.length === 0) return;
    await this.book.learn(provider, payments).catch((error: unknown) => {
      throw bookUnavailable(error);
    });
  }

  private refuse(provider: WebhookProvider, detail: string): ProblemException {
    this.metrics.webhooks.inc({ provider, result: 'refused' });
    return new ProblemException(401, { name: 'bad-signature', title: 'The signature does not hold', detail });
  }

  private takeToken(provider: string): void {
    const { perSecond, burst } = this.limits.webhooks;
    const now = Date.now();
    const bucket = this.buckets.get(provider) ?? new TokenBucket(perSecond, burst, now);
    this.buckets.set(provider, bucket);
    const waitMs = bucket.take(1, now);
    if (waitMs === 0) return;
    throw new ProblemException(429, {
      name: 'too-many-requests',
      title: 'Too many webhooks a second',
      detail: `${perSecond} a second are allowed, ${burst} at once`,
      headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1_000))) },
    });
  }
}

/** Undefined for a body that is no JSON. */
function contentOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

const notConfigured = (name: string): ProblemException =>
  new ProblemException(404, {
    name: 'unknown-provider',
    title: 'Webhooks of this provider are not taken',
    detail: `no secret is configured for ${JSON.stringify(name.slice(0, 40))}: see gateway.webhooks`,
  });

const buyerUnknown = (): ProblemException =>
  new ProblemException(503, {
    name: 'buyer-unknown',
    title: 'The webhook of its payment has not come yet',
    detail: 'send it again in a while: after ten minutes it is kept as a dead letter',
    headers: { 'retry-after': '60' },
  });

const bookUnavailable = (error: unknown): ProblemException =>
  new ProblemException(503, {
    name: 'database-unavailable',
    title: 'The database did not answer',
    detail: `${error instanceof Error ? error.message : String(error)}; send the same webhook again, that is safe`,
    headers: { 'retry-after': '2' },
  });

import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { DurationMs, InstantMs } from '#kernel/time';
import { deliverNotice, type Delivery, type HookEndpoint } from '#connector/hook-endpoint';
import type { HttpCaller } from '#connector/http-caller';
import { retryDelay } from '#hook/retry';
import {
  claimNotices,
  type ClaimedNotice,
  disableEndpoint,
  holdBack,
  isDisabled,
  markDelivered,
  markFailed,
} from '#apps/actuator/notice-rows';
import { type Query, queryOf } from '#apps/actuator/query';
import { type DeliveryResult, logTry } from '#apps/actuator/hooks/delivery-log';

export interface NoticeSenderOptions {
  readonly pool: Pool;
  readonly endpoint: HookEndpoint & { readonly name: string };
  readonly http: HttpCaller;
  readonly inFlightMax: number;
  /** Longer than a call can take: after it another process may try the same notice. */
  readonly holdMs: DurationMs;
  readonly pollMs: DurationMs;
  readonly now: () => InstantMs;
  /** From 0 to 1, for the jitter. */
  readonly chance: () => number;
  readonly onDelivery: (result: DeliveryResult) => void;
  readonly onError: (error: unknown) => void;
}

/** Tells one endpoint, with retries over days. Each endpoint has a sender of its own, so a dead receiver slows nobody else. */
export class NoticeSender {
  private running = false;
  private loop: Promise<void> = Promise.resolve();
  private stopping = new AbortController();

  constructor(private readonly options: NoticeSenderOptions) {}

  start(): void {
    this.running = true;
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.running = false;
    this.stopping.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { pool, endpoint, inFlightMax, holdMs, now } = this.options;
    const db = queryOf(pool);
    while (this.running) {
      let isIdle: boolean;
      try {
        const claimed = await claimNotices(db, endpoint.name, inFlightMax, holdMs, now());
        isIdle = claimed.length === 0;
        if (!isIdle && (await isDisabled(db, endpoint.name))) await holdBack(db, endpoint.name);
        else await Promise.all(claimed.map((notice) => this.deliver(notice)));
      } catch (error) {
        this.options.onError(error);
        isIdle = true;
      }
      if (isIdle) await this.pause();
    }
  }

  private async deliver(notice: ClaimedNotice): Promise<void> {
    const { pool, endpoint, http, now, onDelivery } = this.options;
    const db = queryOf(pool);
    const startedAt = performance.now();
    const delivery = await deliverNotice(http, endpoint, notice, now());
    const tookMs = performance.now() - startedAt;
    const result = await this.store(db, notice, delivery);
    const reason = delivery.kind === 'delivered' ? undefined : delivery.reason;
    await logTry(db, {
      endpoint: endpoint.name,
      noticeId: notice.id,
      at: now(),
      tookMs,
      result,
      status: delivery.status,
      reason,
    });
    onDelivery(result);
  }

  private async store(db: Query, { id, failures }: ClaimedNotice, delivery: Delivery): Promise<DeliveryResult> {
    const { endpoint, now, chance } = this.options;
    if (delivery.kind === 'delivered') {
      await markDelivered(db, endpoint.name, id);
      return 'delivered';
    }
    if (delivery.kind === 'disable') {
      await disableEndpoint(db, endpoint.name, delivery.reason, now());
      return 'disabled';
    }
    const wait = retryDelay(failures + 1, chance(), delivery.retryAfterMs);
    await markFailed(db, endpoint.name, id, delivery.reason, wait === undefined ? null : now() + wait);
    return wait === undefined ? 'failed' : 'retried';
  }

  private async pause(): Promise<void> {
    await sleep(this.options.pollMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

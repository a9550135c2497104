import { setTimeout as sleep } from 'node:timers/promises';

/** Something that is sent when its time comes: an event as text, and what identifies it. */
export interface Sending {
  readonly atMs: number;
  readonly text: string;
  readonly identity: string;
}

export interface FeederOptions {
  readonly gatewayUrl: string;
  readonly apiKey: string;
}

const batchMax = 200;

/**
 * Sends events through the gateway as a platform would: in order, in batches, again until the gateway says that they are kept.
 * Remembers what was acknowledged: none of it may be missing from the log, whatever was killed meanwhile.
 */
export class Feeder {
  readonly acknowledged = new Set<string>();
  /** Batches that had to be sent again. */
  retries = 0;

  constructor(private readonly options: FeederOptions) {}

  /** Resolves when everything was acknowledged; throws when the gateway refuses a batch or stays away for `limitMs`. */
  async feed(sendings: readonly Sending[], limitMs = 180_000): Promise<void> {
    const startedAt = Date.now();
    for (let next = 0; next < sendings.length;) {
      const dueAt = startedAt + (sendings[next] as Sending).atMs;
      if (dueAt > Date.now()) await sleep(dueAt - Date.now());
      const batch = sendings.slice(next, next + batchMax).filter(({ atMs }) => startedAt + atMs <= Date.now() + 20);
      await this.send(batch, Date.now() + limitMs);
      next += batch.length;
    }
  }

  private async send(batch: readonly Sending[], deadline: number): Promise<void> {
    const body = batch.map(({ text }) => text).join('\n');
    for (let failure = ''; ; this.retries++) {
      if (Date.now() > deadline) throw new Error(`the gateway took nothing for too long, last ${failure}`);
      const answer = await this.post(body).catch((error: unknown) => String(error));
      if (typeof answer === 'string' || answer.status >= 500 || answer.status === 429) {
        failure = typeof answer === 'string' ? answer : `it answered ${answer.status}`;
        await sleep(100);
        continue;
      }
      if (answer.status !== 202) throw new Error(`the gateway refused a batch with ${answer.status}: ${answer.text}`);
      for (const { identity } of batch) this.acknowledged.add(identity);
      return;
    }
  }

  private async post(body: string): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await fetch(`${this.options.gatewayUrl}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${this.options.apiKey}` },
      body,
      signal: AbortSignal.timeout(15_000),
    });
    return { status: answer.status, text: await answer.text() };
  }
}

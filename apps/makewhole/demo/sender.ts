import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudEvent, SimulatedEvent } from '#simulator/teller';

const BATCH_EVENTS = 500;
const TICK_MS = 20;

/** Sends the platform's events to the gateway, as a platform would: in order, each batch again until it was accepted. */
export class Sender {
  sent = 0;

  constructor(
    private readonly url: string,
    private readonly apiKey: string,
    private readonly isStopped: () => boolean,
  ) {}

  /** As fast as the gateway takes them. */
  async sendAll(events: readonly SimulatedEvent[], onSent: () => void): Promise<void> {
    for (let from = 0; from < events.length && !this.isStopped(); from += BATCH_EVENTS) {
      await this.send(events.slice(from, from + BATCH_EVENTS).map(({ event }) => event));
      onSent();
    }
  }

  /** Each at its time of arrival by the wall clock. */
  async sendLive(events: readonly SimulatedEvent[], onSent: () => void): Promise<void> {
    for (let from = 0; from < events.length && !this.isStopped();) {
      const now = Date.now();
      let to = from;
      while (to < events.length && to - from < BATCH_EVENTS && (events[to]?.arrivesAt ?? Infinity) <= now) to += 1;
      if (to > from) await this.send(events.slice(from, to).map(({ event }) => event));
      else await sleep(TICK_MS);
      from = to;
      onSent();
    }
  }

  /** Throws when the gateway does not accept: the caller tries again, or `send` does. */
  async post(events: readonly CloudEvent[]): Promise<void> {
    const answer = await fetch(`${this.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json', authorization: `Bearer ${this.apiKey}` },
      body: JSON.stringify(events),
      signal: AbortSignal.timeout(15_000),
    });
    if (answer.status !== 202) throw new Refused(answer.status, await answer.text());
    await answer.arrayBuffer();
    this.sent += events.length;
  }

  private async send(events: readonly CloudEvent[]): Promise<void> {
    while (!this.isStopped()) {
      try {
        return await this.post(events);
      } catch (error) {
        if (error instanceof Refused && error.status !== 429 && error.status < 500) throw error;
        await sleep(250);
      }
    }
  }
}

class Refused extends Error {
  constructor(
    readonly status: number,
    body: string,
  ) {
    super(`the gateway answered ${status}: ${body.slice(0, 500)}`);
  }
}

import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { PartitionBatch } from '#stream/log';

/** Something that reads topics and hands their batches over, one of a partition at a time. */
export interface BatchSource {
  readonly topics: readonly string[];
  start(deliver: (batch: PartitionBatch) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Hands whole batches to the handlers that Nest found under `@EventPattern(topic)`. Nest's own Kafka transport passes single messages,
 * swallows what it cannot parse and commits what nobody handles; here a topic without a handler is refused at the start, and what
 * a handler throws reaches the source.
 */
export class BatchStrategy extends Server implements CustomTransportStrategy {
  constructor(private readonly source: BatchSource) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    for (const topic of this.source.topics)
      if (!this.messageHandlers.has(topic))
        throw new Error(`no handler for topic ${topic}: a controller needs @EventPattern('${topic}')`);
    this.source
      .start(async (batch) => {
        const answer: unknown = await this.messageHandlers.get(batch.topic)!(batch);
        await lastValueFrom(this.transformToObservable(answer), { defaultValue: undefined });
      })
      .then(() => callback(), callback);
  }

  close(): Promise<void> {
    return this.source.stop();
  }

  on(): never {
    throw new Error('a batch strategy has no events of its own');
  }

  unwrap<Source>(): Source {
    return this.source as Source;
  }
}

import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import type { Admin, ITopicConfig } from 'kafkajs';
import type { LogAdmin, TopicSpec } from '#stream/log';

const leadersPatienceMs = 30_000;
const unknownYet: readonly string[] = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'];

/**
 * A broker that the metadata already names as leader may not know it yet, for a topic that was just made or after another broker was
 * lost. kafkajs asks again about a leader that is missing, not about one that says it is none.
 */
const overChangesOfLeader = retry(
  handleWhen((error) => ['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE'].includes((error as { type?: string }).type ?? '')),
  { maxAttempts: 8, backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 1_000 }) },
);

export class KafkaLogAdmin implements LogAdmin {
  constructor(private readonly admin: Admin) {}

  /**
   * Creates what is missing; a topic that exists keeps its partitions. `waitForLeaders` of kafkajs sometimes throws although the topic
   * was made, so leaders are awaited here by asking for the metadata. The broker stamps records with its own time of append.
   */
  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    const existing = new Set(await this.admin.listTopics());
    const missing: ITopicConfig[] = topics
      .filter(({ topic }) => !existing.has(topic))
      .map(({ topic, partitions }) => ({
        topic,
        numPartitions: partitions,
        replicationFactor: -1,
        configEntries: [{ name: 'message.timestamp.type', value: 'LogAppendTime' }],
      }));
    if (missing.length > 0) await this.createTopics(missing);
    for (const { topic } of topics) await this.awaitLeaders(topic);
  }

  async partitionCount(topic: string): Promise<number> {
    const { topics } = await this.admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.length ?? 0;
  }

  async offsets(topic: string): Promise<readonly { partition: number; start: number; end: number }[]> {
    const offsets = await overChangesOfLeader.execute(() => this.admin.fetchTopicOffsets(topic));
    return offsets
      .map(({ partition, low, high }) => ({ partition, start: Number(low), end: Number(high) }))
      .sort((left, right) => left.partition - right.partition);
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
  }

  /** Another process may create the same topic at the same moment: that is as good. */
  private async createTopics(topics: ITopicConfig[]): Promise<void> {
    try {
      await this.admin.createTopics({ topics, waitForLeaders: false });
    } catch (error) {
      const existing = new Set(await this.admin.listTopics());
      if (topics.some(({ topic }) => !existing.has(topic))) throw error;
    }
  }

  private async awaitLeaders(topic: string): Promise<void> {
    const until = Date.now() + leadersPatienceMs;
    for (;;) {
      if (await this.hasLeaders(topic)) return;
      if (Date.now() >= until) throw new Error(`topic ${topic} has partitions without a leader: look at the brokers`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async hasLeaders(topic: string): Promise<boolean> {
    try {
      const { topics } = await this.admin.fetchTopicMetadata({ topics: [topic] });
      const partitions = topics[0]?.partitions ?? [];
      return partitions.length > 0 && partitions.every(({ leader }) => leader >= 0);
    } catch (error) {
      if (isNotYetKnown(error)) return false;
      throw error;
    }
  }
}

const isNotYetKnown = (error: unknown): boolean => unknownYet.includes((error as { type?: string }).type ?? '');

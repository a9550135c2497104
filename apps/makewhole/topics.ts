import type { Config } from '#config/config';
import type { Log } from '#stream/log';

/** Every topic of the design, as wide as configuration says; those that exist stay as they are. */
export async function createTopics(log: Log, config: Config): Promise<void> {
  const { paymentEvents, others } = config.log.partitions;
  const narrow = ['scope-events', 'findings', 'cases', 'actions', 'action-results', 'dead-letters'];
  const admin = await log.admin();
  await admin.ensureTopics([
    { topic: 'payment-events', partitions: paymentEvents },
    ...narrow.map((topic) => ({ topic, partitions: others })),
  ]);
  await admin.close();
}

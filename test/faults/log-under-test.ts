import { startBroker, type RunningBroker } from '#test/kafka/broker';
import { startCluster, type RunningCluster } from '#test/kafka/cluster';

export const logKinds = ['postgres', 'kafka', 'cluster'] as const;
/** The log in Postgres, one real broker, or three with replication 3 and min in-sync 2. */
export type LogKind = (typeof logKinds)[number];

/** The log that the services run on, as something that can be injured. */
export interface LogUnderTest {
  readonly kind: LogKind;
  /** Empty for the log in Postgres. */
  readonly brokers: readonly string[];
  /** Ends one broker as a power cut would; which one, the cluster's caller says. */
  kill9(node: number): Promise<void>;
  restart(node: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startLog(kind: LogKind): Promise<LogUnderTest> {
  switch (kind) {
    case 'postgres':
      return { kind, brokers: [], kill9: refuse, restart: refuse, stop: () => Promise.resolve() };
    case 'kafka':
      return ofBroker(await startBroker({ heap: '384m' }));
    case 'cluster':
      return ofCluster(await startCluster());
  }
}

const refuse = (): Promise<never> => Promise.reject(new Error('the log in Postgres has no broker to kill'));

const ofBroker = (broker: RunningBroker): LogUnderTest => ({
  kind: 'kafka',
  brokers: broker.brokers,
  kill9: () => broker.kill9(),
  restart: () => broker.restart(),
  stop: () => broker.stop(),
});

function ofCluster(cluster: RunningCluster): LogUnderTest {
  const nodeAt = (index: number) => {
    const node = cluster.nodes[index];
    if (!node) throw new RangeError(`the cluster has no node ${index}`);
    return node;
  };
  return {
    kind: 'cluster',
    brokers: cluster.brokers,
    kill9: (index) => nodeAt(index).kill9(),
    restart: (index) => nodeAt(index).start(),
    stop: () => cluster.stop(),
  };
}

import { freePorts } from '#test/kafka/free-port';
import { KafkaNode } from '#test/kafka/node';

export interface RunningBroker {
  /** host:port */
  readonly brokers: string[];
  kill9(): Promise<void>;
  /** Starts it again on the same port with the data it had. */
  restart(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends it and deletes its data. */
  stop(): Promise<void>;
}

/** A single real broker on loopback; 4–6 s to start, 5.5–7 s to start again after `kill9`. */
export async function startBroker(options: { readonly port?: number; readonly heap?: string } = {}): Promise<RunningBroker> {
  const [free, controllerPort] = (await freePorts(2)) as [number, number];
  const { port = free, heap } = options;
  const node = new KafkaNode({ port, controllerPort, ...(heap === undefined ? {} : { heap }) });
  await node.start();
  return {
    brokers: [node.address],
    kill9: () => node.kill9(),
    restart: () => node.start(),
    signal: (signal) => node.signal(signal),
    stop: () => node.stop(),
  };
}

import type { CloudEvent } from '#simulator/teller';
import { SimulatedProvider } from '#simulator/provider';
import { badDay } from '#simulator/provider-faults';
import { startProviderServer } from '#simulator/provider-server';

import { startHookReceiver } from './hook-receiver';

/** What the harness hands over as its only argument, in JSON. */
export interface ProviderProcessOptions {
  readonly seed: number;
  readonly port: number;
  readonly secret: string;
  readonly recordPath: string;
  readonly gatewayUrl: string;
  readonly apiKey: string;
  readonly hooks: Parameters<typeof startHookReceiver>[0];
}

/** The platform's endpoint and receivers of notices as a process of its own, on a bad day, with records on disk that only it writes. */
async function main(options: ProviderProcessOptions): Promise<void> {
  const { seed, port, secret, recordPath, gatewayUrl, apiKey, hooks } = options;
  startHookReceiver(hooks);
  const provider = new SimulatedProvider({ seed, faults: badDay, recordPath, remembersKeys: true });
  const tell = async (events: readonly CloudEvent[]): Promise<void> => {
    const answer = await fetch(`${gatewayUrl}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(events),
      signal: AbortSignal.timeout(5_000),
    });
    await answer.arrayBuffer();
    if (answer.status !== 202) throw new Error(`the gateway answered ${answer.status}`);
  };
  const running = await startProviderServer({ provider, secret, tell, slowMs: 800, pendingMs: 500, port });
  console.log(`provider listens at ${running.url}`);
}

main(JSON.parse(process.argv[2] ?? '{}') as ProviderProcessOptions).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

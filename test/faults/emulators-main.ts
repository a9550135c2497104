import { createServer } from 'node:http';

import { hours } from '#kernel/time';
import { badDay, faultOf, type Fault } from '#simulator/provider-faults';
import type { Called, WireFault } from '#test/providers/emulator';

import { type ProviderFiles, restoreEmulators } from './emulators';
import { providerNames, type ProviderName } from './provider-payments';
import { webhooksOf } from './provider-webhooks';
import { webhookTeller } from './webhook-teller';

/** What the harness hands over as its only argument, in JSON. */
export interface EmulatorsProcessOptions {
  readonly seed: number;
  readonly ports: Readonly<Record<ProviderName, number>>;
  /** Answers once all of them listen. */
  readonly readyPort: number;
  readonly files: ProviderFiles;
  readonly gatewayUrl: string;
}

/** Longer than the services wait. */
const lateMs = 1_700;
/** Between two lives: Stripe has forgotten its keys by then, Adyen and PayPal have not. */
const awayMs = hours(25);

const wireFaults: Readonly<Partial<Record<Fault, WireFault>>> = {
  slow: 'late',
  'silent-after': 'silent-after',
  'error-before': 'bad-gateway-before',
  'error-after': 'bad-gateway-after',
  'broken-answer-after': 'broken-after',
  'reset-before': 'reset-before',
  'reset-after': 'reset-after',
  'too-many': 'too-many',
};

/** By the key of what moves money, and by what a question asks: from the third time on all goes well. */
function weather(seed: number, provider: string): (call: Called) => WireFault {
  const counts = new Map<string, number>();
  return ({ method, path, query, headers }) => {
    const key = headers['idempotency-key'] ?? headers['paypal-request-id'] ?? `${method} ${path}?${query}`;
    const name = `${provider} ${String(key)}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return wireFaults[faultOf(seed, badDay, name, count)] ?? 'none';
  };
}

/** Stripe, Adyen and PayPal as one process, on a bad day, with records on disk that only it writes. */
async function main({ seed, ports, readyPort, files, gatewayUrl }: EmulatorsProcessOptions): Promise<void> {
  const emulators = restoreEmulators(files);
  if (emulators.stripe.effects.length > 0) emulators.stripe.skewMs += awayMs;
  const tell = webhookTeller({ gatewayUrl, toldPath: files.told });
  tell(webhooksOf(emulators));
  for (const name of providerNames) {
    const emulator = emulators[name];
    emulator.faultOf = weather(seed, name);
    emulator.lateMs = lateMs;
    emulator.onCall = () => emulators.learn();
    emulator.onMoved = () => tell(webhooksOf(emulators));
    await emulator.start(ports[name]);
  }
  createServer((_, response) => response.end()).listen(readyPort, '127.0.0.1');
}

main(JSON.parse(process.argv[2] ?? '{}') as EmulatorsProcessOptions).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

import { createDecoder } from '#event/decode';
import { hashContent } from '#event/content-hash';

/**
 * What decoding costs beside `JSON.parse` alone, over the same bytes. Prints the
 * median of the rounds, in nanoseconds an event.
 */
const EVENTS = 20_000;
const ROUNDS = 15;

const values = Array.from({ length: EVENTS }, (_, n) => Buffer.from(JSON.stringify(paymentEvent(n))));
const decode = createDecoder();
const parsed = values.map((value) => JSON.parse(value.toString('utf8')) as { data: object });

let sink = 0;
const steps: Record<string, () => void> = {
  'JSON.parse': () => {
    for (const value of values) sink += (JSON.parse(value.toString('utf8')) as { id: string }).id.length;
  },
  decode: () => {
    for (const value of values) {
      const decoded = decode(value);
      if (decoded === 'ignored' || !decoded.ok) throw new Error('the sample decodes');
      sink += decoded.value.fingerprint;
    }
  },
  hashContent: () => {
    for (const { data } of parsed) sink += hashContent(data);
  },
};

const figures: Record<string, number[]> = {};
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, step] of Object.entries(steps)) {
    const started = process.hrtime.bigint();
    step();
    (figures[name] ??= []).push(Number(process.hrtime.bigint() - started) / EVENTS);
  }
}
const median = (all: number[]): number => all.sort((left, right) => left - right)[Math.floor(all.length / 2)] ?? NaN;
for (const [name, all] of Object.entries(figures)) console.log(`${name.padEnd(12)} ${median(all).toFixed(0)} ns/event`);
console.log(`(${values[0]?.length} bytes an event; sink ${sink % 2})`);

function paymentEvent(n: number): object {
  return {
    specversion: '1.0',
    id: `evt-${n.toString(36).padStart(12, '0')}`,
    source: '/payments/eu-1',
    type: 'payment.captured',
    time: new Date(1_780_000_000_000 + n * 137).toISOString(),
    datacontenttype: 'application/json',
    data: {
      accountId: `acc-${(n * 7919) % 200_000}`,
      paymentId: `pay-${n}-${(n * 31) % 977}`,
      orderId: `ord-${n}`,
      merchantId: `mer-${n % 500}`,
      amount: { minor: 1_000 + (n % 9_000), currency: 'EUR' },
      instrument: { kind: 'card', fingerprint: `fp-${(n * 104_729) % 1_000_003}`, scheme: 'visa', last4: '4242', country: 'DE' },
      provider: 'stripe',
      idempotencyKey: `idem-${n.toString(16).padStart(24, '0')}`,
      presence: 'online',
      context: { ip: `10.${n % 256}.${(n >> 8) % 256}.7`, deviceId: `dev-${n % 5_000}`, country: 'DE' },
    },
  };
}

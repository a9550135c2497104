import type { AnyEvent } from '#event/event';
import { accountStage, type RecordBytes } from '#detection/account-stage';
import type { AccountState } from '#detection/account-state';
import type { Emission } from '#detection/emission';

/**
 * Nanoseconds an event of the account stage, without the log: a realistic mix over 200,000 accounts. Prints one JSON object.
 * `node --conditions=makewhole-src -r @swc-node/register test/bench/account-stage.ts [EVENTS]`
 */
const ACCOUNTS = 200_000;
const EVENTS = Number(process.argv[2] ?? 2_000_000);
const START = Date.UTC(2026, 5, 1);

let seed = 42;
function chance(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
  return (seed >>> 0) / 0x1_0000_0000;
}

/** Processor time of this process: what a busy machine takes away does not count. */
function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1_000;
}

let count = 0;
const event = (type: string, accountId: string, at: number, data: object): object => ({
  specversion: '1.0',
  id: `evt-${String(count++).padStart(9, '0')}`,
  source: '/shop/payments',
  type,
  time: new Date(at).toISOString(),
  data: { accountId, ...data },
});

/** One purchase: placed, authorised, captured, confirmed; sometimes delivered, refunded, or with a log-in before. */
function* purchase(at: number): Generator<object> {
  const account = Math.floor(chance() * ACCOUNTS);
  const accountId = `acct-${String(account).padStart(7, '0')}`;
  const n = count;
  const orderId = `ord-${n}`;
  const merchantId = `mer-${n % 900}`;
  const amount = { minor: 500 + Math.floor(chance() * 20_000), currency: 'EUR' };
  const context = { ip: `81.2.${account % 250}.10`, deviceId: `dev-${account}`, country: 'DE', lat: 52.52, lon: 13.4 };
  const payment = {
    paymentId: `pay-${n}`,
    orderId,
    merchantId,
    amount,
    instrument: { kind: 'card', fingerprint: `card-${account}`, scheme: 'visa', last4: '4242', country: 'DE' },
    provider: 'psp',
    idempotencyKey: `key-${n}`,
    context,
  };
  if (chance() < 0.3) yield event('account.logged_in', accountId, at - 60_000, { context });
  yield event('order.placed', accountId, at, { orderId, merchantId, total: amount, context });
  yield event('payment.authorised', accountId, at + 1_000, payment);
  yield event('payment.captured', accountId, at + 2_000, payment);
  yield event('order.confirmed', accountId, at + 3_000, { orderId });
  if (chance() > 0.05) return;
  for (const [index, step] of ['requested', 'approved', 'submitted', 'succeeded'].entries())
    yield event(`refund.${step}`, accountId, at + 4_000 + index, { refundId: `ref-${n}`, paymentId: payment.paymentId, amount });
}

function* events(limit: number): Generator<object> {
  for (let at = START, made = 0; made < limit; at += 4_000) {
    for (const one of purchase(at)) {
      yield one;
      if (++made >= limit) return;
    }
  }
}

const stage = accountStage();
const source = events(EVENTS);
const states = new Map<string, AccountState>();
const coverage = stage.newShared();
const out: Emission[] = [];
const CHUNK = 2_000;
let decodeNs = 0;
let applyNs = 0;
let findings = 0;
let watermark = -Infinity;
let total = 0;
for (;;) {
  const slice: RecordBytes[] = [];
  for (let next = source.next(); !next.done; next = slice.length < CHUNK ? source.next() : { done: true, value: undefined })
    slice.push({ value: Buffer.from(JSON.stringify(next.value)), headers: undefined });
  if (slice.length === 0) break;
  total += slice.length;
  const started = cpuNs();
  const decoded: AnyEvent[] = [];
  for (const record of slice) {
    const one = stage.decode(record);
    if (one.kind === 'event') decoded.push(one.event);
  }
  const read = cpuNs();
  for (let index = 0; index < decoded.length; index++) {
    const one = decoded[index] as AnyEvent;
    let state = states.get(one.accountId);
    if (state === undefined) states.set(one.accountId, (state = stage.newState(one.accountId)));
    watermark = Math.max(watermark, one.at - stage.latenessMs);
    stage.apply(state, one, coverage, watermark, slice[index]!, out);
    stage.nextDeadline(state);
    if (out.length > 0) {
      findings += out.length;
      out.length = 0;
    }
  }
  applyNs += cpuNs() - read;
  decodeNs += read - started;
}
const encodeStarted = cpuNs();
let bytes = 0;
const texts: [string, string][] = [];
for (const [key, state] of states) {
  const text = stage.encode(state);
  bytes += Buffer.byteLength(text);
  texts.push([key, text]);
}
const encodeNs = cpuNs() - encodeStarted;
const decodeStarted = cpuNs();
for (const [key, text] of texts) stage.decodeState(text, key);
const restoreNs = cpuNs() - decodeStarted;
const typical = [...states.values()].find(({ ledger }) => ledger.payments.length === 3 && ledger.refunds.length === 0);
const per = (total: number, of: number): number => Math.round(total / of);
console.log(
  JSON.stringify({
    events: total,
    accounts: states.size,
    findings,
    decodeNsPerEvent: per(decodeNs, total),
    foldAndDetectNsPerEvent: per(applyNs, total),
    encodeNsPerAccount: per(encodeNs, states.size),
    decodeStateNsPerAccount: per(restoreNs, states.size),
    bytesPerAccount: Math.round(bytes / states.size),
    bytesWithThreePayments: typical === undefined ? null : Buffer.byteLength(stage.encode(typical)),
    heapMb: Math.round(process.memoryUsage().heapUsed / 1e6),
  }),
);
if (process.argv.includes('--show') && typical !== undefined) console.log(stage.encode(typical));

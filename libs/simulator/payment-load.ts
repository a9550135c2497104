import { formatInstant, type InstantMs } from '#kernel/time';
import { Random } from '#simulator/random';

export interface LoadOptions {
  readonly seed: number;
  readonly accounts: number;
  /** Stops after so many; endless when absent. */
  readonly events?: number;
  /** Event time of the first event. */
  readonly from: InstantMs;
  /** How far event time moves on average from one event to the next. */
  readonly stepMs: number;
  /** Of orders: how many are paid twice. */
  readonly duplicateShare?: number;
  /** Size of a usual event. */
  readonly bytes?: number;
}

export interface LoadRecord {
  readonly key: string;
  readonly value: string;
  readonly at: InstantMs;
  /** The event pays an order for the second time: a finding follows from it. */
  readonly duplicate: boolean;
}

const steps = ['order.placed', 'payment.authorised', 'payment.captured', 'order.confirmed'] as const;

/**
 * Payment traffic for load tests, made as text: orders of random accounts, each placed, authorised, captured and confirmed, a
 * small share paid twice. Events of one order lie up to `accounts` events apart, as in a real topic.
 */
export function* paymentLoad(options: LoadOptions): Generator<LoadRecord> {
  const { seed, accounts, events = Number.POSITIVE_INFINITY, from, stepMs, duplicateShare = 0.001, bytes = 605 } = options;
  const random = new Random(`${seed}-load`);
  const step = new Uint8Array(accounts);
  const orders = new Uint32Array(accounts);
  const totals = new Uint32Array(accounts);
  let time = formatInstant(from);
  let timeAt = from;
  for (let number = 0; number < events; number += 1) {
    const account = Math.floor(random.next() * accounts);
    const now = step[account] ?? 0;
    if (now === 0) {
      orders[account] = (orders[account] ?? 0) + 1;
      totals[account] = 500 + Math.floor(random.next() * 20_000);
    }
    const at = Math.floor(from + number * stepMs);
    if (at !== timeAt) {
      timeAt = at;
      time = formatInstant(at);
    }
    const order = `${account}-${orders[account] ?? 0}`;
    const duplicate = now === 3 && random.next() < duplicateShare;
    const again = duplicate ? 'b' : '';
    const type = duplicate ? 'payment.captured' : (steps[now] ?? 'order.placed');
    step[account] = duplicate ? 3 : (now + 1) % steps.length;
    const key = `acct-${account}`;
    const head = `{"specversion":"1.0","id":"ev-${seed}-${number}","source":"/load","type":"${type}","time":"${time}","data":{"accountId":"${key}","orderId":"order-${order}"`;
    const value = head + bodyOf(type, `${order}${again}`, totals[account] ?? 0, account, bytes - head.length);
    yield { key, value, at, duplicate };
  }
}

function bodyOf(type: string, payment: string, total: number, account: number, room: number): string {
  const merchant = `"merchantId":"shop-${account % 997}"`;
  const amount = `{"minor":${total},"currency":"EUR"}`;
  if (type === 'order.confirmed') return padded('', room);
  if (type === 'order.placed') return padded(`,${merchant},"total":${amount}`, room);
  const instrument = `{"kind":"card","fingerprint":"card-${account}","scheme":"visa","last4":"4242","country":"DE"}`;
  return padded(
    `,${merchant},"paymentId":"pay-${payment}","amount":${amount},"instrument":${instrument},"provider":"paywave","idempotencyKey":"key-${payment}","context":{"ip":"84.17.${account & 255}.7","deviceId":"device-${account}","country":"DE"}`,
    room,
  );
}

/** Filled to the size of a real event by a field of the platform's own: extra fields are allowed. */
function padded(body: string, room: number): string {
  const missing = room - body.length - PADDING.length;
  return missing > 0 ? `${body},"note":"${FILL.slice(0, missing)}"}}` : `${body}}}`;
}
const PADDING = ',"note":""}}';
const FILL = 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 '.repeat(20);

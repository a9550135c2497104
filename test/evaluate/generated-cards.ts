import { Random } from '#simulator/random';
import { days, seconds } from '#kernel/time';
import type { FraudPayment } from './fraud-payment';

const START = Date.UTC(2026, 0, 5);
const CUSTOMERS = 180;
const TERMINALS = 260;
const DAYS = 63;
const NEAR = 24;

interface Customer {
  readonly accountId: string;
  readonly mean: number;
  readonly perDay: number;
  readonly near: readonly [number, ...number[]];
  stolenUntil: number;
}

/**
 * Card payments in the manner of the Fraud Detection Handbook, small and seeded: each customer has a mean amount, a rate and some terminals.
 * Every third day a terminal leaks for 28 days: all its payments are fraud. On the other days a customer's card is stolen
 * for 14 days: a third of its payments are fraud of five times the amount. An amount above 220.00 is fraud.
 */
export function generatedCards(seed: number): FraudPayment[] {
  const random = new Random(seed);
  const customers = Array.from({ length: CUSTOMERS }, (_, at): Customer => ({
    accountId: `c-${at}`,
    mean: random.between(500, 10_000),
    perDay: random.next() * 4,
    near: Array.from({ length: NEAR }, () => random.between(0, TERMINALS - 1)) as [number, ...number[]],
    stolenUntil: -1,
  }));
  const leaksUntil = new Array<number>(TERMINALS).fill(-1);
  const payments: FraudPayment[] = [];
  for (let day = 0; day < DAYS; day++) {
    if (day % 3 === 0) leaksUntil[random.between(0, TERMINALS - 1)] = day + 28;
    else (customers[random.between(0, CUSTOMERS - 1)] as Customer).stolenUntil = day + 14;
    for (const customer of customers)
      for (let left = customer.perDay; random.next() < left; left -= 1)
        payments.push(payment(random, customer, day, leaksUntil, payments.length));
  }
  return payments.sort((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1));
}

function payment(random: Random, customer: Customer, day: number, leaksUntil: readonly number[], count: number): FraudPayment {
  const { accountId, mean, near, stolenUntil } = customer;
  const terminal = random.pick(near);
  const isStolen = day < stolenUntil && random.chance(1 / 3);
  const minor = Math.max(1, Math.round(mean * (1 + 0.5 * normal(random)))) * (isStolen ? 5 : 1);
  return {
    id: `p-${count}`,
    at: START + days(day) + seconds(Math.min(86_399, Math.max(0, Math.round(43_200 + 20_000 * normal(random))))),
    accountId,
    merchantId: `t-${terminal}`,
    minor,
    isFraud: minor > 22_000 || isStolen || day < (leaksUntil[terminal] as number),
  };
}

/** Near enough: the sum of twelve even chances (Irwin and Hall). */
function normal(random: Random): number {
  let sum = -6;
  for (let at = 0; at < 12; at++) sum += random.next();
  return sum;
}

import { allOf, firstOf, moneyOf, textOf, timeOf, type AccountBook, type PaymentBook } from './books';
import type { Claim } from './claim';
import { addWorkingDays } from './working-days';

const dayMs = 86_400_000;
const unconfirmedMs = dayMs;
const freezeMs = 21 * dayMs;

/** Days that a hold lasts when the provider named no end, by scheme: customer online, merchant-initiated, in person. */
const holdDays: Readonly<Record<string, readonly [number, number, number]>> = {
  visa: [7, 5, 5],
  mastercard: [7, 7, 2],
  amex: [7, 7, 2],
  discover: [7, 7, 2],
  klarna: [28, 28, 28],
};
const bankDays: Readonly<Record<string, number>> = { ach: 4, sepa_debit: 14, bacs: 6, becs: 3 };
const indianDays: Readonly<Record<string, number>> = { upi: 5, imps: 1 };

/** Holds neither captured nor released in time, payments whose outcome never came, freezes beyond their end. */
export function silenceClaims(account: AccountBook, until: number): readonly Claim[] {
  return [
    ...account.payments.flatMap((payment) => [...stuckHold(account, payment, until), ...unconfirmed(account, payment, until)]),
    ...frozenFunds(account, until),
  ];
}

function stuckHold(account: AccountBook, payment: PaymentBook, until: number): readonly Claim[] {
  const hold = firstOf(payment.events, 'payment.authorised');
  const amount = moneyOf(hold);
  if (!hold || !amount) return [];
  const [online, merchant, inPerson] = holdDays[payment.scheme] ?? [7, 7, 7];
  const validDays =
    textOf(hold, 'initiator') === 'merchant' ? merchant : textOf(hold, 'presence') === 'in_person' ? inPerson : online;
  const due = timeOf(hold, 'captureBefore') ?? hold.at + validDays * dayMs;
  const end = firstOf(payment.events, 'payment.captured', 'payment.voided', 'payment.expired', 'payment.failed');
  return missed(due, end?.at, until, {
    kind: 'stuck-hold',
    accountId: account.accountId,
    paymentIds: [payment.paymentId],
    loss: amount,
  });
}

function unconfirmed(account: AccountBook, payment: PaymentBook, until: number): readonly Claim[] {
  const start = firstOf(payment.events, 'payment.created');
  const amount = moneyOf(start);
  if (!start || !amount) return [];
  const working = bankDays[payment.scheme];
  const calendar = indianDays[payment.scheme];
  const due =
    working !== undefined
      ? addWorkingDays(start.at, working, payment.currency)
      : start.at + (calendar === undefined ? unconfirmedMs : calendar * dayMs);
  const end = payment.events.find((event) => event.type.startsWith('payment.') && event.type !== 'payment.created');
  return missed(due, end?.at, until, {
    kind: 'payment-unconfirmed',
    accountId: account.accountId,
    paymentIds: [payment.paymentId],
    loss: amount,
  });
}

function frozenFunds(account: AccountBook, until: number): readonly Claim[] {
  return allOf(account.events, 'funds.frozen').flatMap((freeze) => {
    const id = textOf(freeze, 'freezeId');
    const due = timeOf(freeze, 'until') ?? freeze.at + freezeMs;
    const end = allOf(account.events, 'funds.unfrozen').find((event) => textOf(event, 'freezeId') === id);
    return missed(due, end?.at, until, {
      kind: 'frozen-funds',
      accountId: account.accountId,
      paymentIds: [],
      loss: moneyOf(freeze) ?? null,
    });
  });
}

type Missed = Pick<Claim, 'kind' | 'accountId' | 'paymentIds' | 'loss'>;

/** Nothing when it came in time; open from the deadline on; cleared when it came after all. */
export function missed(due: number, metAt: number | undefined, until: number, claim: Missed): readonly Claim[] {
  if (due > until || (metAt !== undefined && metAt <= due)) return [];
  return [{ ...claim, confidence: 'certain', at: due, status: metAt === undefined ? 'open' : 'cleared' }];
}

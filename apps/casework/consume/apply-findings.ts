import type { InstantMs } from '#kernel/time';
import { ownerOf } from '#action/case-book';
import type { ActionOrder } from '#action/action';
import { stepMessage } from '#action/step';
import { moneyKeys } from '#case/join';
import type { Finding, FindingMessage } from '#detection/finding';
import type { Transaction } from '#stream/store';
import { findingKey, lockCasesOfMoney, paymentKey } from '#apps/casework/store/case-rows';
import { writeFindings } from '#apps/casework/store/finding-rows';
import { changeCases, type CaseworkRules, type Effects } from '#apps/casework/consume/case-transaction';

/** Findings and newer facts of payments, in the order of the log, into the cases of their buyers. */
export async function applyFindings(
  transaction: Transaction,
  rules: CaseworkRules,
  messages: readonly FindingMessage[],
  now: InstantMs,
): Promise<Effects> {
  const stored = await lockCasesOfMoney(transaction, [...new Set(messages.flatMap(keysOf))]);
  const { effects, cases } = await changeCases(transaction, rules, now, stored, (locked, context) => {
    const orders: ActionOrder[] = [];
    for (const message of messages) {
      const step = stepMessage(locked.of(ownerOf(message)), message, context);
      for (const change of step.changes) locked.apply(change);
      orders.push(...step.orders);
    }
    return orders;
  });
  const told = new Map<string, Finding>();
  for (const message of messages) if (message.type === 'finding') told.set(message.finding.findingId, message.finding);
  await writeFindings(
    transaction,
    [...told.values()].map((finding) => ({ finding, caseId: cases.holderOf(finding.findingId) })),
  );
  return effects;
}

/** By what the cases that a message may touch are looked up. */
function keysOf(message: FindingMessage): readonly string[] {
  if (message.type === 'payment') return [paymentKey(message.payment.paymentId)];
  const { finding, payments } = message;
  return [
    findingKey(finding.findingId),
    ...moneyKeys(finding, payments),
    ...payments.map(({ paymentId }) => paymentKey(paymentId)),
  ];
}

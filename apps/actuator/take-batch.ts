import type { InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import { noticesOf } from '#hook/notice';
import type { PaymentFacts } from '#detection/finding';
import type { LogRecord, PartitionBatch } from '#stream/log';
import type { Transaction } from '#stream/store';
import { receiveOrder } from '#apps/actuator/action-rows';
import { decodeMessage, type MessageFault } from '#apps/actuator/decode-message';
import { type Subscription, storeNotices, type WaitingNotice } from '#apps/actuator/notice-rows';
import { type OnSettled, takeNews } from '#apps/actuator/ledger-news';
import { storePolicy } from '#apps/actuator/live-policy';
import { storeFacts } from '#apps/actuator/payment-money';
import { topics } from '#apps/actuator/results';

export interface TakeRules {
  /** The connector that carries an order out. */
  readonly connectorFor: (order: ActionOrder) => string;
  readonly subscriptions: readonly Subscription[];
  readonly now: () => InstantMs;
  /** Called for what cannot be applied; inside the transaction, so perhaps more than once. */
  readonly onDead: (reason: string) => void;
  readonly onSettled: OnSettled;
}

/**
 * Applies one batch inside the consumer's transaction: orders become rows, facts of payments and the live policy are brought up to
 * date, notices wait for their endpoints. All of it is keyed by what it says, so a batch applied again changes nothing.
 */
export async function takeBatch(batch: PartitionBatch, transaction: Transaction, rules: TakeRules): Promise<void> {
  const now = rules.now();
  const facts: PaymentFacts[] = [];
  const approved: PaymentFacts[] = [];
  const orders: { readonly record: LogRecord; readonly order: ActionOrder }[] = [];
  const notices: WaitingNotice[] = [];
  for (const record of batch.records) {
    const decoded = decodeMessage(record);
    if (!decoded.ok) {
      emitDead(transaction, batch, record, decoded.error, rules);
      continue;
    }
    const message = decoded.value;
    if (message.kind === 'facts') facts.push(...message.payments);
    if (message.kind === 'order') {
      orders.push({ record, order: message.order });
      if (message.order.payment !== undefined) approved.push(message.order.payment);
    }
    if (message.kind === 'policy') await storePolicy(transaction, message.policy, now);
    if (message.kind === 'case') for (const notice of noticesOf(message.message, Date.parse(message.at))) notices.push(notice);
  }
  await takeNews(transaction, facts, now, rules.onSettled);
  await storeFacts(transaction, approved, 'order');
  for (const { record, order } of orders) {
    const received = await receiveOrder(transaction, order, rules.connectorFor(order), now);
    if (received !== 'conflict') continue;
    const expected = `the order that first came with key ${order.key}, or another key`;
    emitDead(transaction, batch, record, { reason: 'conflicting-redelivery', pointer: '/data/key', expected }, rules);
  }
  await storeNotices(transaction, rules.subscriptions, notices, now);
}

function emitDead(
  transaction: Transaction,
  { topic, partition }: PartitionBatch,
  { offset, value }: LogRecord,
  fault: Omit<MessageFault, 'reason'> & { readonly reason: string },
  rules: TakeRules,
): void {
  const letter = { topic, partition, offset, ...fault, bytes: (value ?? Buffer.alloc(0)).subarray(0, 16_384).toString('base64') };
  transaction.emit(topics.deadLetters, {
    key: `${topic}/${partition}`,
    id: `actuator/${topic}/${partition}/${offset}`,
    value: JSON.stringify(letter),
  });
  rules.onDead(fault.reason);
}

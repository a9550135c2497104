import type { InstantMs } from '#kernel/time';
import { ownerOf } from '#action/case-book';
import type { ActionOrder } from '#action/action';
import { stepMessage } from '#action/step';
import { moneyKeys } from '#case/join';
import { nothingSuppressed, suppressionOf, type Suppressions } from '#case/suppression';
import type { Finding, FindingMessage } from '#detection/finding';
import type { PartitionBatch } from '#stream/log';
import { findingKey, lockCasesOfMoney, paymentKey } from '#apps/casework/store/case-rows';
import { lockFindings, suppressedBy, writeFindings } from '#apps/casework/store/finding-rows';
import { noteSources } from '#apps/casework/store/source-rows';
import type { StoreTransaction } from '#apps/casework/store/store';
import { suppressionsFor } from '#apps/casework/store/suppression-rows';
import {
  changeCases,
  type CaseWork,
  type CaseworkRules,
  type Effects,
  type Steps,
} from '#apps/casework/consume/case-transaction';
import type { CaughtUp, Message } from '#apps/casework/consume/decode-message';

/**
 * Findings and newer facts of payments, in the order of the log, into the cases of their buyers. Money is decided about with the last
 * word on a buyer: not before a later message of the batch, not while the batch has more behind it, and not while the detector had.
 */
export async function applyFindings(
  transaction: StoreTransaction,
  rules: CaseworkRules,
  said: readonly Message<FindingMessage | CaughtUp>[],
  now: InstantMs,
  batch: Pick<PartitionBatch, 'partition' | 'endOffset' | 'records'>,
): Promise<Effects> {
  const ends = new Map<string, boolean>();
  for (const { source } of said) if (source !== undefined) ends.set(source.partition, source.isAtEnd);
  await noteSources(transaction, batch.partition, ends);
  const messages = said.filter(isAboutMoney);
  const isRead = (batch.records.at(-1)?.offset ?? -1) + 1 >= batch.endOffset;
  const lastOf = new Map(messages.map(({ data }, at) => [ownerOf(data), at]));
  const stored = await lockCasesOfMoney(transaction, [...new Set(messages.flatMap(({ data }) => keysOf(data)))]);
  const findings = messages.flatMap(({ data }) => (data.type === 'finding' ? [data.finding] : []));
  await transaction.keysOf(
    findings.map(({ accountId }) => accountId),
    'sealing',
  );
  const suppressions = await readSuppressions(transaction, findings);
  const steps: Steps = (locked, context) => {
    const orders: ActionOrder[] = [];
    messages.forEach(({ data, source }, at) => {
      const owner = ownerOf(data);
      const isLastWord = source && isRead && ends.get(source.partition) === true && lastOf.get(owner) === at;
      const isBehind = source === undefined ? {} : { isBehind: () => !isLastWord };
      const step = stepMessage(locked.of(owner), data, { ...context, ...isBehind, suppressions });
      const from = source && { events: source.partition, findings: batch.partition };
      for (const change of step.changes) locked.apply(from ? { ...change, case: { ...change.case, source: from } } : change);
      orders.push(...step.orders);
    });
    return orders;
  };
  const told = new Map(findings.map((finding) => [finding.findingId, finding]));
  const writeAlso: CaseWork['writeAlso'] = (within, cases, policy) => {
    const all = { marks: suppressions.marks, snoozes: [...policy.snoozes, ...suppressions.snoozes] };
    return writeFindings(
      within,
      [...told.values()].map((finding) => {
        const caseId = cases.holderOf(finding.findingId);
        const why = caseId === null ? suppressionOf(finding, all) : undefined;
        return { finding, caseId, suppressed: why === undefined ? null : suppressedBy(why) };
      }),
    );
  };
  return (await changeCases(transaction, rules, now, stored, { steps, writeAlso, findings })).effects;
}

const isAboutMoney = (message: Message<FindingMessage | CaughtUp>): message is Message<FindingMessage> =>
  message.data.type !== 'caught-up';

/** What people keep from becoming cases, as far as these findings may be meant; the findings stay locked, so that it holds until the end. */
async function readSuppressions(transaction: StoreTransaction, findings: readonly Finding[]): Promise<Suppressions> {
  if (findings.length === 0) return nothingSuppressed;
  await lockFindings(
    transaction,
    findings.map(({ findingId }) => findingId),
  );
  return suppressionsFor(transaction, findings);
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

import { formatInstant, type InstantMs } from '#kernel/time';
import type { ActionOrder, PolicyMessage } from '#action/action';
import type { CaseChange } from '#case/case';
import { toCaseFile } from '#case/case-file';
import type { ChainHead } from '#case/evidence';
import type { CaseMessage } from '#case/case-message';
import { redactBytes } from '#event/redact';
import type { LogRecord, PartitionBatch } from '#stream/log';
import type { OutboxMessage } from '#stream/store';
import type { MessageFault } from '#apps/casework/consume/decode-message';

export const topics = {
  findings: 'findings',
  actionResults: 'action-results',
  actions: 'actions',
  cases: 'cases',
  deadLetters: 'dead-letters',
} as const;

/** An action is ordered once in its life, so its id names the order. */
export const orderMessage = (order: ActionOrder, at: InstantMs): OutboxMessage => ({
  key: order.accountId ?? order.caseId,
  id: `${order.actionId}:order`,
  value: cloudEvent('makewhole.action', `${order.actionId}:order`, at, order),
});

export function caseMessage({ case: held, notices }: CaseChange, { sequence, hash }: ChainHead, at: InstantMs): OutboxMessage {
  const named = new Set(notices.map(({ findingId }) => findingId));
  const id = `${held.caseId}:${held.revision}`;
  const data: CaseMessage = {
    case: toCaseFile(held),
    revision: held.revision,
    notices,
    findings: held.findings.filter(({ findingId }) => named.has(findingId)),
    evidence: { sequence, hash },
  };
  return { key: held.accountId ?? held.caseId, id, value: cloudEvent('makewhole.case', id, at, data) };
}

/** A record that is none of our messages, as the interface shows dead letters. */
export function deadLetterMessage({ topic, partition }: PartitionBatch, record: LogRecord, fault: MessageFault): OutboxMessage {
  const id = `casework/${topic}/${partition}/${record.offset}`;
  const letter = {
    topic,
    partition,
    offset: record.offset,
    reason: fault.reason,
    pointer: fault.pointer,
    expected: fault.expected,
    bytes: redactBytes(record.value ?? Buffer.alloc(0)).toString('base64'),
  };
  return { key: `${topic}/${partition}`, id, value: JSON.stringify(letter) };
}

/** Which policy is live from now on, for whoever carries actions out: the one with the highest sequence. */
export function policyMessage(policy: PolicyMessage, at: InstantMs): OutboxMessage {
  const id = `policy:${policy.sequence}`;
  return { key: 'policy', id, value: cloudEvent('makewhole.policy', id, at, policy) };
}

const cloudEvent = (type: string, id: string, at: InstantMs, data: object): string =>
  JSON.stringify({
    specversion: '1.0',
    type,
    source: 'makewhole/casework',
    id,
    time: formatInstant(at),
    datacontenttype: 'application/json',
    data,
  });

import type { InstantMs } from '#kernel/time';
import type { Result } from '#kernel/result';
import type { LogRecord, PartitionBatch } from '#stream/log';
import { type StoreTransaction } from '#apps/casework/store/store';
import { takeMessages } from '#apps/casework/store/seen-messages';
import { applyFindings } from '#apps/casework/consume/apply-findings';
import { applyResults } from '#apps/casework/consume/apply-results';
import type { CaseworkRules, Effects } from '#apps/casework/consume/case-transaction';
import {
  decodeFindingMessage,
  decodeResultMessage,
  type Message,
  type MessageFault,
} from '#apps/casework/consume/decode-message';
import { deadLetterMessage, topics } from '#apps/casework/consume/messages';

export interface BatchEffects extends Effects {
  readonly deadLetters: readonly MessageFault[];
}

/** Applies one batch of `findings` or `action-results` within its transaction. A message that was taken before changes nothing. */
export async function handleBatch(
  batch: PartitionBatch,
  transaction: StoreTransaction,
  rules: CaseworkRules,
  now: InstantMs,
): Promise<BatchEffects> {
  const deadLetters: MessageFault[] = [];
  const onFault = (record: LogRecord, fault: MessageFault): void => {
    deadLetters.push(fault);
    transaction.emit(topics.deadLetters, deadLetterMessage(batch, record, fault));
  };
  const effects =
    batch.topic === topics.findings
      ? await applyFindings(transaction, rules, await take(batch, decodeFindingMessage, transaction, now, onFault), now, batch)
      : await applyResults(
          transaction,
          rules,
          (await take(batch, decodeResultMessage, transaction, now, onFault)).map(({ data }) => data),
          now,
        );
  return { ...effects, deadLetters };
}

async function take<Data>(
  batch: PartitionBatch,
  decode: (record: LogRecord) => Result<Message<Data>, MessageFault>,
  transaction: StoreTransaction,
  now: InstantMs,
  onFault: (record: LogRecord, fault: MessageFault) => void,
): Promise<readonly Message<Data>[]> {
  const messages: Message<Data>[] = [];
  for (const record of batch.records) {
    const decoded = decode(record);
    if (decoded.ok) messages.push(decoded.value);
    else onFault(record, decoded.error);
  }
  const fresh = new Set(
    await takeMessages(
      transaction,
      messages.map(({ id }) => id),
      now,
    ),
  );
  return messages.filter(({ id }) => fresh.delete(id));
}

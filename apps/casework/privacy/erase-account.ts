import { deriveId } from '#kernel/ids';
import type { DurationMs, InstantMs } from '#kernel/time';
import { type Erasing, eraseCase } from '#case/erasure';
import type { CaseworkRules, Effects } from '#apps/casework/consume/case-transaction';
import { changeCases } from '#apps/casework/consume/case-transaction';
import { lockCasesOfAccount } from '#apps/casework/store/case-rows';
import { eraseRowsOfAccount, eraseRowsOfCases, plainLines } from '#apps/casework/store/erasure-rows';
import { listHolds, lockAccount } from '#apps/casework/store/hold-rows';
import type { StoreTransaction } from '#apps/casework/store/store';

/** Why a buyer cannot be erased now. */
export type ErasureBar =
  | { readonly kind: 'case-open'; readonly numbers: readonly string[] }
  | { readonly kind: 'legal-hold'; readonly reason: string; readonly by: string }
  | { readonly kind: 'too-early'; readonly until: InstantMs };

/** @param waitMs so long after the last case closed the buyer may still appeal */
export async function findErasureBar(
  transaction: StoreTransaction,
  accountId: string,
  { now, waitMs }: { readonly now: InstantMs; readonly waitMs: DurationMs },
): Promise<ErasureBar | undefined> {
  await lockAccount(transaction, accountId);
  const cases = (await lockCasesOfAccount(transaction, accountId)).map((stored) => stored.case);
  const open = cases.filter(({ stage }) => stage !== 'closed');
  if (open.length > 0) return { kind: 'case-open', numbers: open.map(({ number }) => number) };
  const hold = (await listHolds(transaction, accountId)).find(({ endedAt }) => endedAt === null);
  if (hold !== undefined) return { kind: 'legal-hold', reason: hold.reason, by: hold.by };
  const until = Math.max(...cases.map(({ closedAt }) => (closedAt ?? now) + waitMs));
  return until > now ? { kind: 'too-early', until } : undefined;
}

/**
 * Erases what is personal of a buyer: its key, and with it all that was sealed; rows in the clear from before; files. Each case says so
 * in its chain, which verifies as before. Cases are locked first, then the key: who is writing about the buyer finishes before.
 */
export async function eraseAccount(
  transaction: StoreTransaction,
  rules: CaseworkRules,
  accountId: string,
  erasing: Erasing,
): Promise<Effects> {
  const stored = await lockCasesOfAccount(transaction, accountId);
  const plain = new Map<string, Awaited<ReturnType<typeof plainLines>>>();
  for (const { case: held } of stored) plain.set(held.caseId, await plainLines(transaction, held.caseId));
  const { effects } = await changeCases(transaction, rules, erasing.now, stored, {
    steps: (locked) => {
      for (const { case: held } of stored)
        locked.apply(
          eraseCase(
            held,
            erasing,
            plain.get(held.caseId)!.map(({ named }) => named),
          ),
        );
      return [];
    },
  });
  const left = [...plain.values()].flat().map((line) => line.left);
  await eraseRowsOfCases(
    transaction,
    stored.map(({ case: { caseId } }) => caseId),
    left,
    erasing.now,
  );
  await eraseRowsOfAccount(transaction, accountId, erasing.now);
  const after = await lockCasesOfAccount(transaction, accountId);
  if (after.length !== stored.length) throw new Error(`erasing ${accountId}: a case was opened meanwhile, try again`);
  return effects;
}

export const erasureIdOf = (accountId: string, requestedAt: InstantMs, person: string): string =>
  deriveId('erasure', accountId, requestedAt, person);

import type { InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import type { Policy } from '#action/policy';
import type { StepContext } from '#action/step';
import type { Case, CaseChange } from '#case/case';
import { ProblemException } from '#http/problem';
import { changeCases, type CaseworkRules, type Effects, type Steps } from '#apps/casework/consume/case-transaction';
import { type KeyedRequest, noteAccount } from '#apps/casework/store/api-requests';
import { lockCases, type StoredCase } from '#apps/casework/store/case-rows';
import type { Query } from '#apps/casework/store/query';
import type { StoreTransaction } from '#apps/casework/store/store';
import type { Database } from '#apps/casework/store/transact';
import { answerOnce } from '#apps/casework/api/answer-once';
import type { Answer } from '#apps/casework/store/api-requests';
import { entityTag, requireMatch } from '#apps/casework/api/entity-tag';

/** What a person's step made of a case, and how it is answered. */
export interface PersonStep {
  readonly change: CaseChange;
  readonly order?: ActionOrder;
  /** What else is written in the same transaction. */
  readonly write?: (transaction: StoreTransaction) => Promise<void>;
  readonly body: (after: Case) => object;
}

/** What a person's step made of several cases. */
export interface TogetherStep {
  readonly changes: readonly CaseChange[];
  readonly orders?: readonly ActionOrder[];
  readonly write?: (transaction: StoreTransaction) => Promise<void>;
  readonly answer: (after: (caseId: string) => Case) => Answer;
}

export interface DeskRequest {
  readonly keyed: KeyedRequest;
  readonly ifMatch: string | undefined;
}

/** Where people change cases: the case locked, its revision compared, one pure step, the answer kept, all in one transaction. */
export class CaseDesk {
  constructor(
    private readonly database: Database,
    private readonly rules: CaseworkRules,
    private readonly clock: () => InstantMs,
    private readonly onCommitted: (effects: Effects) => void,
  ) {}

  /** The configuration's: it holds while none is stored. */
  get policy(): Policy {
    return this.rules.policy;
  }

  /** A keyed request that changes no case. */
  once(keyed: KeyedRequest, work: (transaction: StoreTransaction) => Promise<Answer>): Promise<Answer> {
    return answerOnce(this.database, keyed, work);
  }

  /** A keyed request that may change cases by itself, in ways of its own. */
  async onceChanging(
    keyed: KeyedRequest,
    work: (
      transaction: StoreTransaction,
      rules: CaseworkRules,
    ) => Promise<{ readonly answer: Answer; readonly effects?: Effects | undefined }>,
  ): Promise<Answer> {
    let committed: Effects | undefined;
    const answer = await answerOnce(this.database, keyed, async (transaction) => {
      const done = await work(transaction, this.rules);
      committed = done.effects;
      return done.answer;
    });
    if (committed !== undefined) this.onCommitted(committed);
    return answer;
  }

  now(): InstantMs {
    return this.clock();
  }

  change(
    { keyed, ifMatch }: DeskRequest,
    findCaseId: (db: Query) => Promise<string | undefined>,
    step: (held: Case, context: StepContext) => PersonStep,
  ): Promise<Answer> {
    return this.work(
      keyed,
      async (transaction) => {
        const caseId = await findCaseId(transaction);
        return lockAll(transaction, [caseId], ifMatch);
      },
      ([stored], context) => {
        const { change, order, write, body } = step(stored!.case, context);
        return {
          changes: [change],
          orders: order === undefined ? [] : [order],
          ...(write === undefined ? {} : { write }),
          answer: (after) => answerWith(after(stored!.case.caseId), body),
        };
      },
    );
  }

  /** Several cases at once: the first is the one of the request, whose revision `If-Match` names. */
  changeTogether(
    { keyed, ifMatch }: DeskRequest,
    caseIds: readonly string[],
    step: (stored: readonly StoredCase[], context: StepContext) => TogetherStep,
  ): Promise<Answer> {
    return this.work(keyed, (transaction) => lockAll(transaction, caseIds, ifMatch), step);
  }

  /** Whatever cases `lock` gives; without one, the answer is 204. */
  async work(
    keyed: KeyedRequest,
    lock: (transaction: StoreTransaction) => Promise<readonly StoredCase[]>,
    step: (stored: readonly StoredCase[], context: StepContext) => TogetherStep,
  ): Promise<Answer> {
    let committed: Effects | undefined;
    const answer = await answerOnce(this.database, keyed, async (transaction) => {
      const stored = await lock(transaction);
      if (stored.length === 0) return { status: 204, headers: {}, body: null };
      let done: TogetherStep | undefined;
      const steps: Steps = (locked, context) => {
        done = step(stored, context);
        for (const change of done.changes) locked.apply(change);
        return done.orders ?? [];
      };
      const { effects, cases } = await changeCases(transaction, this.rules, keyed.atMs, stored, { steps });
      await done?.write?.(transaction);
      const { accountId } = stored[0]!.case;
      if (accountId !== null) await noteAccount(transaction, keyed, accountId);
      committed = effects;
      return done!.answer((caseId) => cases.get(caseId)!);
    });
    if (committed !== undefined) this.onCommitted(committed);
    return answer;
  }
}

/** In the order in which they are named; 404 when one is not there. */
export async function lockAll(
  transaction: StoreTransaction,
  caseIds: readonly (string | undefined)[],
  ifMatch: string | undefined,
): Promise<readonly StoredCase[]> {
  const named = caseIds.filter((caseId) => caseId !== undefined);
  const locked = new Map((await lockCases(transaction, [...new Set(named)])).map((held) => [held.case.caseId, held]));
  const stored = caseIds.map((caseId) => locked.get(caseId ?? ''));
  if (stored[0] === undefined) throw nothingThere();
  requireMatch(ifMatch, stored[0].case.revision);
  if (!stored.every((held) => held !== undefined)) throw nothingThere();
  return stored;
}

export const answerWith = (after: Case, body: (after: Case) => object): Answer => ({
  status: 200,
  headers: { etag: entityTag(after.revision) },
  body: body(after),
});

export const nothingThere = (): ProblemException =>
  new ProblemException(404, {
    name: 'not-found',
    title: 'There is nothing with this id',
    detail: 'ids are those that the lists give; a case number is found with GET /v1/cases?number=…',
  });

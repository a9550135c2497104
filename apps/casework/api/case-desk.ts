import type { Pool } from 'pg';
import type { InstantMs } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import type { Policy } from '#action/policy';
import type { StepContext } from '#action/step';
import type { Case, CaseChange } from '#case/case';
import { ProblemException } from '#http/problem';
import { changeCases, type CaseworkRules, type Effects } from '#apps/casework/consume/case-transaction';
import type { Transaction } from '#stream/store';
import type { KeyedRequest } from '#apps/casework/store/api-requests';
import { lockCases } from '#apps/casework/store/case-rows';
import type { Query } from '#apps/casework/store/query';
import { answerOnce } from '#apps/casework/api/answer-once';
import type { Answer } from '#apps/casework/store/api-requests';
import { entityTag, requireMatch } from '#apps/casework/api/entity-tag';

/** What a person's step made of a case, and how it is answered. */
export interface PersonStep {
  readonly change: CaseChange;
  readonly order?: ActionOrder;
  /** What else is written in the same transaction. */
  readonly write?: (transaction: Transaction) => Promise<void>;
  readonly body: (after: Case) => object;
}

export interface DeskRequest {
  readonly keyed: KeyedRequest;
  readonly ifMatch: string | undefined;
}

/** Where people change cases: the case locked, its revision compared, one pure step, the answer kept, all in one transaction. */
export class CaseDesk {
  constructor(
    private readonly pool: Pool,
    private readonly rules: CaseworkRules,
    private readonly clock: () => InstantMs,
    private readonly onCommitted: (effects: Effects) => void,
  ) {}

  get policy(): Policy {
    return this.rules.policy;
  }

  /** A keyed request that changes no case. */
  once(keyed: KeyedRequest, work: (transaction: Transaction) => Promise<Answer>): Promise<Answer> {
    return answerOnce(this.pool, keyed, work);
  }

  now(): InstantMs {
    return this.clock();
  }

  async change(
    { keyed, ifMatch }: DeskRequest,
    findCaseId: (db: Query) => Promise<string | undefined>,
    step: (held: Case, context: StepContext) => PersonStep,
  ): Promise<Answer> {
    let committed: Effects | undefined;
    const answer = await answerOnce(this.pool, keyed, async (transaction) => {
      const caseId = await findCaseId(transaction);
      const stored = caseId === undefined ? [] : await lockCases(transaction, [caseId]);
      const held = stored[0]?.case;
      if (held === undefined) throw nothingThere();
      requireMatch(ifMatch, held.revision);
      let done: PersonStep | undefined;
      const { effects, cases } = await changeCases(transaction, this.rules, keyed.atMs, stored, (locked, context) => {
        done = step(held, context);
        locked.apply(done.change);
        return done.order === undefined ? [] : [done.order];
      });
      await done?.write?.(transaction);
      committed = effects;
      const after = cases.get(held.caseId)!;
      return { status: 200, headers: { etag: entityTag(after.revision) }, body: done!.body(after) };
    });
    if (committed !== undefined) this.onCommitted(committed);
    return answer;
  }
}

export const nothingThere = (): ProblemException =>
  new ProblemException(404, {
    name: 'not-found',
    title: 'There is nothing with this id',
    detail: 'ids are those that the lists give; a case number is found with GET /v1/cases?number=…',
  });

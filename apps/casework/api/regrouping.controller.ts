import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import type { Result } from '#kernel/result';
import { stepAfter, type StepContext } from '#action/step';
import { appeal, type AppealError } from '#case/buyer-acts';
import type { HandedOver, Regrouping } from '#case/hand-over';
import { mergeCases, type MergeError } from '#case/merge-cases';
import { reopenAsLinked } from '#case/reopen-case';
import { splitCase, type SplitError } from '#case/split-case';
import type { Principal } from '#http/api-key-ring';
import { BodyOf } from '#http/body';
import { Caller, Roles } from '#http/roles';
import type { StoredCase } from '#apps/casework/store/case-rows';
import { moveBelongings } from '#apps/casework/store/desk-rows';
import { send } from '#apps/casework/api/answer-once';
import { answerWith, CaseDesk } from '#apps/casework/api/case-desk';
import { keyedRequest } from '#apps/casework/api/keyed-request';
import { regroupingProblem } from '#apps/casework/api/regrouping-problem';
import { mergeBody, reasonBody, splitBody } from '#apps/casework/api/schemas';
import { toCaseView } from '#apps/casework/api/views';

interface Wish {
  /** The case of the request first. */
  readonly caseIds: readonly string[];
  readonly reason: string;
  readonly caller: Principal;
  readonly request: Request;
  readonly response: Response;
}

type Regroup = (
  stored: readonly StoredCase[],
  wish: Regrouping,
  context: StepContext,
) => Result<HandedOver, MergeError | SplitError | AppealError>;

/** Cases that turn out to be about one thing, or about two; and those that were closed too early. Nothing of their evidence is lost. */
@ApiTags('cases')
@ApiHeader({ name: 'Idempotency-Key', required: true })
@ApiHeader({ name: 'If-Match', required: false, description: 'The ETag of the case as you read it.' })
@Roles('investigator')
@Controller('v1/cases')
export class RegroupingController {
  constructor(private readonly desk: CaseDesk) {}

  @Post(':caseId/merge')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes another open case of the same buyer into this one; the other closes as merged' })
  @ApiBody({ schema: mergeBody as object })
  async merge(
    @Param('caseId') caseId: string,
    @Body(new BodyOf(mergeBody)) { caseId: other, reason }: Static<typeof mergeBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.regroup({ caseIds: [caseId, other], reason, caller, request, response }, ([into, from], wish) =>
      mergeCases(from!.case, into!.case, from!.head, wish),
    );
  }

  @Post(':caseId/split')
  @HttpCode(200)
  @ApiOperation({ summary: 'Makes a case of its own of some findings; answers with the new case' })
  @ApiBody({ schema: splitBody as object })
  async split(
    @Param('caseId') caseId: string,
    @Body(new BodyOf(splitBody)) { findingIds, reason }: Static<typeof splitBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.regroup({ caseIds: [caseId], reason, caller, request, response }, ([held], wish) =>
      splitCase(held!.case, findingIds, wish),
    );
  }

  @Post(':caseId/reopen')
  @HttpCode(200)
  @ApiOperation({ summary: 'Goes on with a closed case as a new one that is linked to it; answers with the new case' })
  @ApiBody({ schema: reasonBody as object })
  async reopen(
    @Param('caseId') caseId: string,
    @Body(new BodyOf(reasonBody)) { reason }: Static<typeof reasonBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.regroup({ caseIds: [caseId], reason, caller, request, response }, ([held], wish, { clocks }) =>
      reopenAsLinked(held!.case, { ...wish, clocks }),
    );
  }

  @Post(':caseId/appeal')
  @HttpCode(200)
  @ApiOperation({ summary: 'The same for a buyer who appeals by letter or telephone; the buyer may also do so at /v1/track' })
  @ApiBody({ schema: reasonBody as object })
  async appeal(
    @Param('caseId') caseId: string,
    @Body(new BodyOf(reasonBody)) { reason }: Static<typeof reasonBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.regroup({ caseIds: [caseId], reason, caller, request, response }, ([held], wish, { clocks }) =>
      appeal(held!.case, reason, { ...wish, clocks }),
    );
  }

  private async regroup({ caseIds, reason, caller, request, response }: Wish, regroup: Regroup): Promise<void> {
    const keyed = keyedRequest(request, caller, this.desk.now());
    const answer = await this.desk.changeTogether({ keyed, ifMatch: request.get('if-match') }, caseIds, (stored, context) => {
      const done = regroup(stored, { by: caller.name, now: context.now, reason }, context);
      if (!done.ok) throw regroupingProblem(done.error);
      return regrouped(done.value, stored, context);
    });
    send(response, answer);
  }
}

/** What was regrouped is decided about at once: policy may ask, or find that nothing is missing. */
export function regrouped({ from, to }: HandedOver, stored: readonly StoredCase[], context: StepContext) {
  const before = stored.find(({ case: { caseId } }) => caseId === to.case.caseId)?.case;
  const { changes, orders } = stepAfter(before, to, context);
  return {
    changes: [from, ...changes],
    orders,
    write: (transaction: Parameters<typeof moveBelongings>[0]) => moveBelongings(transaction, { from, to }),
    answer: (after: (caseId: string) => StoredCase['case']) => answerWith(after(to.case.caseId), toCaseView),
  };
}

import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import type { Result } from '#kernel/result';
import { approveAction, type ApprovalError, type Decided, rejectAction } from '#action/approve';
import type { StepContext } from '#action/step';
import type { Case } from '#case/case';
import { toCaseFile } from '#case/case-file';
import type { Principal } from '#http/api-key-ring';
import { BodyOf } from '#http/body';
import { Caller, Roles } from '#http/roles';
import { findCaseOfAction } from '#apps/casework/store/list-actions';
import { send } from '#apps/casework/api/answer-once';
import { approvalProblem } from '#apps/casework/api/approval-problem';
import { CaseDesk } from '#apps/casework/api/case-desk';
import { keyedRequest } from '#apps/casework/api/keyed-request';
import { withAudit } from '#apps/casework/api/person-steps';
import { approveBody, rejectBody } from '#apps/casework/api/schemas';

/** An approval may come without a body. */
class BodyOrNothing extends BodyOf<typeof approveBody> {
  constructor() {
    super(approveBody);
  }

  override transform(body: unknown): Static<typeof approveBody> {
    return super.transform(body ?? {});
  }
}

interface Decision {
  readonly actionId: string;
  readonly reason: string | undefined;
  readonly caller: Principal;
  readonly request: Request;
  readonly response: Response;
}

@ApiTags('actions')
@ApiHeader({ name: 'Idempotency-Key', required: true })
@ApiHeader({ name: 'If-Match', required: false, description: 'The ETag of the case, or of the action, as you read it.' })
@Roles('approver')
@Controller('v1/actions')
export class ApprovalsController {
  constructor(private readonly desk: CaseDesk) {}

  @Post(':actionId/approve')
  @HttpCode(200)
  @ApiOperation({ summary: 'One of the approvals that an action needs; guards are asked again and may still refuse it' })
  @ApiBody({ schema: approveBody as object, required: false })
  async approve(
    @Param('actionId') actionId: string,
    @Body(new BodyOrNothing()) { reason }: Static<typeof approveBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.decide({ actionId, reason, caller, request, response }, (held, context) =>
      approveAction(held, actionId, caller.name, context),
    );
  }

  @Post(':actionId/reject')
  @HttpCode(200)
  @ApiOperation({ summary: 'Says no, with the reason; policy does not propose it again' })
  @ApiBody({ schema: rejectBody as object })
  async reject(
    @Param('actionId') actionId: string,
    @Body(new BodyOf(rejectBody)) { reason }: Static<typeof rejectBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.decide({ actionId, reason, caller, request, response }, (held, context) =>
      rejectAction(held, actionId, caller.name, reason, context),
    );
  }

  private async decide(
    { actionId, reason, caller, request, response }: Decision,
    step: (held: Case, context: StepContext) => Result<Decided, ApprovalError>,
  ): Promise<void> {
    const keyed = keyedRequest(request, caller, this.desk.now());
    const answer = await this.desk.change(
      { keyed, ifMatch: request.get('if-match') },
      (db) => findCaseOfAction(db, actionId),
      (held, context) => {
        const decided = step(held, context);
        if (!decided.ok) throw approvalProblem(decided.error);
        const { change, order, guard } = decided.value;
        return {
          change: withAudit(change, held, actionId, reason),
          ...(order === undefined ? {} : { order }),
          body: (after) => ({
            ...toCaseFile(after).actions.find((action) => action.actionId === actionId),
            ...(guard === undefined ? {} : { guard }),
            caseId: after.caseId,
            caseNumber: after.number,
            caseRevision: after.revision,
          }),
        };
      },
    );
    send(response, answer);
  }
}

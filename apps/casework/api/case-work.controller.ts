import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import type { InstantMs } from '#kernel/time';
import type { Case, CaseChange } from '#case/case';
import type { ClockSettings } from '#case/clocks';
import { assignCase, escalateNow, tagCase, wakeCase } from '#case/work';
import type { Principal } from '#http/api-key-ring';
import { BodyOf } from '#http/body';
import { ProblemException } from '#http/problem';
import { Caller, Roles } from '#http/roles';
import { writeTags } from '#apps/casework/store/desk-rows';
import type { StoreTransaction } from '#apps/casework/store/store';
import { send } from '#apps/casework/api/answer-once';
import { CaseDesk } from '#apps/casework/api/case-desk';
import { keyedRequest } from '#apps/casework/api/keyed-request';
import { assignBody, reasonBody, tagsBody } from '#apps/casework/api/schemas';
import { toCaseView } from '#apps/casework/api/views';

interface Work {
  readonly caseId: string;
  readonly caller: Principal;
  readonly request: Request;
  readonly response: Response;
}

@ApiTags('cases')
@ApiHeader({ name: 'Idempotency-Key', required: true })
@ApiHeader({ name: 'If-Match', required: false, description: 'The ETag of the case as you read it.' })
@Roles('investigator')
@Controller('v1/cases')
export class CaseWorkController {
  constructor(private readonly desk: CaseDesk) {}

  @Post(':caseId/assign')
  @HttpCode(200)
  @ApiOperation({ summary: 'Gives the case to someone, to the caller, or (null) back to its queue' })
  @ApiBody({ schema: assignBody as object })
  async assign(
    @Param('caseId') caseId: string,
    @Body(new BodyOf(assignBody)) { assignee, reason }: Static<typeof assignBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const to = assignee === undefined ? caller.name : assignee;
    await this.work({ caseId, caller, request, response }, (held, now) => {
      if (held.stage === 'closed') throw notOpen();
      return assignCase(held, to, { by: caller.name, now, reason });
    });
  }

  @Post(':caseId/tags')
  @HttpCode(200)
  @ApiOperation({ summary: 'Replaces the tags of the case' })
  @ApiBody({ schema: tagsBody as object })
  async tag(
    @Param('caseId') caseId: string,
    @Body(new BodyOf(tagsBody)) { tags, reason }: Static<typeof tagsBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.work(
      { caseId, caller, request, response },
      (held, now) => tagCase(held, tags, { by: caller.name, now, reason }),
      ({ case: after }) =>
        (transaction) =>
          writeTags(transaction, after),
    );
  }

  @Post(':caseId/wake')
  @HttpCode(200)
  @ApiOperation({ summary: 'Puts a case that was set aside back into its queue' })
  @ApiBody({ schema: reasonBody as object })
  async wake(
    @Param('caseId') caseId: string,
    @Body(new BodyOf(reasonBody)) { reason }: Static<typeof reasonBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.work({ caseId, caller, request, response }, (held, now) => {
      if (held.snooze === undefined) throw notAside();
      return wakeCase(held, { by: caller.name, now, reason });
    });
  }

  @Post(':caseId/escalate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Goes to the next step of the ladder before the deadline of this one' })
  @ApiBody({ schema: reasonBody as object })
  async escalate(
    @Param('caseId') caseId: string,
    @Body(new BodyOf(reasonBody)) { reason }: Static<typeof reasonBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.work({ caseId, caller, request, response }, (held, now, clocks) => {
      if (held.stage === 'closed') throw notOpen();
      const escalated = escalateNow(held, { by: caller.name, now, clocks, reason });
      if (escalated === undefined) throw nowhereToGo();
      return escalated;
    });
  }

  private async work(
    { caseId, caller, request, response }: Work,
    step: (held: Case, now: InstantMs, clocks: ClockSettings) => CaseChange,
    write?: (change: CaseChange) => (transaction: StoreTransaction) => Promise<void>,
  ): Promise<void> {
    const keyed = keyedRequest(request, caller, this.desk.now());
    const answer = await this.desk.change(
      { keyed, ifMatch: request.get('if-match') },
      () => Promise.resolve(caseId),
      (held, { now, clocks }) => {
        const change = step(held, now, clocks);
        return { change, body: toCaseView, ...(write === undefined ? {} : { write: write(change) }) };
      },
    );
    send(response, answer);
  }
}

const notOpen = (): ProblemException =>
  new ProblemException(409, {
    name: 'already-closed',
    title: 'The case is closed',
    detail: 'nobody works on a closed case: reopen it first',
  });

const nowhereToGo = (): ProblemException =>
  new ProblemException(409, {
    name: 'end-of-ladder',
    title: 'There is no further step',
    detail: 'the case stands on the last step of its ladder, or is about no buyer',
  });

const notAside = (): ProblemException =>
  new ProblemException(409, {
    name: 'not-set-aside',
    title: 'The case is not set aside',
    detail: 'it waits in its queue already',
  });

import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import type { Principal } from '#http/api-key-ring';
import { BodyOf } from '#http/body';
import { ProblemException } from '#http/problem';
import { Caller, Roles } from '#http/roles';
import { send } from '#apps/casework/api/answer-once';
import { CaseDesk } from '#apps/casework/api/case-desk';
import { keyedRequest } from '#apps/casework/api/keyed-request';
import { addNote, decideCase, type DecisionError } from '#apps/casework/api/person-steps';
import { decisionBody, noteBody } from '#apps/casework/api/schemas';
import { toCaseView } from '#apps/casework/api/views';

@ApiTags('cases')
@ApiHeader({ name: 'Idempotency-Key', required: true })
@ApiHeader({ name: 'If-Match', required: false, description: 'The ETag of the case as you read it.' })
@Roles('investigator')
@Controller('v1/cases')
export class CaseDecisionsController {
  constructor(private readonly desk: CaseDesk) {}

  @Post(':caseId/note')
  @HttpCode(200)
  @ApiOperation({ summary: 'Adds a note to the timeline' })
  @ApiBody({ schema: noteBody as object })
  async note(
    @Param('caseId') caseId: string,
    @Body(new BodyOf(noteBody)) { text }: Static<typeof noteBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const keyed = keyedRequest(request, caller, this.desk.now());
    const answer = await this.desk.change(
      { keyed, ifMatch: request.get('if-match') },
      () => Promise.resolve(caseId),
      (held, context) => ({ change: addNote(held, text, { by: caller.name, context }), body: toCaseView }),
    );
    send(response, answer);
  }

  @Post(':caseId/decision')
  @HttpCode(200)
  @ApiOperation({ summary: 'Moves a case to another stage or closes it, with the reason' })
  @ApiBody({ schema: decisionBody as object })
  async decide(
    @Param('caseId') caseId: string,
    @Body(new BodyOf(decisionBody)) decision: Static<typeof decisionBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const keyed = keyedRequest(request, caller, this.desk.now());
    const answer = await this.desk.change(
      { keyed, ifMatch: request.get('if-match') },
      () => Promise.resolve(caseId),
      (held, context) => {
        const decided = decideCase(held, decision, { by: caller.name, context });
        if (!decided.ok) throw alreadyClosed(decided.error);
        return { change: decided.value, body: toCaseView };
      },
    );
    send(response, answer);
  }
}

const alreadyClosed = ({ outcome }: DecisionError): ProblemException =>
  new ProblemException(409, {
    name: 'already-closed',
    title: 'The case is closed',
    detail: `its outcome is ${outcome}: add a note, or wait for a new finding to open it again`,
  });

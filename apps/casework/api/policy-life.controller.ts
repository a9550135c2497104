import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import { approvePolicy, approveRollback, askRollback, putPolicyLive, rejectPolicy, rollBack } from '#action/policy-version';
import type { Principal } from '#http/api-key-ring';
import { BodyOf } from '#http/body';
import { Caller, Roles } from '#http/roles';
import { send } from '#apps/casework/api/answer-once';
import { keyedRequest } from '#apps/casework/api/keyed-request';
import { PolicyDesk } from '#apps/casework/api/policy-desk';
import { requireIfMatch } from '#apps/casework/api/policy-problem';
import { policyBody, reasonBody } from '#apps/casework/api/schemas';

type Reason = Static<typeof reasonBody>;
type Given = Static<typeof policyBody>;

/** A draft, another person's approval, in force, and back again: each step with its reason, each on record. */
@ApiTags('policies')
@ApiHeader({ name: 'Idempotency-Key', required: true })
@Controller('v1/policies')
export class PolicyLifeController {
  constructor(private readonly desk: PolicyDesk) {}

  @Post()
  @HttpCode(200)
  @Roles('investigator', 'approver')
  @ApiOperation({ summary: 'Stores a draft; every fault of the document is answered with its place' })
  @ApiBody({ schema: policyBody as object })
  async draft(
    @Body(new BodyOf(policyBody)) { document, reason }: Given,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    send(response, await this.desk.draft(keyedRequest(request, caller, this.desk.now()), document, reason));
  }

  @Post(':version/revise')
  @HttpCode(200)
  @Roles('investigator', 'approver')
  @ApiHeader({ name: 'If-Match', required: true, description: 'The ETag of the draft as you read it.' })
  @ApiOperation({ summary: 'Puts another text in the place of a draft; its reviser is one of its authors' })
  @ApiBody({ schema: policyBody as object })
  async revise(
    @Param('version') version: string,
    @Body(new BodyOf(policyBody)) { document, reason }: Given,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const keyed = keyedRequest(request, caller, this.desk.now());
    const ifMatch = requireIfMatch(request.get('if-match'));
    send(response, await this.desk.revise({ keyed, version, ifMatch, why: reason }, document));
  }

  @Post(':version/approve')
  @HttpCode(200)
  @Roles('approver')
  @ApiHeader({ name: 'If-Match', required: true, description: 'The ETag of the draft as you read it.' })
  @ApiOperation({ summary: 'Approves a draft that somebody else wrote' })
  @ApiBody({ schema: reasonBody as object })
  async approve(
    @Param('version') version: string,
    @Body(new BodyOf(reasonBody)) { reason }: Reason,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const keyed = keyedRequest(request, caller, this.desk.now());
    const ifMatch = requireIfMatch(request.get('if-match'));
    const asked = { keyed, version, ifMatch, what: 'approved', why: reason };
    send(response, await this.desk.step(asked, (held) => approvePolicy(held, caller.name)));
  }

  @Post(':version/reject')
  @HttpCode(200)
  @Roles('approver')
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiOperation({ summary: 'Says no to a draft, or takes back an approval that is not in force yet' })
  @ApiBody({ schema: reasonBody as object })
  async reject(
    @Param('version') version: string,
    @Body(new BodyOf(reasonBody)) { reason }: Reason,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    send(response, await this.desk.step(this.asked(request, caller, version, 'rejected', reason), rejectPolicy));
  }

  @Post(':version/live')
  @HttpCode(200)
  @Roles('approver')
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiOperation({ summary: 'Puts an approved version in force: every decision from the answer on is made under it' })
  @ApiBody({ schema: reasonBody as object })
  async putLive(
    @Param('version') version: string,
    @Body(new BodyOf(reasonBody)) { reason }: Reason,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    send(response, await this.desk.step(this.asked(request, caller, version, 'live', reason), putPolicyLive));
  }

  @Post(':version/rollback')
  @HttpCode(200)
  @Roles('approver')
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiOperation({ summary: 'Asks to go back to a version that was live before; another person has to agree' })
  @ApiBody({ schema: reasonBody as object })
  async ask(
    @Param('version') version: string,
    @Body(new BodyOf(reasonBody)) { reason }: Reason,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const asked = this.asked(request, caller, version, 'rollback asked', reason);
    send(response, await this.desk.step(asked, (held) => askRollback(held, caller.name, reason, asked.keyed.atMs)));
  }

  @Post(':version/rollback/approve')
  @HttpCode(200)
  @Roles('approver')
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiOperation({ summary: 'Agrees to go back, at once; never the one who asked' })
  @ApiBody({ schema: reasonBody as object })
  async agree(
    @Param('version') version: string,
    @Body(new BodyOf(reasonBody)) { reason }: Reason,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const asked = this.asked(request, caller, version, 'rolled back', reason);
    send(response, await this.desk.step(asked, (held) => approveRollback(held, caller.name)));
  }

  @Post(':version/rollback/emergency')
  @HttpCode(200)
  @Roles('emergency')
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiOperation({ summary: 'Goes back at once, by one person with the role `emergency`, which no other role includes' })
  @ApiBody({ schema: reasonBody as object })
  async emergency(
    @Param('version') version: string,
    @Body(new BodyOf(reasonBody)) { reason }: Reason,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    send(response, await this.desk.step(this.asked(request, caller, version, 'rolled back in an emergency', reason), rollBack));
  }

  private asked(request: Request, caller: Principal, version: string, what: string, why: string) {
    const keyed = keyedRequest(request, caller, this.desk.now());
    return { keyed, version, ifMatch: request.get('if-match'), what, why };
  }
}

import { createHash, randomBytes } from 'node:crypto';
import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import { change, countRevision, entry } from '#case/life';
import type { Principal } from '#http/api-key-ring';
import { BodyOf } from '#http/body';
import { Caller, Roles } from '#http/roles';
import { writeSecret } from '#apps/casework/store/secret-rows';
import { send } from '#apps/casework/api/answer-once';
import { CaseDesk } from '#apps/casework/api/case-desk';
import { keyedRequest } from '#apps/casework/api/keyed-request';
import { secretBody } from '#apps/casework/api/schemas';

/** By what a buyer is known at `/v1/track`: given out by the platform, which knows the buyer, and kept here as a hash only. */
@ApiTags('cases')
@ApiHeader({ name: 'Idempotency-Key', required: true })
@ApiHeader({ name: 'If-Match', required: false, description: 'The ETag of the case as you read it.' })
@Roles('investigator')
@Controller('v1/cases')
export class SecretsController {
  constructor(private readonly desk: CaseDesk) {}

  @Post(':caseId/secret')
  @HttpCode(200)
  @ApiOperation({
    summary: 'A new secret for the buyer, shown this once: the same request again answers without it. The one before is void',
  })
  @ApiBody({ schema: secretBody.anyOf[0] as object, required: false })
  async issue(
    @Param('caseId') caseId: string,
    @Body(new BodyOf(secretBody)) body: Static<typeof secretBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const keyed = keyedRequest(request, caller, this.desk.now());
    const secret = randomBytes(24).toString('base64url');
    const sha256 = createHash('sha256').update(secret).digest('hex');
    const why = body?.reason === undefined ? {} : { why: body.reason };
    let isNew = false;
    const answer = await this.desk.change(
      { keyed, ifMatch: request.get('if-match') },
      () => Promise.resolve(caseId),
      (held, { now }) => ({
        change: countRevision(held, change({ ...held }, [entry(now, 'buyer secret given', why, caller.name)], []))!,
        write: async (transaction) => {
          await writeSecret(transaction, caseId, sha256, caller.name, now);
          isNew = true;
        },
        body: ({ number }) => ({ number, secret: null }),
      }),
    );
    send(response, isNew ? { ...answer, body: { ...(answer.body as object), secret } } : answer);
  }
}

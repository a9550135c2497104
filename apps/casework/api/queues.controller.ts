import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import { queueNames } from '#case/queue';
import { assignCase } from '#case/work';
import type { Principal } from '#http/api-key-ring';
import { BodyOf } from '#http/body';
import { ProblemException } from '#http/problem';
import { Caller, Roles } from '#http/roles';
import { lockNextUnassigned, readQueues } from '#apps/casework/store/desk-rows';
import { send, whenAvailable } from '#apps/casework/api/answer-once';
import { answerWith, CaseDesk } from '#apps/casework/api/case-desk';
import { keyedRequest } from '#apps/casework/api/keyed-request';
import { nextBody } from '#apps/casework/api/schemas';
import { READS } from '#apps/casework/api/tokens';
import type { Store } from '#apps/casework/store/store';
import { toCaseView } from '#apps/casework/api/views';

@ApiTags('queues')
@Controller('v1/queues')
export class QueuesController {
  constructor(
    private readonly desk: CaseDesk,
    @Inject(READS) private readonly db: Store,
  ) {}

  @Get()
  @Roles('viewer')
  @ApiOperation({ summary: 'What waits where: each queue with its unassigned, assigned and overdue cases' })
  async list() {
    const lengths = await whenAvailable(() => readQueues(this.db, this.desk.now()));
    const none = { unassigned: 0, assigned: 0, overdue: 0 };
    return { queues: queueNames.map((queue) => ({ ...none, ...lengths.find((one) => one.queue === queue), queue })) };
  }

  @Post(':queue/next')
  @HttpCode(200)
  @Roles('investigator')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'Takes the most urgent unassigned case of a queue, or of `any`; 204 when none waits' })
  @ApiBody({ schema: nextBody as object, required: false })
  async next(
    @Param('queue') queue: string,
    @Body() body: Static<typeof nextBody> | undefined,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    new BodyOf(nextBody).transform(body ?? {});
    if (queue !== 'any' && !(queueNames as readonly string[]).includes(queue)) throw noSuchQueue(queue);
    const keyed = keyedRequest(request, caller, this.desk.now());
    const answer = await this.desk.work(
      keyed,
      (transaction) => lockNextUnassigned(transaction, queue === 'any' ? undefined : queue),
      ([taken], { now }) => ({
        changes: [assignCase(taken!.case, caller.name, { by: caller.name, now })],
        answer: (after) => answerWith(after(taken!.case.caseId), toCaseView),
      }),
    );
    send(response, answer);
  }
}

const noSuchQueue = (queue: string): ProblemException =>
  new ProblemException(404, {
    name: 'not-found',
    title: 'There is no such queue',
    detail: `${queue} is none of ${queueNames.join(', ')}; any takes from all of them`,
  });

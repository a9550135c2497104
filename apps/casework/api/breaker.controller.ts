import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import type { Pool } from 'pg';
import { formatInstant, hours, minutes } from '#kernel/time';
import type { Principal } from '#http/api-key-ring';
import { BodyOf } from '#http/body';
import { ProblemException } from '#http/problem';
import { Caller, Roles } from '#http/roles';
import type { Transaction } from '#stream/store';
import { type BreakerRow, closeBreaker, isBreakerOpen, openBreaker, readBreaker } from '#apps/casework/store/breaker-rows';
import { lockBudget } from '#apps/casework/store/budget-rows';
import { writePolicyChange } from '#apps/casework/store/policy-changes';
import { readLivePolicy } from '#apps/casework/store/policy-rows';
import { send, whenAvailable } from '#apps/casework/api/answer-once';
import { CaseDesk } from '#apps/casework/api/case-desk';
import { keyedRequest } from '#apps/casework/api/keyed-request';
import { reasonBody } from '#apps/casework/api/schemas';
import { READS } from '#apps/casework/api/tokens';

type Reason = Static<typeof reasonBody>;

/** While it is open everything asks. It opens by itself when refunds leave what is usual, and closes by its end or by a person. */
@ApiTags('policies')
@Controller('v1/breaker')
export class BreakerController {
  constructor(
    private readonly desk: CaseDesk,
    @Inject(READS) private readonly db: Pool,
  ) {}

  @Get()
  @Roles('viewer')
  @ApiOperation({ summary: 'Whether it is open, and its last openings with their figures' })
  async get() {
    const now = this.desk.now();
    return whenAvailable(() => shownAt(this.db, now));
  }

  @Post('open')
  @HttpCode(200)
  @Roles('approver')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'Opens it by hand, for as long as the live policy says: everything asks until then' })
  @ApiBody({ schema: reasonBody as object })
  async open(
    @Body(new BodyOf(reasonBody)) { reason }: Reason,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.turn(request, caller, response, 'breaker opened', reason, async (transaction, now) => {
      const { breaker } = await readLivePolicy(transaction, this.desk.policy, now);
      const until = now + minutes(breaker.openMinutes);
      await openBreaker(transaction, { openedAt: now, openedBy: caller.name, why: reason, figures: null, until });
    });
  }

  @Post('close')
  @HttpCode(200)
  @Roles('approver')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'Closes it, with the reason; it leaves what went out in the last hour alone then' })
  @ApiBody({ schema: reasonBody as object })
  async close(
    @Body(new BodyOf(reasonBody)) { reason }: Reason,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.turn(request, caller, response, 'breaker closed', reason, async (transaction, now) => {
      if ((await closeBreaker(transaction, caller.name, reason, now)) === 0) throw notOpen();
    });
  }

  /** One change, waiting for those who are letting money out and recorded beside the changes of policies. */
  private async turn(
    request: Request,
    caller: Principal,
    response: Response,
    what: string,
    why: string,
    work: (transaction: Transaction, now: number) => Promise<void>,
  ): Promise<void> {
    const keyed = keyedRequest(request, caller, this.desk.now());
    const answer = await this.desk.once(keyed, async (transaction) => {
      await lockBudget(transaction, keyed.atMs - hours(1));
      const before = await shownAt(transaction, keyed.atMs);
      await work(transaction, keyed.atMs);
      const body = await shownAt(transaction, keyed.atMs);
      const open = ({ isOpen }: typeof body) => ({ isOpen });
      const change = { at: keyed.atMs, by: caller.name, what, version: null, before: open(before), after: open(body), why };
      await writePolicyChange(transaction, change);
      return { status: 200, headers: {}, body };
    });
    send(response, answer);
  }
}

async function shownAt(db: Parameters<typeof readBreaker>[0], now: number) {
  const isOpen = await isBreakerOpen(db, now);
  return { isOpen, openings: (await readBreaker(db)).map(toView) };
}

const toView = ({ openedAt, until, closed, ...row }: BreakerRow) => ({
  ...row,
  openedAt: formatInstant(openedAt),
  until: formatInstant(until),
  closed: closed === null ? null : { ...closed, at: formatInstant(closed.at) },
});

const notOpen = (): ProblemException =>
  new ProblemException(409, { name: 'not-open', title: 'The breaker is not open', detail: 'there is nothing to close' });

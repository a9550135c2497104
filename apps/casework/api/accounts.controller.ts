import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import { deriveId } from '#kernel/ids';
import type { Principal } from '#http/api-key-ring';
import { BodyOf } from '#http/body';
import { Caller, Roles } from '#http/roles';
import { send, whenAvailable } from '#apps/casework/api/answer-once';
import { CaseDesk } from '#apps/casework/api/case-desk';
import { alreadyDecided, barProblem, fourEyes, nothingAwaits, noHold } from '#apps/casework/api/erasure-problem';
import { toErasureView, toHoldView } from '#apps/casework/api/erasure-view';
import { keyedRequest } from '#apps/casework/api/keyed-request';
import { reasonBody } from '#apps/casework/api/schemas';
import { ERASURE_WAIT, READS } from '#apps/casework/api/tokens';
import { eraseAccount, erasureIdOf, findErasureBar } from '#apps/casework/privacy/erase-account';
import { type Erasure, listErasures, writeErasure } from '#apps/casework/store/erasure-rows';
import { endHolds, listHolds, lockAccount, writeHold } from '#apps/casework/store/hold-rows';
import { hasKey } from '#apps/casework/store/key-rows';
import type { Store, StoreTransaction } from '#apps/casework/store/store';

interface Asked {
  readonly accountId: string;
  readonly reason: string;
  readonly caller: Principal;
  readonly request: Request;
  readonly response: Response;
}

/**
 * A buyer's personal data: erased for good, or held for those who may need it. One person asks for an erasure, an approver who is another
 * carries it out: nothing brings it back.
 */
@ApiTags('accounts')
@Controller('v1/accounts/:accountId')
export class AccountsController {
  constructor(
    private readonly desk: CaseDesk,
    @Inject(READS) private readonly db: Store,
    @Inject(ERASURE_WAIT) private readonly waitMs: number,
  ) {}

  @Get('erasure')
  @Roles('viewer')
  @ApiOperation({ summary: 'Whether, when and why the buyer was erased, who asked and who agreed, and the legal holds' })
  async show(@Param('accountId') accountId: string) {
    return whenAvailable(() => this.view(this.db, accountId));
  }

  @Post('erasure')
  @HttpCode(200)
  @Roles('investigator')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({
    summary: 'Asks for the erasure of a buyer; asked again while it waits, or when nothing came since, it is the same request',
  })
  @ApiBody({ schema: reasonBody as object })
  async ask(
    @Param('accountId') accountId: string,
    @Body(new BodyOf(reasonBody)) { reason }: Static<typeof reasonBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const keyed = keyedRequest(request, caller, this.desk.now());
    const answer = await this.desk.once(keyed, async (transaction) => {
      await this.requireFree(transaction, accountId, keyed.atMs);
      const [newest] = await listErasures(transaction, accountId, 'lock');
      const isThere = newest?.state === 'done' ? !(await hasKey(transaction, accountId)) : newest?.state === 'awaiting_approval';
      if (!isThere)
        await writeErasure(transaction, {
          ...{ erasureId: erasureIdOf(accountId, keyed.atMs, caller.name), accountId, state: 'awaiting_approval', reason },
          ...{ requestedBy: caller.name, requestedAt: keyed.atMs, decidedBy: null, decidedAt: null, decisionReason: null },
        });
      return { status: 200, headers: {}, body: await this.view(transaction, accountId) };
    });
    send(response, answer);
  }

  @Post('erasure/approve')
  @HttpCode(200)
  @Roles('approver')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'Erases the buyer, as someone else has asked; nothing brings back what is erased' })
  @ApiBody({ schema: reasonBody as object })
  async approve(
    @Param('accountId') accountId: string,
    @Body(new BodyOf(reasonBody)) { reason }: Static<typeof reasonBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const keyed = keyedRequest(request, caller, this.desk.now());
    const answer = await this.desk.onceChanging(keyed, async (transaction, rules) => {
      await lockAccount(transaction, accountId);
      const awaiting = await this.awaiting(transaction, accountId);
      if (awaiting.requestedBy === caller.name) throw fourEyes(awaiting.requestedBy);
      await this.requireFree(transaction, accountId, keyed.atMs);
      const { requestedBy, reason: ground } = awaiting;
      const erasing = { now: keyed.atMs, reason: ground, by: caller.name, requestedBy };
      const effects = await eraseAccount(transaction, rules, accountId, erasing);
      await this.decide(transaction, awaiting, 'done', caller, keyed.atMs, reason);
      return { answer: { status: 200, headers: {}, body: await this.view(transaction, accountId) }, effects };
    });
    send(response, answer);
  }

  @Post('erasure/reject')
  @HttpCode(200)
  @Roles('investigator', 'approver')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'Says no to the erasure that waits, or takes it back' })
  @ApiBody({ schema: reasonBody as object })
  async reject(
    @Param('accountId') accountId: string,
    @Body(new BodyOf(reasonBody)) { reason }: Static<typeof reasonBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.change({ accountId, reason, caller, request, response }, async (transaction, at) =>
      this.decide(transaction, await this.awaiting(transaction, accountId), 'rejected', caller, at, reason),
    );
  }

  @Post('legal-hold')
  @HttpCode(200)
  @Roles('investigator', 'approver')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'Holds what is kept of a buyer: nothing of it is erased or forgotten until the hold ends' })
  @ApiBody({ schema: reasonBody as object })
  async hold(
    @Param('accountId') accountId: string,
    @Body(new BodyOf(reasonBody)) { reason }: Static<typeof reasonBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.change({ accountId, reason, caller, request, response }, async (transaction, at) => {
      const holdId = deriveId('hold', accountId, at, caller.name);
      const hold = { holdId, accountId, reason, by: caller.name, at, endedBy: null, endedAt: null, endReason: null };
      await writeHold(transaction, hold);
    });
  }

  @Post('legal-hold/end')
  @HttpCode(200)
  @Roles('approver')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'Ends the legal holds on a buyer' })
  @ApiBody({ schema: reasonBody as object })
  async endHold(
    @Param('accountId') accountId: string,
    @Body(new BodyOf(reasonBody)) { reason }: Static<typeof reasonBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.change({ accountId, reason, caller, request, response }, async (transaction, at) => {
      if ((await endHolds(transaction, accountId, caller.name, at, reason)) === 0) throw noHold();
    });
  }

  private async change(
    { accountId, caller, request, response }: Asked,
    work: (transaction: StoreTransaction, at: number) => Promise<void>,
  ): Promise<void> {
    const keyed = keyedRequest(request, caller, this.desk.now());
    const answer = await this.desk.once(keyed, async (transaction) => {
      await lockAccount(transaction, accountId);
      await work(transaction, keyed.atMs);
      return { status: 200, headers: {}, body: await this.view(transaction, accountId) };
    });
    send(response, answer);
  }

  private async requireFree(transaction: StoreTransaction, accountId: string, now: number): Promise<void> {
    const bar = await findErasureBar(transaction, accountId, { now, waitMs: this.waitMs });
    if (bar !== undefined) throw barProblem(bar);
  }

  private async awaiting(transaction: StoreTransaction, accountId: string): Promise<Erasure> {
    const [newest] = await listErasures(transaction, accountId, 'lock');
    if (newest === undefined) throw nothingAwaits();
    if (!isAwaiting(newest)) throw alreadyDecided(newest);
    return newest;
  }

  private decide(
    transaction: StoreTransaction,
    erasure: Erasure,
    state: 'done' | 'rejected',
    { name }: Principal,
    at: number,
    reason: string,
  ): Promise<void> {
    return writeErasure(transaction, { ...erasure, state, decidedBy: name, decidedAt: at, decisionReason: reason });
  }

  private async view(db: Store, accountId: string) {
    const erasures = await listErasures(db, accountId);
    const holds = await listHolds(db, accountId);
    return { accountId, erasures: erasures.map(toErasureView), legalHolds: holds.map(toHoldView) };
  }
}

const isAwaiting = ({ state }: Erasure): boolean => state === 'awaiting_approval';

import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import { days, type InstantMs, parseInstant } from '#kernel/time';
import type { Case } from '#case/case';
import { isDismissed, type Snooze } from '#case/suppression';
import { snoozeCase } from '#case/work';
import type { FindingKind } from '#detection/finding';
import type { Principal } from '#http/api-key-ring';
import { BodyOf } from '#http/body';
import { ProblemException } from '#http/problem';
import { Caller, mayAct, Roles } from '#http/roles';
import { readLivePolicy } from '#apps/casework/store/policy-rows';
import { endSnooze, listSnoozes, lockSnooze, writeSnooze } from '#apps/casework/store/suppression-rows';
import { send, whenAvailable } from '#apps/casework/api/answer-once';
import { CaseDesk, nothingThere } from '#apps/casework/api/case-desk';
import { keyedRequest } from '#apps/casework/api/keyed-request';
import { cutPage, pageOf } from '#apps/casework/api/pages';
import { dismissFindings } from '#apps/casework/api/person-steps';
import { QueriesOf, QueryOf } from '#apps/casework/api/query-of';
import { caseSnoozeBody, reasonBody, snoozeBody, snoozeQuery } from '#apps/casework/api/schemas';
import { READS } from '#apps/casework/api/tokens';
import type { Store } from '#apps/casework/store/store';
import { toCaseView, toSnoozeView } from '#apps/casework/api/views';

/** What is expected for longer is a setting, not a snooze. */
const LONGEST_MS = days(366);

/**
 * A kind of finding is expected of one buyer or merchant: those that become true before the snooze ends open no case. A merchant's
 * concerns many buyers, so that an approver is needed for it.
 */
@ApiTags('snoozes')
@Controller('v1')
export class SnoozesController {
  constructor(
    private readonly desk: CaseDesk,
    @Inject(READS) private readonly db: Store,
  ) {}

  @Get('snoozes')
  @Roles('viewer')
  @ApiOperation({
    summary: 'Snoozes, newest first, with the number of findings that each keeps from becoming cases; and those of the policy',
  })
  @QueriesOf(snoozeQuery)
  async list(@Query(new QueryOf(snoozeQuery)) { active, ...query }: Static<typeof snoozeQuery>) {
    const filter = { ...query, activeAt: active === undefined ? undefined : this.desk.now() };
    const found = await whenAvailable(() => listSnoozes(this.db, filter, pageOf(query)));
    const policy = await whenAvailable(() => readLivePolicy(this.db, this.desk.policy, this.desk.now()));
    const { rows, nextCursor } = cutPage(found, query.limit, ({ at, snoozeId }) => ({ atMs: at, id: snoozeId }));
    return { snoozes: rows.map(toSnoozeView), policy: policy.snoozes.map(toSnoozeView), nextCursor };
  }

  @Post('snoozes')
  @HttpCode(200)
  @Roles('investigator', 'approver')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'Snoozes a kind for one buyer or merchant until an end, with the reason' })
  @ApiBody({ schema: snoozeBody as object })
  async snooze(
    @Body(new BodyOf(snoozeBody)) { kind, accountId, merchantId, until, reason }: Static<typeof snoozeBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if ((accountId === undefined) === (merchantId === undefined)) throw badSnooze('send either accountId or merchantId');
    if (merchantId !== undefined) requireApprover(caller);
    const keyed = keyedRequest(request, caller, this.desk.now());
    const whom = accountId === undefined ? { merchantId: merchantId! } : { accountId };
    const made = snoozeOf(kind as FindingKind, whom, readEnd(until, keyed.atMs), reason, caller);
    const answer = await this.desk.once(keyed, async (transaction) => {
      await writeSnooze(transaction, made, keyed.atMs, null);
      return { status: 200, headers: {}, body: toSnoozeView({ ...made, at: keyed.atMs, caseId: null, suppressed: 0 }) };
    });
    send(response, answer);
  }

  @Post('cases/:caseId/snooze')
  @HttpCode(200)
  @Roles('investigator', 'approver')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiHeader({ name: 'If-Match', required: false, description: 'The ETag of the case as you read it.' })
  @ApiOperation({
    summary:
      'With a kind: snoozes it for the buyer or merchant of the case, which closes as withdrawn when nothing else is open. ' +
      'Without: sets the case itself aside',
  })
  @ApiBody({ schema: caseSnoozeBody as object })
  async snoozeCase(
    @Param('caseId') caseId: string,
    @Body(new BodyOf(caseSnoozeBody)) body: Static<typeof caseSnoozeBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { reason } = body;
    const keyed = keyedRequest(request, caller, this.desk.now());
    const until = readEnd(body.until, keyed.atMs);
    const desk = { keyed, ifMatch: request.get('if-match') };
    const find = () => Promise.resolve(caseId);
    if (!('kind' in body)) {
      const aside = await this.desk.change(desk, find, (held, { now }) => {
        if (held.stage === 'closed') throw badSnooze('the case is closed: it waits in no queue');
        return { change: snoozeCase(held, until, { by: caller.name, now, reason }), body: toCaseView };
      });
      return send(response, aside);
    }
    if (body.for === 'merchant') requireApprover(caller);
    const answer = await this.desk.change(desk, find, (held, context) => {
      const findings = held.findings.filter((finding) => finding.kind === body.kind);
      if (findings.length === 0) throw badSnooze(`the case holds no finding of kind ${body.kind}`);
      const whom = body.for === 'buyer' ? buyerOf(held) : { merchantId: merchantOf(held, body.kind) };
      const made = snoozeOf(body.kind as FindingKind, whom, until, reason, caller);
      const fresh = findings.filter((finding) => !isDismissed(held, finding));
      const more = { snoozeId: made.snoozeId, kind: made.kind, until: body.until, ...whom };
      const dismissing = { findings: fresh, how: 'snooze', reason, outcome: 'withdrawn', more } as const;
      return {
        change: dismissFindings(held, dismissing, { by: caller.name, context }),
        write: (transaction) => writeSnooze(transaction, made, keyed.atMs, caseId),
        body: (after) => ({ ...toCaseView(after), snooze: toSnoozeView({ ...made, at: keyed.atMs, caseId }) }),
      };
    });
    send(response, answer);
  }

  @Post('snoozes/:snoozeId/end')
  @HttpCode(200)
  @Roles('investigator', 'approver')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'Ends a snooze now; what it kept from becoming cases stays listed' })
  @ApiBody({ schema: reasonBody as object })
  async end(
    @Param('snoozeId') snoozeId: string,
    @Body(new BodyOf(reasonBody)) { reason }: Static<typeof reasonBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const keyed = keyedRequest(request, caller, this.desk.now());
    const answer = await this.desk.once(keyed, async (transaction) => {
      const held = await lockSnooze(transaction, snoozeId);
      if (held === undefined) throw nothingThere();
      if (held.ended !== undefined || held.until <= keyed.atMs) throw alreadyEnded();
      await endSnooze(transaction, snoozeId, caller.name, keyed.atMs, reason);
      const after = { ...held, until: keyed.atMs, ended: { by: caller.name, at: keyed.atMs, reason } };
      return { status: 200, headers: {}, body: toSnoozeView(after) };
    });
    send(response, answer);
  }
}

const snoozeOf = (
  kind: FindingKind,
  whom: Pick<Snooze, 'accountId' | 'merchantId'>,
  until: InstantMs,
  reason: string,
  { name: by }: Principal,
): Snooze => ({ snoozeId: `s-${randomUUID()}`, kind, ...whom, until, reason, by });

function buyerOf({ accountId }: Case): { readonly accountId: string } {
  if (accountId === null) throw badSnooze('the case is about no buyer: snooze the merchant');
  return { accountId };
}

/** The one merchant of the findings that are meant. */
function merchantOf({ findings }: Case, kind: string): string {
  const merchants = new Set(
    findings
      .filter((finding) => finding.kind === kind)
      .map(({ merchantId, scope }) => (scope?.kind === 'merchant' ? scope.key : merchantId)),
  );
  const [merchant] = merchants;
  if (merchants.size === 1 && merchant !== undefined) return merchant;
  throw badSnooze(
    merchants.size > 1 ? 'these findings are about several merchants: use POST /v1/snoozes' : 'they name no merchant',
  );
}

function readEnd(text: string, now: InstantMs): InstantMs {
  const until = parseInstant(text);
  if (until === undefined) throw badSnooze(`until is an instant such as 2026-06-30T00:00:00Z; found ${JSON.stringify(text)}`);
  if (until <= now || until > now + LONGEST_MS) throw badSnooze('until lies ahead, by 366 days at most');
  return until;
}

function requireApprover(caller: Principal): void {
  if (mayAct(caller, ['approver'])) return;
  throw new ProblemException(403, {
    name: 'forbidden',
    title: 'An approver is needed',
    detail: 'a snooze of a merchant concerns many buyers: ask someone with the role approver',
  });
}

const badSnooze = (detail: string): ProblemException =>
  new ProblemException(400, { name: 'invalid-snooze', title: 'This cannot be snoozed', detail });

const alreadyEnded = (): ProblemException =>
  new ProblemException(409, {
    name: 'already-ended',
    title: 'The snooze has ended',
    detail: 'make a new one where it is needed',
  });

import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Pool } from 'pg';
import { formatInstant, type InstantMs, parseInstant } from '#kernel/time';
import type { Endpoint } from '#config/schema';
import type { Principal } from '#http/api-key-ring';
import { BodyOf } from '#http/body';
import { ProblemException } from '#http/problem';
import { Caller, Roles } from '#http/roles';
import { StoreUnavailable } from '#stream/store';
import { readTries } from '#apps/actuator/hooks/delivery-log';
import { disable, enable, type HookStanding, sendAgain, sendTest, standingOf } from '#apps/actuator/hooks/hook-desk';
import { reasonBody, redeliverBody, resendBody } from '#apps/actuator/hooks/schemas';
import { HOOKS, POOL } from '#apps/actuator/hooks/tokens';
import { queryOf } from '#apps/actuator/query';

const LIMIT_MAX = 200;

/** The endpoints of the configuration: how they stand, what was tried, and sending again. Who they are is not changed here. */
@ApiTags('hooks')
@Controller('v1/hooks')
export class HooksController {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    @Inject(HOOKS) private readonly hooks: readonly Endpoint[],
  ) {}

  @Get()
  @Roles('investigator', 'approver')
  @ApiOperation({ summary: 'Who is told, of what, and what waits, failed or arrived' })
  async list() {
    const names = this.hooks.map(({ name }) => name);
    const standings = new Map((await this.ask(() => standingOf(queryOf(this.pool), names))).map((one) => [one.name, one]));
    return {
      hooks: this.hooks.map(({ name, url, types = [], kinds = [] }) => ({
        ...{ name, host: new URL(url).host, types, kinds },
        ...viewOf(standings.get(name)!),
      })),
    };
  }

  @Get(':name/deliveries')
  @Roles('investigator', 'approver')
  @ApiOperation({ summary: 'Every try of the last thirty days, newest first' })
  @ApiQuery({ name: 'limit', required: false, description: `1 to ${LIMIT_MAX}; 50 if not said` })
  @ApiQuery({ name: 'before', required: false, description: 'The `number` of the last one seen.' })
  async deliveries(@Param('name') name: string, @Query('limit') limit?: string, @Query('before') before?: string) {
    this.require(name);
    const page = {
      limit: readCount('limit', limit, LIMIT_MAX) ?? 50,
      before: readCount('before', before, Number.MAX_SAFE_INTEGER),
    };
    const tries = await this.ask(() => readTries(queryOf(this.pool), name, page));
    return { deliveries: tries.map(({ at, ...one }) => ({ ...one, at: formatInstant(at) })) };
  }

  @Post(':name/resend')
  @HttpCode(200)
  @Roles('investigator', 'approver')
  @ApiOperation({ summary: 'Sends notices again, by id, whatever became of them' })
  @ApiBody({ schema: resendBody as object })
  async resend(
    @Param('name') name: string,
    @Body(new BodyOf(resendBody)) { noticeIds, reason }: Static<typeof resendBody>,
    @Caller() { name: by }: Principal,
  ) {
    this.require(name);
    return { notices: await this.ask(() => sendAgain(this.pool, name, { noticeIds }, { by, reason, now: Date.now() })) };
  }

  @Post(':name/redeliver')
  @HttpCode(200)
  @Roles('admin')
  @ApiOperation({ summary: 'Sends everything again that was said in a time, the end not included' })
  @ApiBody({ schema: redeliverBody as object })
  async redeliver(
    @Param('name') name: string,
    @Body(new BodyOf(redeliverBody)) { from, until, types, reason }: Static<typeof redeliverBody>,
    @Caller() { name: by }: Principal,
  ) {
    this.require(name);
    const range = { from: readInstant('/from', from), until: readInstant('/until', until), types };
    if (range.from >= range.until) throw badRange('/until', 'it lies after `from`');
    return { notices: await this.ask(() => sendAgain(this.pool, name, range, { by, reason, now: Date.now() })) };
  }

  @Post(':name/test')
  @HttpCode(200)
  @Roles('investigator', 'approver')
  @ApiOperation({ summary: 'Sends a `hook.test`, signed as every notice is' })
  async test(@Param('name') name: string, @Caller() { name: by }: Principal) {
    this.require(name);
    return { noticeId: await this.ask(() => sendTest(this.pool, name, { by, now: Date.now() })) };
  }

  @Post(':name/enable')
  @HttpCode(200)
  @Roles('admin')
  @ApiOperation({ summary: 'Sends to an endpoint that was disabled, and what it has missed' })
  @ApiBody({ schema: reasonBody as object })
  async enable(
    @Param('name') name: string,
    @Body(new BodyOf(reasonBody)) { reason }: Static<typeof reasonBody>,
    @Caller() { name: by }: Principal,
  ) {
    this.require(name);
    return { notices: await this.ask(() => enable(this.pool, name, { by, reason, now: Date.now() })) };
  }

  @Post(':name/disable')
  @HttpCode(200)
  @Roles('admin')
  @ApiOperation({ summary: 'Sends nothing more to an endpoint; what is said meanwhile is kept' })
  @ApiBody({ schema: reasonBody as object })
  async disable(
    @Param('name') name: string,
    @Body(new BodyOf(reasonBody)) { reason }: Static<typeof reasonBody>,
    @Caller() { name: by }: Principal,
  ) {
    this.require(name);
    return { notices: await this.ask(() => disable(this.pool, name, { by, reason, now: Date.now() })) };
  }

  private require(name: string): void {
    if (this.hooks.some((hook) => hook.name === name)) return;
    const detail = `there are ${this.hooks.map((hook) => hook.name).join(', ') || 'none'}: see actuator.hooks in the configuration`;
    throw new ProblemException(404, { name: 'not-found', title: 'There is no such hook', detail });
  }

  /** A database that cannot be reached is 503: the caller may try again. */
  private async ask<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      const detail = 'nothing was changed: send the same request again in a moment';
      throw new ProblemException(503, { name: 'unavailable', title: 'The database cannot be reached', detail });
    }
  }
}

const viewOf = ({ name: _, disabledAt, oldestWaitingAt, ...counts }: HookStanding) => ({
  disabledAt: instantOrNull(disabledAt),
  ...counts,
  oldestWaitingAt: instantOrNull(oldestWaitingAt),
});

const instantOrNull = (at: InstantMs | null): string | null => (at === null ? null : formatInstant(at));

function readCount(name: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1 && count <= max) return count;
  throw new ProblemException(400, {
    name: 'bad-query',
    title: `The parameter ${name} does not fit`,
    detail: `a number from 1 to ${max}`,
  });
}

function readInstant(pointer: string, text: string): InstantMs {
  const at = parseInstant(text);
  if (at === undefined) throw badRange(pointer, `an instant such as 2026-06-30T00:00:00Z; found ${JSON.stringify(text)}`);
  return at;
}

const badRange = (pointer: string, detail: string): ProblemException =>
  new ProblemException(400, { name: 'invalid-body', title: 'The body does not fit', members: { errors: [{ pointer, detail }] } });

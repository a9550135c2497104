import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import type { Pool } from 'pg';
import { Roles } from '#http/roles';
import { listPolicyChanges } from '#apps/casework/store/policy-changes';
import { listPolicies, readPolicyRow } from '#apps/casework/store/policy-rows';
import { whenAvailable } from '#apps/casework/api/answer-once';
import { nothingThere } from '#apps/casework/api/case-desk';
import { entityTag, isUnchanged } from '#apps/casework/api/entity-tag';
import { cutPage, pageOf } from '#apps/casework/api/pages';
import { toPolicyChangeView, toPolicyRow, toPolicyView } from '#apps/casework/api/policy-view';
import { QueriesOf, QueryOf } from '#apps/casework/api/query-of';
import { policyChangeQuery, policyQuery } from '#apps/casework/api/schemas';
import { READS } from '#apps/casework/api/tokens';

@ApiTags('policies')
@Roles('viewer')
@Controller('v1/policies')
export class PoliciesController {
  constructor(@Inject(READS) private readonly db: Pool) {}

  @Get()
  @ApiOperation({ summary: 'Versions of the policy, newest first' })
  @QueriesOf(policyQuery)
  async list(@Query(new QueryOf(policyQuery)) query: Static<typeof policyQuery>) {
    const found = await whenAvailable(() => listPolicies(this.db, query, pageOf(query)));
    const positionOf = ({ createdAt, held }: (typeof found)[number]) => ({ atMs: createdAt, id: held.version });
    const { rows, nextCursor } = cutPage(found, query.limit, positionOf);
    return { policies: rows.map(toPolicyRow), nextCursor };
  }

  @Get('changes')
  @ApiOperation({ summary: 'Who did what to which version, newest first: before, after and why' })
  @QueriesOf(policyChangeQuery)
  async changes(@Query(new QueryOf(policyChangeQuery)) query: Static<typeof policyChangeQuery>) {
    const found = await whenAvailable(() => listPolicyChanges(this.db, query, pageOf(query)));
    const { rows, nextCursor } = cutPage(found, query.limit, ({ sequence }) => ({ atMs: sequence, id: '' }));
    return { changes: rows.map(toPolicyChangeView), nextCursor };
  }

  @Get('live')
  @ApiOperation({ summary: 'The policy that decides now' })
  async live(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.show({ state: 'live' }, request, response);
  }

  @Get(':version')
  @ApiOperation({ summary: 'One version with what it says' })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'The ETag that you have: 304 when it is still the newest.' })
  async get(@Param('version') version: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.show({ version }, request, response);
  }

  private async show(which: Parameters<typeof readPolicyRow>[1], request: Request, response: Response): Promise<void> {
    const found = await whenAvailable(() => readPolicyRow(this.db, which));
    if (found === undefined) throw nothingThere();
    response.set({ etag: entityTag(found.held.revision), 'cache-control': 'private, no-cache' });
    if (!('state' in which) && isUnchanged(request, found.held.revision)) response.status(304).end();
    else response.json(toPolicyView(found));
  }
}

import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Response } from 'express';
import { Roles } from '#http/roles';
import { listActions, readAction } from '#apps/casework/store/list-actions';
import { whenAvailable } from '#apps/casework/api/answer-once';
import { nothingThere } from '#apps/casework/api/case-desk';
import { entityTag } from '#apps/casework/api/entity-tag';
import { cutPage, pageOf } from '#apps/casework/api/pages';
import { QueriesOf, QueryOf } from '#apps/casework/api/query-of';
import { actionQuery } from '#apps/casework/api/schemas';
import { READS } from '#apps/casework/api/tokens';
import type { Store } from '#apps/casework/store/store';
import { toActionListing } from '#apps/casework/api/views';

@ApiTags('actions')
@Roles('viewer')
@Controller('v1/actions')
export class ActionsController {
  constructor(@Inject(READS) private readonly db: Store) {}

  @Get()
  @ApiOperation({ summary: 'Actions, newest proposed first; those that wait for people have state awaiting_approval' })
  @QueriesOf(actionQuery)
  async list(@Query(new QueryOf(actionQuery)) query: Static<typeof actionQuery>) {
    const page = pageOf(query);
    const found = await whenAvailable(() => listActions(this.db, query, page));
    const positionOf = (row: (typeof found)[number]) => ({ atMs: row.proposedAtMs, id: row.action.actionId });
    const { rows, nextCursor } = cutPage(found, query.limit, positionOf);
    return { actions: rows.map(toActionListing), nextCursor };
  }

  @Get(':actionId')
  @ApiOperation({ summary: 'One action; its ETag is that of its case' })
  async get(@Param('actionId') actionId: string, @Res() response: Response): Promise<void> {
    const found = await whenAvailable(() => readAction(this.db, actionId));
    if (found === undefined) throw nothingThere();
    response.set({ etag: entityTag(found.revision), 'cache-control': 'private, no-cache' }).json(toActionListing(found));
  }
}

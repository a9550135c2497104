import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import { Roles } from '#http/roles';
import { searchCases } from '#apps/casework/store/search-cases';
import { whenAvailable } from '#apps/casework/api/answer-once';
import { cutPage, pageOf } from '#apps/casework/api/pages';
import { QueriesOf, QueryOf } from '#apps/casework/api/query-of';
import { searchQuery } from '#apps/casework/api/schemas';
import { READS } from '#apps/casework/api/tokens';
import type { Store } from '#apps/casework/store/store';
import { toCaseRow } from '#apps/casework/api/views';

@ApiTags('cases')
@Roles('viewer')
@Controller('v1/search')
export class SearchController {
  constructor(@Inject(READS) private readonly db: Store) {}

  @Get()
  @ApiOperation({ summary: 'Cases by whatever a buyer or a bank quotes, newest opened first' })
  @QueriesOf(searchQuery)
  async search(@Query(new QueryOf(searchQuery)) { q, ...query }: Static<typeof searchQuery>) {
    const found = await whenAvailable(() => searchCases(this.db, q, pageOf(query)));
    const { rows, nextCursor } = cutPage(found, query.limit, ({ openedAt, caseId }) => ({ atMs: openedAt, id: caseId }));
    return { cases: rows.map(toCaseRow), nextCursor };
  }
}

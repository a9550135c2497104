import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import { Roles } from '#http/roles';
import { listFindings, type ListedFinding } from '#apps/casework/store/list-findings';
import { whenAvailable } from '#apps/casework/api/answer-once';
import { cutPage, pageOf } from '#apps/casework/api/pages';
import { QueriesOf, QueryOf } from '#apps/casework/api/query-of';
import { findingQuery } from '#apps/casework/api/schemas';
import { READS } from '#apps/casework/api/tokens';
import type { Store } from '#apps/casework/store/store';

@ApiTags('findings')
@Roles('viewer')
@Controller('v1/findings')
export class FindingsController {
  constructor(@Inject(READS) private readonly db: Store) {}

  @Get()
  @ApiOperation({ summary: 'Findings, newest first; possible ones and those in shadow are listed here and open no case' })
  @QueriesOf(findingQuery)
  async list(@Query(new QueryOf(findingQuery)) query: Static<typeof findingQuery>) {
    const page = pageOf(query);
    const found = await whenAvailable(() => listFindings(this.db, query, page));
    const positionOf = (row: (typeof found)[number]) => ({ atMs: Date.parse(row.finding.at), id: row.finding.findingId });
    const { rows, nextCursor } = cutPage(found, query.limit, positionOf);
    return { findings: rows.map(toListed), nextCursor };
  }
}

const toListed = ({ finding, caseId, suppressed }: ListedFinding) => ({
  ...finding,
  caseId,
  ...(suppressed === null ? {} : { suppressed }),
});

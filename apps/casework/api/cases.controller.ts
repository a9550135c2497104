import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import { formatInstant } from '#kernel/time';
import { accrualsOf } from '#case/accruals';
import { readCaseNumber } from '#case/number';
import { Roles } from '#http/roles';
import { readCase } from '#apps/casework/store/case-rows';
import { readEntries } from '#apps/casework/store/entry-rows';
import { type CaseFilter, listCases } from '#apps/casework/store/list-cases';
import { whenAvailable } from '#apps/casework/api/answer-once';
import { CaseDesk, nothingThere } from '#apps/casework/api/case-desk';
import { entityTag, isUnchanged } from '#apps/casework/api/entity-tag';
import { cutPage, pageOf } from '#apps/casework/api/pages';
import { badQuery, QueriesOf, QueryOf } from '#apps/casework/api/query-of';
import { caseQuery, timelineQuery } from '#apps/casework/api/schemas';
import { READS } from '#apps/casework/api/tokens';
import type { Store } from '#apps/casework/store/store';
import { toCaseRow, toCaseView, toTimelineLine } from '#apps/casework/api/views';

@ApiTags('cases')
@Roles('viewer')
@Controller('v1/cases')
export class CasesController {
  constructor(
    @Inject(READS) private readonly db: Store,
    private readonly desk: CaseDesk,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Cases, newest opened first' })
  @QueriesOf(caseQuery)
  async list(@Query(new QueryOf(caseQuery)) query: Static<typeof caseQuery>) {
    const page = pageOf(query);
    const found = await whenAvailable(() => listCases(this.db, filterOf(query), page));
    const { rows, nextCursor } = cutPage(found, query.limit, ({ openedAt, caseId }) => ({ atMs: openedAt, id: caseId }));
    return { cases: rows.map(toCaseRow), nextCursor };
  }

  @Get(':caseId')
  @ApiOperation({ summary: 'One case with its findings and payments' })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'The ETag that you have: 304 when it is still the newest.' })
  async get(@Param('caseId') caseId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const held = await whenAvailable(() => readCase(this.db, caseId));
    if (held === undefined) throw nothingThere();
    response.set({ etag: entityTag(held.revision), 'cache-control': 'private, no-cache' });
    if (isUnchanged(request, held.revision)) response.status(304).end();
    else response.json(toCaseView(held));
  }

  @Get(':caseId/accruals')
  @ApiOperation({
    summary: 'What the law gives the buyer while the loss stands: daily compensation, provisional credit, as of now',
  })
  async accruals(@Param('caseId') caseId: string) {
    const held = await whenAvailable(() => readCase(this.db, caseId));
    if (held === undefined) throw nothingThere();
    const asOf = this.desk.now();
    return { asOf: formatInstant(asOf), accruals: accrualsOf(held, asOf) };
  }

  @Get(':caseId/timeline')
  @ApiOperation({ summary: 'Who did what, when: the evidence of a case, oldest first, each line linked to the one before' })
  @QueriesOf(timelineQuery)
  async timeline(@Param('caseId') caseId: string, @Query(new QueryOf(timelineQuery)) query: Static<typeof timelineQuery>) {
    const { limit, after } = pageOf(query);
    const lines = await whenAvailable(() => readEntries(this.db, caseId, { afterSequence: after?.atMs ?? 0, limit: limit + 1 }));
    if (lines.length === 0 && after === undefined) throw nothingThere();
    const { rows, nextCursor } = cutPage(lines, limit, ({ sequence }) => ({ atMs: sequence, id: caseId }));
    return { entries: rows.map(toTimelineLine), nextCursor };
  }
}

function filterOf({ minLossMinor, currency, number, ...query }: Static<typeof caseQuery>): CaseFilter {
  if ((minLossMinor === undefined) !== (currency === undefined)) {
    throw badQuery('minLossMinor', 'send minLossMinor and currency together: amounts of two currencies do not compare');
  }
  const known = number === undefined ? undefined : readCaseNumber(number);
  if (number !== undefined && known === undefined) {
    throw badQuery(
      'number',
      'its check character does not fit: compare it with what the buyer was given, such as MW-1A2B-3C4D-5E6F-7',
    );
  }
  const minLoss = minLossMinor === undefined ? undefined : { minor: minLossMinor, currency: currency! };
  return { ...query, number: known, minLoss };
}

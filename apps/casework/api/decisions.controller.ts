import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import { formatInstant } from '#kernel/time';
import { deedOf, differencesOf, replayDecision, uncounted } from '#action/decision';
import type { Policy } from '#action/policy';
import { storedPolicy } from '#action/policy-document';
import { Roles } from '#http/roles';
import { listDecisions, positionOf, readDecision, type StoredDecision } from '#apps/casework/store/decision-rows';
import { readPolicyRow } from '#apps/casework/store/policy-rows';
import type { Store } from '#apps/casework/store/store';
import { whenAvailable } from '#apps/casework/api/answer-once';
import { nothingThere } from '#apps/casework/api/case-desk';
import { cutPage, pageOf } from '#apps/casework/api/pages';
import { badQuery, QueriesOf, QueryOf } from '#apps/casework/api/query-of';
import { decisionQuery, replayQuery, replaysQuery } from '#apps/casework/api/schemas';
import { READS } from '#apps/casework/api/tokens';

/** What policy decided, with all that it saw; and what another version, a draft too, would decide of the same. */
@ApiTags('policies')
@Roles('viewer')
@Controller('v1/decisions')
export class DecisionsController {
  constructor(@Inject(READS) private readonly db: Store) {}

  @Get()
  @ApiOperation({ summary: 'Decisions, newest first, each with the version of the policy under which it was made' })
  @QueriesOf(decisionQuery)
  async list(@Query(new QueryOf(decisionQuery)) query: Static<typeof decisionQuery>) {
    const found = await whenAvailable(() => listDecisions(this.db, query, pageOf(query)));
    const { rows, nextCursor } = cutPage(found, query.limit, positionOf);
    return { decisions: rows.map(toRow), nextCursor };
  }

  @Get('replay')
  @ApiOperation({
    summary: 'Decides a page of decisions again under another version; those that come out otherwise, with what differs',
  })
  @QueriesOf(replaysQuery)
  async replayAll(@Query(new QueryOf(replaysQuery)) { policy: version, ...query }: Static<typeof replaysQuery>) {
    const policy = await this.policyOf(version);
    const found = await whenAvailable(() => listDecisions(this.db, query, pageOf(query)));
    const { rows, nextCursor } = cutPage(found, query.limit, positionOf);
    const replayed = rows.map((row) => toReplay(row, policy)).filter(({ differences }) => differences.length > 0);
    return { policyVersion: version, compared: rows.length, differing: replayed.length, decisions: replayed, nextCursor };
  }

  @Get(':decisionId')
  @ApiOperation({ summary: 'One decision with all that it saw' })
  async get(@Param('decisionId') decisionId: string) {
    const found = await this.find(decisionId);
    return { ...toRow(found), input: { ...found.input, at: formatInstant(found.input.at) } };
  }

  @Get(':decisionId/replay')
  @ApiOperation({ summary: 'Decides it again under another version, and says what differs; the same version gives the same' })
  @QueriesOf(replayQuery)
  async replay(
    @Param('decisionId') decisionId: string,
    @Query(new QueryOf(replayQuery)) { policy: version }: Static<typeof replayQuery>,
  ) {
    const found = await this.find(decisionId);
    return toReplay(found, await this.policyOf(version));
  }

  private async find(decisionId: string): Promise<StoredDecision> {
    const found = await whenAvailable(() => readDecision(this.db, decisionId));
    if (found === undefined) throw nothingThere();
    return found;
  }

  private async policyOf(version: string): Promise<Policy> {
    const found = await whenAvailable(() => readPolicyRow(this.db, { version }));
    if (found === undefined) throw badQuery('policy', `there is no policy ${version}: GET /v1/policies lists them`);
    return storedPolicy(found.document);
  }
}

const toRow = ({ decisionId, caseId, policyVersion, input, actions }: StoredDecision) => ({
  decisionId,
  caseId,
  at: formatInstant(input.at),
  policyVersion,
  actions: actions.map(deedOf),
});

function toReplay(decision: StoredDecision, policy: Policy) {
  const replayed = replayDecision(decision.input, policy);
  return {
    ...toRow(decision),
    replayed: { policyVersion: policy.version, actions: replayed.map(deedOf) },
    differences: differencesOf(decision.actions, replayed),
    /** Limits that were not counted at the time: taken as if nothing had gone out under them. */
    uncounted: uncounted(decision.input, policy),
  };
}

import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ladderPacks } from '#case/ladder-pack';
import type { Log } from '#stream/log';
import { seconds } from '#kernel/time';
import { Roles } from '#http/roles';
import { readEvidence } from '#apps/casework/store/read-evidence';
import { evidenceOf } from '#apps/casework/evidence/evidence';
import { readRawEvents } from '#apps/casework/evidence/raw-events';
import { packEvidence } from '#apps/casework/evidence/pack';
import { whenAvailable } from '#apps/casework/api/answer-once';
import { CaseDesk, nothingThere } from '#apps/casework/api/case-desk';
import { LOG, READS } from '#apps/casework/api/tokens';
import type { Store } from '#apps/casework/store/store';

/** Longer nobody waits for an archive; what was not found by then is named in it. */
const EVENTS_MS = seconds(10);

@ApiTags('cases')
@Controller('v1/cases')
export class EvidenceController {
  constructor(
    private readonly desk: CaseDesk,
    @Inject(READS) private readonly db: Store,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Get(':caseId/evidence')
  @Roles('investigator', 'approver')
  @ApiProduces('application/json', 'application/zip')
  @ApiOperation({
    summary:
      'What a case rests on, its chain checked: as JSON, or with `Accept: application/zip` as one archive with a summary to read',
  })
  async evidence(@Param('caseId') caseId: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const found = await whenAvailable(() => readEvidence(this.db, caseId));
    if (found === undefined) throw nothingThere();
    const evidence = evidenceOf(found.case, found.entries, found.head, this.desk.now());
    response.set('cache-control', 'private, no-store');
    if (request.accepts(['application/json', 'application/zip']) !== 'application/zip') {
      response.json(evidence);
      return;
    }
    const { accountId, findings, erased } = found.case;
    const eventIds = [...new Set(findings.flatMap((finding) => finding.eventIds))];
    const raw =
      erased === undefined
        ? await readRawEvents(this.log, accountId, eventIds, EVENTS_MS)
        : { events: [], missing: { eventIds, why: `the buyer was erased: ${erased.reason}` } };
    response
      .type('application/zip')
      .attachment(`${found.case.number}.zip`)
      .send(await packEvidence(evidence, { raw, policy: this.desk.policy, packs: ladderPacks(found.case) }));
  }
}

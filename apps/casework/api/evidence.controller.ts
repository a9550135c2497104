import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Roles } from '#http/roles';
import { readEvidence } from '#apps/casework/store/read-evidence';
import { evidenceOf } from '#apps/casework/evidence/evidence';
import { packEvidence } from '#apps/casework/evidence/pack';
import { whenAvailable } from '#apps/casework/api/answer-once';
import { CaseDesk, nothingThere } from '#apps/casework/api/case-desk';
import { READS } from '#apps/casework/api/tokens';
import type { Store } from '#apps/casework/store/store';

@ApiTags('cases')
@Controller('v1/cases')
export class EvidenceController {
  constructor(
    private readonly desk: CaseDesk,
    @Inject(READS) private readonly db: Store,
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
    response
      .type('application/zip')
      .attachment(`${found.case.number}.zip`)
      .send(await packEvidence(evidence));
  }
}

import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import type { Case } from '#case/case';
import { duplicateKinds, isDismissed, type Mark } from '#case/suppression';
import type { Finding } from '#detection/finding';
import type { Principal } from '#http/api-key-ring';
import { BodyOf } from '#http/body';
import { ProblemException } from '#http/problem';
import { Caller, Roles } from '#http/roles';
import { readFinding, suppressedBy, suppressFinding } from '#apps/casework/store/finding-rows';
import { writeMarks } from '#apps/casework/store/suppression-rows';
import { send, whenAvailable } from '#apps/casework/api/answer-once';
import { CaseDesk, nothingThere } from '#apps/casework/api/case-desk';
import { keyedRequest } from '#apps/casework/api/keyed-request';
import { dismissFindings } from '#apps/casework/api/person-steps';
import { markBody, notADuplicateBody } from '#apps/casework/api/schemas';
import { READS } from '#apps/casework/api/tokens';
import type { Store } from '#apps/casework/store/store';
import { toCaseView } from '#apps/casework/api/views';

interface Marking {
  readonly caseId: string;
  readonly findingId: string | undefined;
  readonly reason: string;
  readonly caller: Principal;
  readonly request: Request;
  readonly response: Response;
}

/** "Not a duplicate", once and for all: the same payments open no case again, whatever is said of them later. */
@ApiHeader({ name: 'Idempotency-Key', required: true })
@ApiHeader({ name: 'If-Match', required: false, description: 'The ETag of the case as you read it.' })
@Roles('investigator')
@Controller('v1')
export class MarksController {
  constructor(
    private readonly desk: CaseDesk,
    @Inject(READS) private readonly db: Store,
  ) {}

  @Post('cases/:caseId/not-a-duplicate')
  @HttpCode(200)
  @ApiTags('cases')
  @ApiOperation({ summary: 'Takes the duplicates out of a case for good; the case closes as rejected when nothing else is open' })
  @ApiBody({ schema: notADuplicateBody as object })
  async markCase(
    @Param('caseId') caseId: string,
    @Body(new BodyOf(notADuplicateBody)) { findingId, reason }: Static<typeof notADuplicateBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.markInCase({ caseId, findingId, reason, caller, request, response });
  }

  @Post('findings/:findingId/not-a-duplicate')
  @HttpCode(200)
  @ApiTags('findings')
  @ApiOperation({ summary: 'The same for one finding, also one that is only listed and in no case' })
  @ApiBody({ schema: markBody as object })
  async markFinding(
    @Param('findingId') findingId: string,
    @Body(new BodyOf(markBody)) { reason }: Static<typeof markBody>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const known = await whenAvailable(() => readFinding(this.db, findingId));
    if (known === undefined) throw nothingThere();
    if (known.caseId !== null) return this.markInCase({ caseId: known.caseId, findingId, reason, caller, request, response });
    const keyed = keyedRequest(request, caller, this.desk.now());
    const answer = await this.desk.once(keyed, async (transaction) => {
      const held = await readFinding(transaction, findingId, 'lock');
      if (held === undefined || held.caseId !== null) throw openedMeanwhile();
      if (!duplicateKinds.includes(held.finding.kind)) throw noDuplicate();
      const mark = markOf(held.finding, reason, caller.name, keyed.atMs);
      await writeMarks(transaction, [mark]);
      await suppressFinding(transaction, findingId, suppressedBy(mark));
      return { status: 200, headers: {}, body: { ...held.finding, caseId: null, suppressed: suppressedBy(mark) } };
    });
    send(response, answer);
  }

  private async markInCase({ caseId, findingId, reason, caller, request, response }: Marking): Promise<void> {
    const keyed = keyedRequest(request, caller, this.desk.now());
    const answer = await this.desk.change(
      { keyed, ifMatch: request.get('if-match') },
      () => Promise.resolve(caseId),
      (held, context) => {
        const findings = duplicatesOf(held, findingId);
        const marks = findings.map((finding) => markOf(finding, reason, caller.name, context.now));
        const dismissing = { findings, how: 'not-a-duplicate', reason, outcome: 'rejected' } as const;
        return {
          change: dismissFindings(held, dismissing, { by: caller.name, context }),
          write: (transaction) => writeMarks(transaction, marks),
          body: toCaseView,
        };
      },
    );
    send(response, answer);
  }
}

/** Those that the mark is about and that are still in the case. */
function duplicatesOf(held: Case, findingId: string | undefined): readonly Finding[] {
  const named = held.findings.filter((finding) => findingId === undefined || finding.findingId === findingId);
  if (named.length === 0) throw nothingThere();
  const duplicates = named.filter(({ kind }) => duplicateKinds.includes(kind));
  if (duplicates.length === 0) throw noDuplicate();
  const fresh = duplicates.filter((finding) => !isDismissed(held, finding));
  if (fresh.length > 0) return fresh;
  throw new ProblemException(409, {
    name: 'already-marked',
    title: 'It is marked already',
    detail: 'the mark holds for good; nothing more needs to be done',
  });
}

const markOf = ({ findingId, kind, accountId, paymentIds }: Finding, reason: string, by: string, at: number): Mark => ({
  ...{ findingId, kind, accountId, paymentIds },
  ...{ reason, by, at },
});

const noDuplicate = (): ProblemException =>
  new ProblemException(409, {
    name: 'no-duplicate',
    title: 'It is about no duplicate',
    detail: `only findings of kind ${duplicateKinds.join(' or ')} are marked; close the case with a decision, or snooze the kind`,
  });

const openedMeanwhile = (): ProblemException =>
  new ProblemException(409, {
    name: 'opened-meanwhile',
    title: 'The finding became a case in the meantime',
    detail: 'send the same request again: it then changes that case',
  });

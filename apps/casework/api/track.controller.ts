import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import { answered, appeal, BUYER, hearBuyer } from '#case/buyer-acts';
import { BodyOf } from '#http/body';
import { Public } from '#http/roles';
import { addFile } from '#apps/casework/api/add-file';
import { send, whenAvailable } from '#apps/casework/api/answer-once';
import { CaseDesk } from '#apps/casework/api/case-desk';
import { keyedRequest } from '#apps/casework/api/keyed-request';
import { fileTypes } from '#apps/casework/api/media-type';
import { QueriesOf, QueryOf } from '#apps/casework/api/query-of';
import { readFile } from '#apps/casework/api/read-file';
import { regrouped } from '#apps/casework/api/regrouping.controller';
import { appealProblem } from '#apps/casework/api/regrouping-problem';
import { buyerTextBody, trackFileQuery, trackQuery } from '#apps/casework/api/schemas';
import { READS } from '#apps/casework/api/tokens';
import type { Store } from '#apps/casework/store/store';
import { type BuyersCase, caseOfBuyer, languageOf, viewForBuyer } from '#apps/casework/api/track';

type TrackQuery = Static<typeof trackQuery>;

interface Heard {
  readonly number: string;
  readonly query: TrackQuery;
  readonly request: Request;
  readonly response: Response;
}

/**
 * Where a buyer follows a case and speaks in it: by its number and the secret that came with it, in `X-Case-Secret` (or as a bearer
 * token, or `?secret=`). A number that is not there and a secret that is wrong are answered alike.
 */
@ApiTags('track')
@ApiHeader({ name: 'X-Case-Secret', required: false, description: 'What the buyer was given with the number.' })
@ApiHeader({ name: 'Accept-Language', required: false, description: 'English or Chinese.' })
@Public()
@Controller('v1/track/:number')
export class TrackController {
  constructor(
    private readonly desk: CaseDesk,
    @Inject(READS) private readonly db: Store,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What happened, where it stands, by when, and what is needed from the buyer' })
  @QueriesOf(trackQuery)
  async track(
    @Param('number') number: string,
    @Query(new QueryOf(trackQuery)) query: TrackQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const held = await whenAvailable(() => caseOfBuyer(this.db, number, request, query.secret));
    await this.show(held.current.caseId, { number, query, request, response });
  }

  @Post('message')
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'The buyer writes, or answers what was asked' })
  @ApiBody({ schema: buyerTextBody as object })
  @QueriesOf(trackQuery)
  async message(
    @Param('number') number: string,
    @Query(new QueryOf(trackQuery)) query: TrackQuery,
    @Body(new BodyOf(buyerTextBody)) { text }: Static<typeof buyerTextBody>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.hear({ number, query, request, response }, 'buyer wrote', text);
  }

  @Post('complaint')
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'The buyer complains about how the case goes' })
  @ApiBody({ schema: buyerTextBody as object })
  @QueriesOf(trackQuery)
  async complaint(
    @Param('number') number: string,
    @Query(new QueryOf(trackQuery)) query: TrackQuery,
    @Body(new BodyOf(buyerTextBody)) { text }: Static<typeof buyerTextBody>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.hear({ number, query, request, response }, 'buyer complained', text);
  }

  @Post('evidence')
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'The buyer sends a file, as the body' })
  @ApiConsumes(...fileTypes)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @QueriesOf(trackFileQuery)
  async evidence(
    @Param('number') number: string,
    @Query(new QueryOf(trackFileQuery)) query: Static<typeof trackFileQuery>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const held = await whenAvailable(() => caseOfBuyer(this.db, number, request, query.secret));
    const file = await readFile(request);
    const keyed = this.keyed(held, request, file.sha256);
    const adding = { ...file, caseId: held.current.caseId, name: query.name, by: BUYER };
    const answer = await addFile(
      this.desk,
      keyed,
      undefined,
      adding,
      ({ fileId, name, bytes, sha256 }) => ({ status: 200, headers: {}, body: { fileId, name, bytes, sha256 } }),
      answered,
    );
    send(response, answer);
  }

  @Post('appeal')
  @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'The buyer does not agree with how people closed the case: it goes on as a linked one' })
  @ApiBody({ schema: buyerTextBody as object })
  @QueriesOf(trackQuery)
  async appeal(
    @Param('number') number: string,
    @Query(new QueryOf(trackQuery)) query: TrackQuery,
    @Body(new BodyOf(buyerTextBody)) { text }: Static<typeof buyerTextBody>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const held = await whenAvailable(() => caseOfBuyer(this.db, number, request, query.secret));
    const keyed = this.keyed(held, request);
    await this.desk.changeTogether({ keyed, ifMatch: undefined }, [held.current.caseId], (stored, context) => {
      const done = appeal(stored[0]!.case, text, context);
      if (!done.ok) throw appealProblem(done.error);
      return { ...regrouped(done.value, stored, context), answer: () => ({ status: 200, headers: {}, body: {} }) };
    });
    await this.show(held.current.caseId, { number, query, request, response });
  }

  private async hear(heard: Heard, what: Parameters<typeof hearBuyer>[1], text: string): Promise<void> {
    const { number, query, request } = heard;
    const held = await whenAvailable(() => caseOfBuyer(this.db, number, request, query.secret));
    await this.desk.change(
      { keyed: this.keyed(held, request), ifMatch: undefined },
      () => Promise.resolve(held.current.caseId),
      (subject, { now }) => ({ change: hearBuyer(subject, what, text, now), body: () => ({}) }),
    );
    await this.show(held.current.caseId, heard);
  }

  private keyed({ asked: { caseId } }: BuyersCase, request: Request, contentSha256?: string) {
    return keyedRequest(request, { name: `buyer of ${caseId}` }, this.desk.now(), contentSha256);
  }

  private async show(caseId: string, { query, request, response }: Heard): Promise<void> {
    const language = languageOf(request, query.lang);
    const view = await whenAvailable(() => viewForBuyer(this.db, caseId, language, this.desk.now()));
    response.set({ 'content-language': language, vary: 'Accept-Language', 'cache-control': 'private, no-store' }).json(view);
  }
}

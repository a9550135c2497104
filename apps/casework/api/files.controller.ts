import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from '@sinclair/typebox';
import type { Request, Response } from 'express';
import { formatInstant } from '#kernel/time';
import type { Principal } from '#http/api-key-ring';
import { ProblemException } from '#http/problem';
import { Caller, Roles } from '#http/roles';
import { readCase } from '#apps/casework/store/case-rows';
import { listFiles, readFileContent, type StoredFile } from '#apps/casework/store/file-rows';
import { addFile } from '#apps/casework/api/add-file';
import { send, whenAvailable } from '#apps/casework/api/answer-once';
import { CaseDesk, nothingThere } from '#apps/casework/api/case-desk';
import { entityTag } from '#apps/casework/api/entity-tag';
import { keyedRequest } from '#apps/casework/api/keyed-request';
import { fileTypes } from '#apps/casework/api/media-type';
import { QueriesOf, QueryOf } from '#apps/casework/api/query-of';
import { readFile } from '#apps/casework/api/read-file';
import { fileQuery } from '#apps/casework/api/schemas';
import { READS } from '#apps/casework/api/tokens';
import type { Store } from '#apps/casework/store/store';

export const toFileView = ({ erasedAt, ...file }: StoredFile) => ({
  ...file,
  at: formatInstant(file.at),
  ...(erasedAt === undefined ? {} : { erasedAt: formatInstant(erasedAt) }),
});

@ApiTags('files')
@Controller('v1/cases/:caseId/files')
export class FilesController {
  constructor(
    private readonly desk: CaseDesk,
    @Inject(READS) private readonly db: Store,
  ) {}

  @Get()
  @Roles('viewer')
  @ApiOperation({ summary: 'The files of a case, oldest first' })
  async list(@Param('caseId') caseId: string) {
    const files = await whenAvailable(() => listFiles(this.db, caseId));
    if (files.length === 0 && (await whenAvailable(() => readCase(this.db, caseId))) === undefined) throw nothingThere();
    return { files: files.map(toFileView) };
  }

  @Post()
  @HttpCode(200)
  @Roles('investigator')
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiHeader({ name: 'If-Match', required: false, description: 'The ETag of the case as you read it.' })
  @ApiOperation({ summary: 'Adds a file, sent as the body; its bytes must be what content-type says' })
  @ApiConsumes(...fileTypes)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @QueriesOf(fileQuery)
  async add(
    @Param('caseId') caseId: string,
    @Query(new QueryOf(fileQuery)) { name }: Static<typeof fileQuery>,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const file = await readFile(request);
    const keyed = keyedRequest(request, caller, this.desk.now(), file.sha256);
    const adding = { ...file, caseId, name, by: caller.name };
    const answer = await addFile(this.desk, keyed, request.get('if-match'), adding, (added, after) => ({
      status: 200,
      headers: { etag: entityTag(after.revision) },
      body: toFileView(added),
    }));
    send(response, answer);
  }

  @Get(':fileId')
  @Roles('viewer')
  @ApiOperation({ summary: 'The file itself, to be saved rather than shown' })
  async get(@Param('caseId') caseId: string, @Param('fileId') fileId: string, @Res() response: Response): Promise<void> {
    const file = await whenAvailable(() => readFileContent(this.db, caseId, fileId));
    if (file === undefined) throw nothingThere();
    if (file.content === null) throw erased(file);
    response
      .set({
        'content-type': file.mediaType,
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': 'private, no-store',
        etag: `"${file.sha256}"`,
      })
      .end(file.content);
  }
}

const erased = ({ sha256, erasedAt }: StoredFile): ProblemException =>
  new ProblemException(410, {
    name: 'erased',
    title: 'The file was erased',
    detail: `its hash stays in the chain: ${sha256}${erasedAt === undefined ? '' : `; erased ${formatInstant(erasedAt)}`}`,
  });

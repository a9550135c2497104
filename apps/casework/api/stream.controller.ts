import { Controller, Get, Inject, type OnModuleDestroy, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ProblemException } from '#http/problem';
import { Roles } from '#http/roles';
import type { Log } from '#stream/log';
import { badQuery } from '#apps/casework/api/query-of';
import { LOG } from '#apps/casework/api/tokens';
import { streamCases } from '#apps/casework/live/case-stream';
import { parsePosition } from '#apps/casework/live/stream-position';

/** Each is a reader of the log of its own. [ours] */
const STREAMS_MAX = 100;

@ApiTags('cases')
@Controller('v1/stream')
export class StreamController implements OnModuleDestroy {
  private readonly open = new Set<Response>();

  constructor(@Inject(LOG) private readonly log: Log) {}

  @Get()
  @Roles('viewer')
  @ApiProduces('text/event-stream')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last event seen: all that came after it is sent.',
  })
  @ApiOperation({
    summary: 'Changes of cases as they happen, as server-sent events; `reset` says that some are gone: read the lists again',
  })
  async stream(@Req() request: Request, @Res() response: Response): Promise<void> {
    const id = request.get('last-event-id') ?? '';
    const from = id === '' ? undefined : parsePosition(id);
    if (id !== '' && from === undefined) throw badQuery('Last-Event-ID', 'send the id of an event as it was given, or none');
    if (this.open.size >= STREAMS_MAX) throw tooMany();
    this.open.add(response);
    response.set({ 'content-type': 'text/event-stream', 'cache-control': 'private, no-store', 'x-accel-buffering': 'no' });
    try {
      await streamCases(this.log, response, from);
    } finally {
      this.open.delete(response);
    }
  }

  /** Readers come back elsewhere; a stop does not wait for them. */
  onModuleDestroy(): void {
    for (const response of this.open) response.destroy();
  }
}

const tooMany = (): ProblemException =>
  new ProblemException(503, {
    name: 'too-many-streams',
    title: 'Too many streams are open',
    detail: `this process serves ${STREAMS_MAX}: try again in a moment`,
    headers: { 'retry-after': '5' },
  });

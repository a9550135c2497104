import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Principal } from '#http/api-key-ring';
import { Caller, Roles } from '#http/roles';
import { EventIntake } from '#apps/gateway/event-intake';

/** `POST /v1/events`: one event or a batch, taken whole or not at all. */
@ApiTags('events')
@Controller('v1/events')
export class EventsController {
  constructor(@Inject(EventIntake) private readonly intake: EventIntake) {}

  @Post()
  @HttpCode(202)
  @Roles('ingest')
  @ApiConsumes('application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json', 'application/x-ndjson')
  @ApiBody({ description: 'CloudEvents 1.0: one, an array, or one a line', schema: { type: 'object' } })
  @ApiResponse({
    status: 202,
    description: 'Durable in the log',
    schema: { type: 'object', properties: { accepted: { type: 'integer' } } },
  })
  @ApiResponse({ status: 400, description: 'Every bad event by index and JSON pointer; none was accepted' })
  @ApiResponse({ status: 413, description: 'Too many bytes or events in one request, or one event that is too long' })
  @ApiResponse({ status: 429, description: 'Too many events a second: see Retry-After' })
  @ApiResponse({ status: 503, description: 'The log did not confirm in time: send the same events again' })
  async accept(@Req() request: Request, @Caller() caller: Principal): Promise<{ accepted: number }> {
    return { accepted: await this.intake.accept(request, caller.name) };
  }
}

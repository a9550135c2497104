import { Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '#http/roles';
import { WebhookIntake } from '#apps/gateway/webhook-intake';

/** `POST /v1/webhooks/{provider}`: the signature is the authority, so there is no API key. */
@ApiTags('webhooks')
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(@Inject(WebhookIntake) private readonly intake: WebhookIntake) {}

  @Post(':provider')
  @HttpCode(202)
  @Public()
  @ApiOperation({ summary: 'A webhook of a payment provider, signed by it', security: [] })
  @ApiParam({ name: 'provider', enum: ['stripe', 'adyen'] })
  @ApiBody({ description: 'The provider’s own JSON', schema: { type: 'object' } })
  @ApiProduces('application/json', 'text/plain')
  @ApiResponse({ status: 202, description: 'Everything that it tells is durable in the log' })
  @ApiResponse({ status: 401, description: 'No signature, a wrong one, or one that is more than five minutes old' })
  @ApiResponse({ status: 404, description: 'No secret is configured for this provider' })
  @ApiResponse({ status: 413, description: 'The webhook is too large' })
  @ApiResponse({ status: 429, description: 'Too many webhooks a second: see Retry-After' })
  @ApiResponse({ status: 503, description: 'The log did not confirm in time: send it again' })
  async accept(
    @Param('provider') provider: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const { type, text } = await this.intake.accept(provider, request);
    response.type(type);
    return text;
  }
}

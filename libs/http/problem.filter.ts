import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import type { Logger } from '#telemetry/logger';
import { problem, ProblemException, type Problem } from '#http/problem';

const names: Readonly<Record<number, readonly [name: string, title: string]>> = {
  400: ['bad-request', 'The request cannot be read'],
  401: ['unauthenticated', 'An API key is needed'],
  403: ['forbidden', 'This API key may not do that'],
  404: ['not-found', 'There is nothing here'],
  405: ['method-not-allowed', 'This address does not take that method'],
  409: ['conflict', 'The request contradicts the present state'],
  412: ['precondition-failed', 'It was changed in the meantime: read it again'],
  413: ['too-large', 'The request is too large'],
  415: ['unsupported-media-type', 'This content type is not taken'],
  428: ['precondition-required', 'Send If-Match with the ETag that you read'],
  429: ['too-many-requests', 'Too many requests: wait a little'],
  503: ['unavailable', 'Not available at the moment: try again'],
};

/** Answers every error as problem+json. An unexpected one is logged in full and told to the caller as nothing but a 500. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const answer = toProblem(error);
    if (answer.status >= 500 && !(error instanceof HttpException))
      this.logger.error({ err: error }, 'request failed unexpectedly');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error instanceof ProblemException) response.set(error.headers);
    response.status(answer.status).type('application/problem+json').send(JSON.stringify(answer));
  }
}

function toProblem(error: unknown): Problem {
  if (error instanceof ProblemException) return error.problem;
  const status = statusOf(error);
  const [name, title] = names[status] ?? ['internal', 'Something went wrong here: it is logged'];
  const told = status < 500 && error instanceof Error ? error.message : undefined;
  return problem(names[status] === undefined ? 500 : status, name, title, told);
}

/** Nest's own exceptions and those of the body parser (http-errors) carry their status. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

import type { LoggerService } from '@nestjs/common';
import type { Logger } from '#telemetry/logger';

/** Nest's own lines in our log: its chatter about routes and modules is debugging. */
export const nestLogger = (logger: Logger): LoggerService => ({
  log: (message: unknown) => logger.debug({ from: 'nest' }, String(message)),
  warn: (message: unknown) => logger.warn({ from: 'nest' }, String(message)),
  error: (message: unknown) =>
    logger.error({ from: 'nest', ...(message instanceof Error ? { err: message } : {}) }, String(message)),
});

import { destination, pino, type Logger as PinoLogger } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Fields first, then what happened in a few words: `logger.info({ findingId, kind }, 'finding opened')`. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

/** What must never stand in a log, wherever a caller put it. */
const hidden = ['secret', 'password', 'authorization', 'apiKey', 'instrument', 'shipTo', 'context', 'text'];

/** JSON lines on stderr (stdout is for data), one line a decision. */
export function createLogger(service: string, level: LogLevel): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: hidden.flatMap((name) => [name, `*.${name}`]), censor: '***' },
    },
    destination({ fd: 2, sync: true }),
  );
}

export const silentLogger: Logger = pino({ level: 'silent' });

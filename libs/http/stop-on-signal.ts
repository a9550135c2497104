import type { Logger } from '#telemetry/logger';

/** A terminal signals the whole group and a launcher passes its own on: both are one wish. */
const ECHO_MS = 1_000;

/** Resolves with the exit code once SIGTERM or SIGINT came and `close` is done; a second signal after that ends the process at once. */
export function stopOnSignal(close: () => Promise<void>, logger: Logger): Promise<number> {
  return new Promise((resolve) => {
    let stoppingSince = Number.POSITIVE_INFINITY;
    const stop = (signal: NodeJS.Signals): void => {
      if (performance.now() > stoppingSince + ECHO_MS) process.exit(1);
      if (stoppingSince !== Number.POSITIVE_INFINITY) return;
      stoppingSince = performance.now();
      logger.info({ signal }, 'stopping');
      close().then(
        () => resolve(0),
        (error: unknown) => {
          logger.error({ err: error }, 'stopped with a fault');
          resolve(1);
        },
      );
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}

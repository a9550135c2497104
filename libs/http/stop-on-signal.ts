import type { Logger } from '#telemetry/logger';

/** Resolves with the exit code once SIGTERM or SIGINT came and `close` is done; a second signal ends the process at once. */
export function stopOnSignal(close: () => Promise<void>, logger: Logger): Promise<number> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (stopping) process.exit(1);
      stopping = true;
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

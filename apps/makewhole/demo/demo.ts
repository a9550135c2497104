import { seconds } from '#kernel/time';
import { createLogger } from '#telemetry/logger';
import type { DemoOptions } from '#apps/makewhole/demo/command';
import { type OpenServices, Play } from '#apps/makewhole/demo/play';
import { hasFailed, tellResult } from '#apps/makewhole/demo/report';
import { buildStageSet, type StageSet } from '#apps/makewhole/demo/stage-set';
import { describeErrno, errnoOf, failed } from '#apps/makewhole/failure';
import type { ServiceName } from '#apps/makewhole/service-names';
import { startServices } from '#apps/makewhole/services';
import type { Terminal } from '#apps/makewhole/terminal';

const PREFERRED_PORT = 8080;

/** The product seen in a minute; resolves with the exit code. */
export async function demo(options: DemoOptions, terminal: Terminal): Promise<number> {
  const endAt = options.seconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + seconds(options.seconds);
  const stop = abortOnSignal();
  terminal.note('starting an embedded Postgres and a simulated provider');
  const play: { current?: Play } = {};
  const set = await buildStageSet({
    seed: options.seed,
    tell: async (events) => {
      if (play.current === undefined) throw new Error('the gateway is not there yet');
      await play.current.hear(events);
    },
  });
  try {
    play.current = new Play({ seed: options.seed, endAt, signal: stop, set, terminal, open: opener(options.port, set) });
    const result = await play.current.perform();
    tellResult(result, terminal);
    return hasFailed(result) ? 1 : 0;
  } finally {
    await play.current?.close();
    await set.strike();
  }
}

/** The first signal ends the play and gives its result; a later one ends the process. */
function abortOnSignal(): AbortSignal {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (!stop.signal.aborted) setTimeout(() => process.on('SIGINT', () => process.exit(1)), seconds(1)).unref();
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  return stop.signal;
}

/** Starts services on the port asked for; without one on 8080 if that is free, and the same port each time. */
function opener(asked: number | undefined, set: StageSet): OpenServices {
  const logger = createLogger('demo', 'error');
  let port = asked ?? PREFERRED_PORT;
  const start = (names: readonly ServiceName[]) =>
    startServices(names, { config: set.configFor(port), log: set.log, databaseUrl: set.database.url, logger });
  return async (names) => {
    try {
      const services = await start(names);
      port = Number(new URL(services.url).port);
      return services;
    } catch (error) {
      if (errnoOf(error) !== 'EADDRINUSE') throw error;
      if (asked !== undefined) throw failed(`${describeErrno(error, `port ${asked}`)}: choose another with --port`);
      port = 0;
      const services = await start(names);
      port = Number(new URL(services.url).port);
      return services;
    }
  };
}

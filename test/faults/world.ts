import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startEmbeddedPostgres, type EmbeddedPostgres } from '#postgres/embedded';
import { freePorts } from '#test/kafka/free-port';

import { startAnswerSwallower, type AnswerSwallower } from './answer-swallower';
import { projectRoot } from './build';
import { type ProviderFiles, providerFiles } from './emulators';
import type { EmulatorsProcessOptions } from './emulators-main';
import { Feeder } from './feeder';
import { startLog, type LogKind, type LogUnderTest } from './log-under-test';
import { ServiceProcess } from './service-process';
import { appendPayments } from './provider-payments';
import { worldConfig } from './world-config';

export const serviceNames = ['gateway', 'detector', 'casework', 'actuator'] as const;
export type ServiceName = (typeof serviceNames)[number];

export interface WorldOptions {
  readonly seed: number;
  readonly log: LogKind;
  /** What `buildServices` compiled. */
  readonly program: string;
  readonly providerProgram: string;
  readonly emulatorsProgram: string;
}

/** A whole installation made of real processes, each of which can be hurt. */
export interface World {
  readonly directory: string;
  readonly program: string;
  readonly configFile: string;
  /** What the platform's endpoint did. */
  readonly providerRecord: string;
  /** What Stripe, Adyen and PayPal keep. */
  readonly providerFiles: ProviderFiles;
  /** Those three, as one process. */
  readonly providers: ServiceProcess;
  /** What receivers of notices heard. */
  readonly noticeRecord: string;
  readonly databaseUrl: string;
  readonly log: LogUnderTest;
  readonly proxy: AnswerSwallower;
  readonly feeder: Feeder;
  /** Environment of the services and of `makewhole verify`. */
  readonly env: Readonly<Record<string, string>>;
  service(name: ServiceName): ServiceProcess;
  /** A second process of a service, on a port of its own; ended with the world. */
  startAnother(name: ServiceName): Promise<ServiceProcess>;
  killPostgres(): Promise<void>;
  restartPostgres(): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorld({ seed, log: kind, program, providerProgram, emulatorsProgram }: WorldOptions): Promise<World> {
  const directory = join(projectRoot, '.state', 'faults', `${process.pid}-${kind}-${seed}-${Date.now()}`);
  mkdirSync(directory, { recursive: true });
  const [postgresPort, providerPort, hookPort, readyPort, stripe, adyen, paypal, ...servicePorts] = (await freePorts(
    7 + serviceNames.length,
  )) as [number, number, number, number, number, number, number, ...number[]];
  const emulatorPorts = { stripe, adyen, paypal };
  const startPostgres = (): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({ directory: join(directory, 'postgres'), port: postgresPort, durable: true });
  let postgres = await startPostgres();
  const log = await startLog(kind);
  const proxy = await startAnswerSwallower({ host: '127.0.0.1', port: postgresPort });
  const portOf = (name: ServiceName): number => servicePorts[serviceNames.indexOf(name)] as number;
  const config = worldConfig({ providerPort, emulatorPorts, hookPort, seed });
  const configFile = join(directory, 'makewhole.json');
  writeFileSync(configFile, JSON.stringify(config.document, undefined, 2));
  const gatewayUrl = `http://127.0.0.1:${portOf('gateway')}`;
  const proxied = new URL(postgres.url);
  proxied.port = String(proxy.port);
  const env = { DATABASE_URL: proxied.href, ...(log.brokers.length > 0 ? { KAFKA_BROKERS: log.brokers.join(',') } : {}) };
  const providerRecord = join(directory, 'provider.ndjson');
  writeFileSync(providerRecord, '');
  const files = providerFiles(directory);
  appendPayments(files.payments, []);
  const noticeRecord = join(directory, 'notices.ndjson');
  writeFileSync(noticeRecord, '');

  const makeService = (name: ServiceName, port: number, suffix = ''): ServiceProcess =>
    new ServiceProcess({
      name: `${name}${suffix}`,
      program,
      args: ['run', '--only', name, '--config', configFile],
      env: { ...env, MAKEWHOLE_HTTP_PORT: String(port) },
      logFile: join(directory, `${name}${suffix}.log`),
      readyUrl: `http://127.0.0.1:${port}/readyz`,
    });
  const provider = new ServiceProcess({
    name: 'provider',
    program: providerProgram,
    args: [
      JSON.stringify({
        seed,
        port: providerPort,
        secret: config.platformSecret,
        recordPath: providerRecord,
        gatewayUrl,
        apiKey: config.apiKey,
        hooks: { port: hookPort, secret: config.platformSecret, recordPath: noticeRecord },
      }),
    ],
    env: {},
    logFile: join(directory, 'provider.log'),
    readyUrl: `http://127.0.0.1:${providerPort}/ready`,
  });
  const emulatorsOptions: EmulatorsProcessOptions = { seed, ports: emulatorPorts, readyPort, files, gatewayUrl };
  const providers = new ServiceProcess({
    name: 'providers',
    program: emulatorsProgram,
    args: [JSON.stringify(emulatorsOptions)],
    env: {},
    logFile: join(directory, 'providers.log'),
    readyUrl: `http://127.0.0.1:${readyPort}/`,
  });
  const services = new Map(serviceNames.map((name) => [name, makeService(name, portOf(name))]));
  const others: ServiceProcess[] = [];
  provider.start();
  providers.start();

  return {
    directory,
    program,
    configFile,
    providerRecord,
    providerFiles: files,
    providers,
    noticeRecord,
    databaseUrl: postgres.url,
    log,
    proxy,
    env,
    feeder: new Feeder({ gatewayUrl, apiKey: config.apiKey }),
    service: (name) => services.get(name) as ServiceProcess,
    startAnother: async (name) => {
      const [port] = (await freePorts(1)) as [number];
      const other = makeService(name, port, `-${others.length + 2}`);
      others.push(other);
      other.start();
      await other.untilReady();
      return other;
    },
    killPostgres: () => postgres.kill9(),
    restartPostgres: async () => {
      postgres = await startPostgres();
    },
    stop: async () => {
      await Promise.all([...services.values(), ...others, provider, providers].map((service) => service.kill9()));
      await proxy.close();
      await log.stop();
      await postgres.kill9();
      rmSync(join(directory, 'postgres'), { recursive: true, force: true });
    },
  };
}

import { defaultPolicy } from '#action/default-policy';
import { kafkaOptions } from '#kafka/options';
import { silentLogger } from '#telemetry/logger';
import type { Config } from '#config/config';
import { failed } from '#apps/makewhole/failure';
import { scopeStageOf, stageOf } from '#apps/makewhole/replay/stage';
import { requireConfig, requirePolicy } from '#apps/makewhole/settings';
import { findMasterKey } from '#apps/makewhole/run/local-key';
import { openStorage, stateFolder } from '#apps/makewhole/storage';
import type { Terminal } from '#apps/makewhole/terminal';
import { readAnchors } from '#apps/makewhole/verify/anchors';
import { audit, isBroken } from '#apps/makewhole/verify/audit';
import type { VerifyOptions } from '#apps/makewhole/verify/command';
import { makeEngine } from '#apps/makewhole/verify/engine';
import { openKafkaAuditLog } from '#apps/makewhole/verify/kafka-log';
import { openPostgresAuditLog } from '#apps/makewhole/verify/postgres-log';
import { readProviderRecord } from '#apps/makewhole/verify/provider-record';
import { renderReport } from '#apps/makewhole/verify/report';
import { openSnapshot } from '#apps/makewhole/verify/snapshot';
import type { AuditDatabase, AuditPolicy, AuditSources } from '#apps/makewhole/verify/sources';

/** Audits one installation and prints the verdict; throws a failure that names each broken promise. */
export async function verify(options: VerifyOptions, terminal: Terminal): Promise<void> {
  const config = requireConfig(options.config);
  const storage = await openStorage(config, silentLogger);
  const audited = await openSources(config, storage.databaseUrl, options.providerRecord, options.anchors).catch(
    async (error: unknown) => {
      await storage.close();
      throw error;
    },
  );
  try {
    if (options.providerRecord === undefined) terminal.note("no --provider-record: the provider's own side is not judged");
    const findings = await audit(audited.sources, ({ invariant, verdict }) =>
      terminal.note(`${invariant.number}. ${invariant.promise}: ${verdict.violations.length === 0 ? 'holds' : 'BROKEN'}`),
    );
    terminal.print(renderReport(findings));
    const broken = findings.filter(isBroken).map(({ invariant }) => `${invariant.number}. ${invariant.promise}`);
    if (broken.length > 0) throw failed(`broken: ${broken.join('; ')}`);
  } finally {
    await audited.close();
    await storage.close();
  }
}

/** Everything that the auditor reads, opened read-only. The snapshot comes first: what the log and the provider add meanwhile is newer than it. */
export async function openSources(
  config: Config,
  databaseUrl: string,
  providerRecord: string | undefined,
  anchors?: string,
): Promise<{ readonly sources: AuditSources; close(): Promise<void> }> {
  const policy = requirePolicy(config.policyFile);
  const database = await openSnapshot(databaseUrl);
  const provider = providerRecord === undefined ? undefined : await readProviderRecord(providerRecord);
  const kafka = config.log.kafka.brokers.length > 0;
  const log = kafka ? openKafkaAuditLog(kafkaSettings(config)) : openPostgresAuditLog(database);
  return {
    sources: {
      log,
      database,
      engine: makeEngine(stageOf(config), scopeStageOf(config), policy, config.stream.futureMs),
      provider,
      policies: [defaultPolicy, policy, ...(await readPolicies(database))],
      masterKeys: masterKeysOf(config),
      anchors: anchors === undefined ? undefined : readAnchors(anchors),
    },
    close: async () => {
      await log.close();
      await database.close();
    },
  };
}

/** Those that people put in force; none where casework has never run. */
async function readPolicies(database: AuditDatabase): Promise<readonly AuditPolicy[]> {
  const [found] = await database.query<{ found: boolean }>(`SELECT to_regclass('casework.policy_version') IS NOT NULL AS found`);
  if (found?.found !== true) return [];
  const rows = await database.query<{ document: AuditPolicy }>('SELECT document FROM casework.policy_version');
  return rows.map(({ document }) => document);
}

function masterKeysOf(config: Config): readonly string[] | undefined {
  if (config.vault.masterKeys.length > 0) return config.vault.masterKeys;
  const local = findMasterKey(stateFolder(config));
  return local === undefined ? undefined : [local];
}

function kafkaSettings({ log }: Config) {
  const { brokers, clientId, ssl, sasl } = kafkaOptions(log.kafka);
  return {
    brokers: [...brokers],
    clientId: `${clientId}-verify`,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
  };
}

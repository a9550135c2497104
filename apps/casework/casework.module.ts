import { type DynamicModule, Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Config } from '#config/config';
import { readConfigFile } from '#config/file';
import type { HealthChecks } from '#http/health-checks';
import { openPool } from '#postgres/pool';
import type { Log } from '#stream/log';
import type { Logger } from '#telemetry/logger';
import type { Metrics } from '#telemetry/metrics';
import { loadPolicy } from '#action/load-policy';
import type { Policy } from '#action/policy';
import { AccountsController } from '#apps/casework/api/accounts.controller';
import { ActionsController } from '#apps/casework/api/actions.controller';
import { ApprovalsController } from '#apps/casework/api/approvals.controller';
import { BreakerController } from '#apps/casework/api/breaker.controller';
import { CaseDecisionsController } from '#apps/casework/api/case-decisions.controller';
import { CaseDesk } from '#apps/casework/api/case-desk';
import { CaseWorkController } from '#apps/casework/api/case-work.controller';
import { CasesController } from '#apps/casework/api/cases.controller';
import { DecisionsController } from '#apps/casework/api/decisions.controller';
import { EvidenceController } from '#apps/casework/api/evidence.controller';
import { FilesController } from '#apps/casework/api/files.controller';
import { FindingsController } from '#apps/casework/api/findings.controller';
import { MarksController } from '#apps/casework/api/marks.controller';
import { PoliciesController } from '#apps/casework/api/policies.controller';
import { PolicyDesk } from '#apps/casework/api/policy-desk';
import { PolicyLifeController } from '#apps/casework/api/policy-life.controller';
import { QueuesController } from '#apps/casework/api/queues.controller';
import { RegroupingController } from '#apps/casework/api/regrouping.controller';
import { SearchController } from '#apps/casework/api/search.controller';
import { SecretsController } from '#apps/casework/api/secrets.controller';
import { SnoozesController } from '#apps/casework/api/snoozes.controller';
import { StreamController } from '#apps/casework/api/stream.controller';
import { TrackController } from '#apps/casework/api/track.controller';
import { ERASURE_WAIT, LOG, POOL, READS } from '#apps/casework/api/tokens';
import { CaseworkService } from '#apps/casework/casework-service';
import { readingStore } from '#apps/casework/store/store';
import { MasterKeys } from '#apps/casework/vault/master-keys';
import { Vault } from '#apps/casework/vault/vault';

export interface CaseworkParts {
  readonly config: Config;
  readonly log: Log;
  readonly databaseUrl: string;
  readonly health: HealthChecks;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Default: the document that the configuration names. */
  readonly policy?: Policy;
  /** Default: the wall clock. */
  readonly clock?: () => number;
}

/** Findings into cases, clocks, decisions of people, and the API over them. Starts and stops with the Nest application. */
@Module({})
export class CaseworkModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly service: CaseworkService,
    @Inject(POOL) private readonly pool: Pool,
  ) {}

  static register(parts: CaseworkParts): DynamicModule {
    const { config, log, databaseUrl, health, metrics, logger, clock = Date.now } = parts;
    const rules = { policy: parts.policy ?? loadPolicy(config.policyFile, readConfigFile), clocks: config.clocks };
    const { leaseMs, leaseRenewMs } = config.stream;
    const { others: partitions } = config.log.partitions;
    const pool = openPool(databaseUrl, { max: Math.max(4, config.database.poolMax), applicationName: 'makewhole casework' });
    const vault = new Vault(new MasterKeys(config.vault.masterKeys));
    const service = new CaseworkService({
      ...{ pool, vault, databaseUrl, log, rules, clock, metrics, logger },
      ...{ partitions, leaseMs, leaseRenewMs, retention: config.retention, anchorsFile: config.evidence.anchorsFile },
    });
    health.live('casework', () => service.progressFault(config.http.progressMsMax));
    health.ready('casework', () => pool.query('SELECT 1 FROM casework.cases LIMIT 1').then(() => null));
    return {
      module: CaseworkModule,
      controllers: [
        CasesController,
        CaseDecisionsController,
        CaseWorkController,
        RegroupingController,
        QueuesController,
        SearchController,
        FilesController,
        TrackController,
        SecretsController,
        MarksController,
        SnoozesController,
        ActionsController,
        ApprovalsController,
        FindingsController,
        EvidenceController,
        PoliciesController,
        PolicyLifeController,
        BreakerController,
        AccountsController,
        StreamController,
        DecisionsController,
      ],
      providers: [
        { provide: CaseworkService, useValue: service },
        { provide: POOL, useValue: pool },
        { provide: LOG, useValue: log },
        { provide: ERASURE_WAIT, useValue: config.retention.erasureWaitMs },
        { provide: READS, useValue: readingStore(pool, vault) },
        { provide: PolicyDesk, useFactory: () => new PolicyDesk({ pool, vault }, clock, service.kick) },
        { provide: CaseDesk, useFactory: () => new CaseDesk({ pool, vault }, rules, clock, service.onCommitted) },
      ],
    };
  }

  onModuleInit(): Promise<void> {
    return this.service.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.service.stop();
    await this.pool.end();
  }
}

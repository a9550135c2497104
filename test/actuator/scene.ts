import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { ActionOrder, ActionResult, PolicyMessage } from '#action/action';
import { defaultPolicy } from '#action/default-policy';
import type { Policy } from '#action/policy';
import { Actuator } from '#apps/actuator/actuator';
import { loadConfig } from '#config/config';
import type { CaseFile } from '#case/case-file';
import type { FindingKind, PaymentFacts } from '#detection/finding';
import { openPool } from '#postgres/pool';
import { openPostgresLog } from '#postgres/postgres-log';
import { testDatabase, type TestDatabase } from '#postgres/test-database';
import type { Log, LogWriter } from '#stream/log';
import { silentLogger } from '#telemetry/logger';
import { createMetrics } from '#telemetry/metrics';
import { Platform, secret } from '#test/actuator/platform';
import { factsOf } from '#test/money/examples';

/** A refund of 20.00 of a payment of 50.00. */
export const orderOf = (name: string, patch: Partial<ActionOrder> = {}): ActionOrder => ({
  actionId: `action-${name}`,
  key: `key-${name}`,
  kind: 'refund',
  caseId: 'case-1',
  caseNumber: 'MW-1',
  accountId: 'buyer-1',
  paymentId: `pay-${name}`,
  amount: { minor: 2_000, currency: 'EUR' },
  reason: 'two-captures-exceed-the-order',
  evidence: ['event-1'],
  policyVersion: 'default-1',
  proposedBy: 'policy',
  approvedBy: [],
  payment: factsOf(`pay-${name}`),
  ...patch,
});

/** A case as casework tells it. */
export const caseOf = (caseId: string, kinds: readonly FindingKind[] = ['duplicate-charge']): CaseFile => ({
  caseId,
  number: `MW-${caseId}`,
  accountId: 'buyer-1',
  kinds,
  findingIds: [`finding-of-${caseId}`],
  loss: [{ minor: 2_000, currency: 'EUR' }],
  stage: 'open',
  status: 'open',
  outcome: null,
  openedAt: '2026-06-01T00:00:00.000Z',
  clocks: [],
  actions: [],
});

export interface StoredAction {
  readonly state: string;
  readonly guard: string | null;
  readonly calls: number;
}

/** Actuators over a real Postgres, its log, and a platform on HTTP. */
export class Scene {
  readonly platform = new Platform();
  private readonly running: Actuator[] = [];

  private constructor(
    private readonly database: TestDatabase,
    private readonly log: Log,
    private readonly writer: LogWriter,
    readonly pool: Pool,
  ) {}

  static async open(): Promise<Scene> {
    const database = await testDatabase();
    const log = await openPostgresLog(database.url);
    const admin = await log.admin();
    const topics = ['actions', 'findings', 'cases', 'action-results', 'dead-letters'];
    await admin.ensureTopics(topics.map((topic) => ({ topic, partitions: 2 })));
    await admin.close();
    const pool = openPool(database.url, { max: 2, applicationName: 'test' });
    const scene = new Scene(database, log, await log.writer(), pool);
    await scene.platform.start();
    return scene;
  }

  async close(): Promise<void> {
    await this.stopAll();
    await this.platform.stop();
    await this.writer.close();
    await this.log.close();
    await this.pool.end();
    await this.database.drop();
  }

  async startActuator(env: Record<string, string> = {}, policy: Policy = defaultPolicy): Promise<Actuator> {
    const config = loadConfig({
      env: {
        MAKEWHOLE_ACTUATOR_PLATFORM_URL: this.platform.url,
        MAKEWHOLE_ACTUATOR_PLATFORM_SECRET: secret,
        MAKEWHOLE_ACTUATOR_PRIVATE_ADDRESSES: 'true',
        MAKEWHOLE_ACTUATOR_CALL_TIMEOUT_MS: '400ms',
        MAKEWHOLE_ACTUATOR_ASK_AGAIN_MS: '200ms',
        ...env,
      },
    });
    if (!config.ok) throw new Error(JSON.stringify(config.error));
    const metrics = createMetrics({ service: 'test', version: '0' }, false);
    const parts = { config: config.value, databaseUrl: this.database.url, log: this.log, policy, metrics, logger: silentLogger };
    const actuator = new Actuator(parts);
    this.running.push(actuator);
    await actuator.start();
    return actuator;
  }

  async stopAll(): Promise<void> {
    for (const actuator of this.running.splice(0)) await actuator.stop();
  }

  order(...orders: readonly ActionOrder[]): Promise<void> {
    return this.writer.append(
      'actions',
      orders.map((order) => ({
        key: order.accountId ?? order.caseId,
        value: message('makewhole.action', order.actionId, order),
      })),
    );
  }

  tellPolicy(policy: PolicyMessage): Promise<void> {
    const value = message('makewhole.policy', `policy:${policy.sequence}`, policy);
    return this.writer.append('actions', [{ key: 'policy', value }]);
  }

  tell(...said: readonly PaymentFacts[]): Promise<void> {
    return this.writer.append(
      'findings',
      said.map((facts) => ({
        key: facts.accountId,
        value: message('makewhole.payment', `${facts.paymentId}-${facts.asOf}`, { payment: facts }),
      })),
    );
  }

  tellCase(revision: number): Promise<void> {
    const data = {
      case: caseOf('case-1'),
      revision,
      notices: [{ kind: 'case.opened' }],
      findings: [],
    };
    return this.writer.append('cases', [{ key: 'buyer-1', value: message('makewhole.case', `case-1:${revision}`, data) }]);
  }

  async stored(name: string): Promise<StoredAction | undefined> {
    const { rows } = await this.pool.query<StoredAction>('SELECT state, guard, calls FROM actuator.action WHERE action_id = $1', [
      `action-${name}`,
    ]);
    return rows[0];
  }

  /** Waits until the action is in one of the states; throws with what it is when that does not come. */
  async until(name: string, ...states: readonly string[]): Promise<StoredAction> {
    const end = Date.now() + 60_000;
    for (;;) {
      const row = await this.stored(name);
      if (row !== undefined && states.includes(row.state)) return row;
      if (Date.now() > end) throw new Error(`action-${name} is ${JSON.stringify(row)}, expected ${states.join(' or ')}`);
      await sleep(20);
    }
  }

  /** The guard that refused an action, of which the platform heard nothing. */
  async refusal(name: string): Promise<string | null> {
    const { guard } = await this.until(name, 'refused');
    expect(this.platform.posts(`key-${name}`)).toBe(0);
    return guard;
  }

  async results(): Promise<readonly ActionResult[]> {
    await this.untilSent();
    return (await this.records('action-results')).map((record) => (record as { data: ActionResult }).data);
  }

  async records(topic: string): Promise<readonly unknown[]> {
    const { rows } = await this.pool.query<{ value: Buffer }>(
      `SELECT r.value FROM log.record r JOIN log.topic t USING (topic_id) WHERE t.topic = $1 ORDER BY r.appended_at, r."offset"`,
      [topic],
    );
    return rows.map(({ value }) => JSON.parse(value.toString()) as unknown);
  }

  /** Until the log has been read to its end and the outbox is empty. */
  async untilQuiet(): Promise<void> {
    for (let tries = 0; tries < 3_000; tries++) {
      const { rows } = await this.pool.query<{ behind: number }>(
        `SELECT (SELECT count(*) FROM log.record r JOIN log.topic t USING (topic_id)
           WHERE t.topic IN ('actions', 'findings', 'cases') AND r."offset" >= coalesce((SELECT p.next_offset
             FROM actuator.partition_progress p WHERE p.topic = t.topic AND p.partition = r.partition), 0)) AS behind`,
      );
      if (rows[0]!.behind === 0) return this.untilSent();
      await sleep(20);
    }
    throw new Error('the log was not read to its end within a minute');
  }

  private async untilSent(): Promise<void> {
    for (let tries = 0; tries < 3_000; tries++) {
      if ((await this.pool.query('SELECT 1 FROM actuator.outbox')).rowCount === 0) return;
      await sleep(20);
    }
    throw new Error('the outbox was not emptied within a minute');
  }
}

const message = (type: string, id: string, data: object): string =>
  JSON.stringify({ specversion: '1.0', type, source: 'makewhole/test', id, time: '2026-06-01T00:00:00Z', data });

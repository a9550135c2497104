import type { Pool } from 'pg';
import type { Fields } from '#event/provider-webhook';
import { guarded } from '#postgres/errors';
import { migrate } from '#postgres/migrate';
import { openPool } from '#postgres/pool';
import { gatewayMigrations } from '#apps/gateway/migrations';

export interface KnownPayment {
  readonly paymentId: string;
  readonly accountId: string;
  readonly instrument?: Fields;
}

/** Whose payments providers have told of: their refunds and disputes name the payment alone. */
export interface PaymentBook {
  start(): Promise<void>;
  find(provider: string, paymentIds: readonly string[]): Promise<ReadonlyMap<string, KnownPayment>>;
  learn(provider: string, payments: readonly KnownPayment[]): Promise<void>;
  close(): Promise<void>;
}

/** In the gateway's schema. What a payment was first told to be stays. */
export class PostgresPaymentBook implements PaymentBook {
  private readonly pool: Pool;

  constructor(private readonly databaseUrl: string) {
    this.pool = openPool(databaseUrl, { max: 2, applicationName: 'makewhole gateway webhooks' });
  }

  async start(): Promise<void> {
    await migrate(this.databaseUrl, 'gateway', gatewayMigrations);
  }

  async find(provider: string, paymentIds: readonly string[]): Promise<ReadonlyMap<string, KnownPayment>> {
    const { rows } = await guarded('finding whose payments these are', () =>
      this.pool.query<{ payment_id: string; account_id: string; instrument: Fields | null }>(
        'SELECT payment_id, account_id, instrument FROM gateway.provider_payment WHERE provider = $1 AND payment_id = ANY ($2::text[])',
        [provider, [...paymentIds]],
      ),
    );
    return new Map(
      rows.map(({ payment_id: paymentId, account_id: accountId, instrument }) => [
        paymentId,
        { paymentId, accountId, ...(instrument === null ? {} : { instrument }) },
      ]),
    );
  }

  async learn(provider: string, payments: readonly KnownPayment[]): Promise<void> {
    await guarded('keeping whose payments these are', () =>
      this.pool.query(
        `INSERT INTO gateway.provider_payment AS known (provider, payment_id, account_id, instrument)
         SELECT DISTINCT ON (said ->> 'paymentId') $1, said ->> 'paymentId', said ->> 'accountId', said -> 'instrument'
         FROM jsonb_array_elements($2::jsonb) AS said ORDER BY said ->> 'paymentId'
         ON CONFLICT (provider, payment_id) DO UPDATE SET instrument = excluded.instrument
           WHERE known.instrument IS NULL AND excluded.instrument IS NOT NULL`,
        [provider, JSON.stringify(payments)],
      ),
    );
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

import type { Migration } from '#postgres/migrate';
import { serviceMigration } from '#postgres/service-schema';

/** What the gateway keeps where it has a database: the progress of raw topics, and whose payments webhooks told of. */
export const gatewayMigrations: readonly Migration[] = [
  serviceMigration,
  {
    number: 2,
    name: 'payments-of-providers',
    sql: `
      CREATE TABLE provider_payment (
        provider text NOT NULL,
        payment_id text NOT NULL,
        account_id text NOT NULL,
        -- As its provider named it best.
        instrument jsonb,
        PRIMARY KEY (provider, payment_id)
      );
    `,
  },
];

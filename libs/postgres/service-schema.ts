import type { Migration } from '#postgres/migrate';

/** What each service keeps beside its own tables: progress, leases, members, outbox. Number 1; a service's own migrations count from 2. */
export const serviceMigration: Migration = {
  number: 1,
  name: 'progress-ownership-outbox',
  sql: `
    CREATE TABLE partition_progress (
      topic text NOT NULL,
      partition int NOT NULL,
      epoch bigint NOT NULL,
      sequence bigint NOT NULL DEFAULT 0,
      next_offset bigint NOT NULL DEFAULT 0,
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (topic, partition)
    ) WITH (fillfactor = 50);

    -- One row an epoch: where each owner began. An auditor sees by it that progress never went back.
    CREATE TABLE epoch_taken (
      topic text NOT NULL,
      partition int NOT NULL,
      epoch bigint NOT NULL,
      member text NOT NULL,
      next_offset bigint NOT NULL,
      taken_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (topic, partition, epoch)
    );

    CREATE TABLE partition_lease (
      topic text NOT NULL,
      partition int NOT NULL,
      owner text NOT NULL,
      expires_at timestamptz NOT NULL,
      PRIMARY KEY (topic, partition)
    ) WITH (fillfactor = 50);

    CREATE TABLE member (
      member text PRIMARY KEY,
      backend_pid int NOT NULL,
      renewed_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL
    ) WITH (fillfactor = 50);

    CREATE TABLE outbox (
      id bigserial PRIMARY KEY,
      topic text NOT NULL,
      key text NOT NULL,
      message_id text NOT NULL,
      value bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

    CREATE TABLE relay_lease (
      one boolean PRIMARY KEY DEFAULT true CHECK (one),
      relay text NOT NULL,
      expires_at timestamptz NOT NULL
    ) WITH (fillfactor = 50);
  `,
};

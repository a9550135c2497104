import type { AuditDatabase } from '#apps/makewhole/verify/sources';

/** One change of a progress row, as the database itself saw it. */
export interface JournalRow {
  readonly service: string;
  readonly topic: string;
  readonly partition: number;
  readonly from_epoch: number;
  readonly epoch: number;
  readonly from_offset: number;
  readonly next_offset: number;
}

/**
 * SQL that makes the database write down every change of progress, below the services and without their help. Run it as a superuser
 * once the services' schemas exist; fault tests do. It costs one small row a commit and is not bounded, so it is no part of the product.
 */
export const installJournal = (services: readonly string[]): string => `
  CREATE SCHEMA IF NOT EXISTS audit;
  CREATE TABLE IF NOT EXISTS audit.commit (
    number bigserial PRIMARY KEY,
    service text NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    from_epoch bigint NOT NULL,
    epoch bigint NOT NULL,
    from_offset bigint NOT NULL,
    next_offset bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE OR REPLACE FUNCTION audit.note_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
  BEGIN
    INSERT INTO audit.commit (service, topic, partition, from_epoch, epoch, from_offset, next_offset)
    VALUES (TG_TABLE_SCHEMA, NEW.topic, NEW.partition, OLD.epoch, NEW.epoch, OLD.next_offset, NEW.next_offset);
    RETURN NULL;
  END $$;
  ${services
    .map(
      (service) => `
  DROP TRIGGER IF EXISTS note_commit ON ${service}.partition_progress;
  CREATE TRIGGER note_commit AFTER UPDATE ON ${service}.partition_progress
    FOR EACH ROW WHEN (OLD.next_offset <> NEW.next_offset OR OLD.epoch <> NEW.epoch) EXECUTE FUNCTION audit.note_commit();`,
    )
    .join('')}`;

/** Every noted change, in the order in which each row changed; empty where no journal is kept. */
export async function readJournal(database: AuditDatabase): Promise<readonly JournalRow[]> {
  const [found] = await database.query<{ exists: boolean }>(`SELECT to_regclass('audit.commit') IS NOT NULL AS exists`);
  if (!found?.exists) return [];
  return database.query<JournalRow>('SELECT * FROM audit.commit ORDER BY number');
}

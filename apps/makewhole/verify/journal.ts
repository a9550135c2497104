import type { AuditDatabase, ClockMark } from '#apps/makewhole/verify/sources';

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

/** Schemas of stages: they have a clock. */
const stages: readonly string[] = ['detector', 'scopes'];

/**
 * SQL that makes the database write down every change of progress and of the detector's clock, below the services and without their
 * help, from where the clock stands. Run it as a superuser once the services' schemas exist and before the first event; fault tests do. It
 * costs one small row a commit and is not bounded, so it is no part of the product.
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
  CREATE TABLE IF NOT EXISTS audit.mark (
    number bigserial PRIMARY KEY,
    service text NOT NULL,
    partition int NOT NULL,
    "offset" bigint NOT NULL,
    watermark bigint NOT NULL
  );
  CREATE OR REPLACE FUNCTION audit.note_mark() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
  BEGIN
    INSERT INTO audit.mark (service, partition, "offset", watermark)
    VALUES (TG_TABLE_SCHEMA, NEW.partition, NEW."offset", NEW.watermark);
    RETURN NULL;
  END $$;
  ${services
    .filter((service) => stages.includes(service))
    .map(
      (service) => `
  DROP TRIGGER IF EXISTS note_mark ON ${service}.partition_mark;
  CREATE TRIGGER note_mark AFTER INSERT OR UPDATE ON ${service}.partition_mark
    FOR EACH ROW WHEN (NEW.watermark IS NOT NULL) EXECUTE FUNCTION audit.note_mark();
  INSERT INTO audit.mark (service, partition, "offset", watermark)
  SELECT '${service}', partition, "offset", watermark FROM ${service}.partition_mark WHERE watermark IS NOT NULL;`,
    )
    .join('')}
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
  if (!(await isKept(database))) return [];
  return database.query<JournalRow>('SELECT * FROM audit.commit ORDER BY number');
}

/** How the clock moved each partition's watermark, by partition; undefined where no journal is kept. */
export async function readClockMarks(
  database: AuditDatabase,
  service: string,
): Promise<ReadonlyMap<number, readonly ClockMark[]> | undefined> {
  if (!(await isKept(database))) return undefined;
  const rows = await database.query<ClockMark & { partition: number }>(
    'SELECT partition, "offset", watermark FROM audit.mark WHERE service = $1 ORDER BY partition, "offset", watermark',
    [service],
  );
  const marks = new Map<number, ClockMark[]>();
  for (const { partition, offset, watermark } of rows) {
    const known = marks.get(partition);
    if (known) known.push({ offset, watermark });
    else marks.set(partition, [{ offset, watermark }]);
  }
  return marks;
}

async function isKept(database: AuditDatabase): Promise<boolean> {
  const [found] = await database.query<{ kept: boolean }>(`SELECT to_regclass('audit.commit') IS NOT NULL AS kept`);
  return found?.kept === true;
}

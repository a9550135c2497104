import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { openClient } from '#postgres/pool';

/** One forward step of a schema. It must be safe to run while the version before still serves. */
export interface Migration {
  /** Counts from 1 within its schema, in order of running. */
  readonly number: number;
  /** What it does, in kebab case. */
  readonly name: string;
  /** SQL; unqualified names are those of the schema. */
  readonly sql: string;
}

/** Brings a schema up to date. Several processes may start at once: an advisory lock lets one work while the others wait. */
export async function migrate(url: string, schema: string, migrations: readonly Migration[]): Promise<void> {
  if (!/^[a-z_]+$/.test(schema)) throw new Error(`a schema's name has lower-case letters only, found ${schema}`);
  const lock = await openClient(url, `makewhole migrate ${schema}`);
  try {
    await lock.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [`makewhole.migrate.${schema}`]);
    await lock.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await runPending(url, schema, migrations);
  } finally {
    await lock.end();
  }
}

async function runPending(url: string, schema: string, migrations: readonly Migration[]): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema,
    migrations: migrations.map((migration) => asTypeOrm(schema, migration)),
    migrationsTransactionMode: 'each',
    logging: false,
    extra: { max: 1 },
  });
  await source.initialize();
  try {
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}

/** TypeORM orders by the last 13 digits of the name. */
function asTypeOrm(schema: string, migration: Migration): new () => MigrationInterface {
  return class implements MigrationInterface {
    readonly name = `${migration.name}-${String(migration.number).padStart(13, '0')}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(`SET LOCAL search_path TO ${schema}, public`);
      await runner.query(migration.sql);
    }

    down(): Promise<void> {
      return Promise.reject(new Error(`${this.name} only runs forward: write a new migration`));
    }
  };
}

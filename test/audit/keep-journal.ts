import { actuatorMigrations } from '#apps/actuator/migrations';
import { caseworkMigrations } from '#apps/casework/store/migrations';
import { installJournal } from '#apps/makewhole/verify/journal';
import { migrate } from '#postgres/migrate';
import { openClient } from '#postgres/pool';
import { serviceMigration } from '#postgres/service-schema';
import { stageMigration } from '#postgres/stage-schema';

const stage = [serviceMigration, stageMigration];
const schemas = { detector: stage, scopes: stage, casework: caseworkMigrations, actuator: actuatorMigrations };

/** Puts a journal below services that have never run: one that has, and found nothing to read, has moved its clock already. */
export async function keepJournal(databaseUrl: string): Promise<void> {
  for (const [schema, migrations] of Object.entries(schemas)) await migrate(databaseUrl, schema, migrations);
  const client = await openClient(databaseUrl, 'journal');
  try {
    await client.query(installJournal(Object.keys(schemas)));
  } finally {
    await client.end();
  }
}

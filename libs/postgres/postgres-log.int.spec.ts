import { openPostgresLog } from '#postgres/postgres-log';
import { testDatabase, type TestDatabase } from '#postgres/test-database';
import { describeLog } from '#stream/log-contract';

let database: TestDatabase | undefined;
afterAll(() => database?.drop());

describeLog('Postgres', async () => {
  database ??= await testDatabase();
  return openPostgresLog(database.url);
});

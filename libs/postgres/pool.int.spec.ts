import { setTimeout as sleep } from 'node:timers/promises';
import { openPool } from '#postgres/pool';
import { testDatabase } from '#postgres/test-database';

describe('a pool of connections', () => {
  it('survives that a connection in use is cut between two queries, and reports it at the next', async () => {
    const database = await testDatabase();
    const pool = openPool(database.url, { max: 2, applicationName: 'test' });
    const client = await pool.connect();
    try {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
      await sleep(100);
      await expect(client.query('SELECT 1')).rejects.toThrow();
      expect((await pool.query<{ one: number }>('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    } finally {
      client.release(true);
      await pool.end();
      await database.drop();
    }
  });
});

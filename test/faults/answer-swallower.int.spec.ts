import { Client } from 'pg';

import { testDatabase } from '#postgres/test-database';

import { startAnswerSwallower } from './answer-swallower';

describe('a connection cut between COMMIT and its answer', () => {
  it('leaves the client without an answer and the server with the change', async () => {
    const database = await testDatabase();
    const url = new URL(database.url);
    const proxy = await startAnswerSwallower({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    const client = new Client({ connectionString: url.href });
    client.on('error', () => undefined);
    const witness = new Client({ connectionString: database.url });
    await Promise.all([client.connect(), witness.connect()]);
    try {
      await client.query('CREATE TABLE paid (amount bigint)');
      await client.query('BEGIN');
      await client.query('INSERT INTO paid VALUES (1250)');
      const cut = proxy.swallowAnswerTo('COMMIT', 100);

      await expect(client.query('COMMIT')).rejects.toThrow();
      await cut;

      expect((await witness.query('SELECT amount FROM paid')).rows).toEqual([{ amount: '1250' }]);
    } finally {
      await witness.end();
      await client.end().catch(() => undefined);
      await proxy.close();
      await database.drop();
    }
  }, 60_000);
});

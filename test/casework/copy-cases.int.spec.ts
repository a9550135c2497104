import { defaultPolicy } from '#action/default-policy';
import { copiesOf, nameCopies, readSeeds } from '#test/casework/copy-cases';
import { noon } from '#test/casework/finding-messages';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';
import { seedCases } from '#test/casework/seed-cases';

describe('cases that are copied for measurements', () => {
  let casework: RunningCasework;
  beforeAll(async () => {
    const policy = { ...defaultPolicy, budgetPerHour: { minor: {}, otherwise: Number.MAX_SAFE_INTEGER } };
    casework = await startCasework({ policy, clock: () => noon + 60_000 });
    await seedCases(casework, 60, 0);
    await seedCases(casework, 60, 1);
  });
  afterAll(() => casework.stop());

  it.each(Object.entries(copiesOf))('are in %s row by row what the product writes', async (table, copies) => {
    const client = await casework.pool.connect();
    try {
      await client.query('BEGIN');
      const seeds = await readSeeds(casework.pool);
      await nameCopies(client, seeds, 1);
      const rowsOf = async (from: string, values: readonly unknown[] = []) =>
        (
          await client.query<{ row: string }>(
            `SELECT (to_jsonb(held) - 'chain_head' - 'sealed')::text AS row ${from} ORDER BY 1`,
            [...values],
          )
        ).rows;
      const written = await rowsOf(`FROM casework.${table} AS held WHERE case_id <> ALL ($1)`, [seeds]);
      expect(written.length).toBeGreaterThan(0);
      expect(await rowsOf(`FROM (${copies}) AS held`)).toEqual(written);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});

import { migrate } from '#postgres/migrate';
import { openPool } from '#postgres/pool';
import { testDatabase, type TestDatabase } from '#postgres/test-database';

const first = { number: 1, name: 'things', sql: 'CREATE TABLE thing (id int); CREATE TABLE other (id int)' };
const second = { number: 2, name: 'thing-name', sql: 'ALTER TABLE thing ADD COLUMN name text' };

describe('migrate', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase();
  });
  afterEach(() => database.drop());

  it('brings an empty schema up to date, once, though several processes start together', async () => {
    await Promise.all([1, 2, 3].map(() => migrate(database.url, 'shop', [first, second])));
    const pool = openPool(database.url, { max: 1, applicationName: 'test' });
    const { rows } = await pool.query<{ name: string }>('SELECT name FROM shop.migrations ORDER BY id');
    await pool.query(`INSERT INTO shop.thing VALUES (1, 'a')`);
    await pool.end();
    expect(rows.map(({ name }) => name)).toEqual(['things-0000000000001', 'thing-name-0000000000002']);
  });

  it('runs only what is new', async () => {
    await migrate(database.url, 'shop', [first]);
    await migrate(database.url, 'shop', [first, second]);
    await migrate(database.url, 'shop', [first, second]);
  });

  it('leaves nothing of a migration that fails', async () => {
    const broken = { number: 2, name: 'broken', sql: 'CREATE TABLE half (id int); SELECT no_such_function()' };
    await expect(migrate(database.url, 'shop', [first, broken])).rejects.toThrow('no_such_function');
    const pool = openPool(database.url, { max: 1, applicationName: 'test' });
    const { rows } = await pool.query(`SELECT to_regclass('shop.half') AS half`);
    await pool.end();
    expect(rows).toEqual([{ half: null }]);
  });

  it('reads a bigint as a number and refuses one that a number cannot hold', async () => {
    const pool = openPool(database.url, { max: 1, applicationName: 'test' });
    const { rows } = await pool.query('SELECT 9007199254740991::bigint AS most');
    await expect(pool.query('SELECT 9007199254740993::bigint')).rejects.toThrow('no safe integer');
    await pool.end();
    expect(rows).toEqual([{ most: Number.MAX_SAFE_INTEGER }]);
  });
});

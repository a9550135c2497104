import type { Pool } from 'pg';
import { migrate } from '#postgres/migrate';
import { openPool } from '#postgres/pool';
import { testDatabase, type TestDatabase } from '#postgres/test-database';
import { eraseKey } from '#apps/casework/store/key-rows';
import { CASEWORK_SCHEMA, caseworkMigrations } from '#apps/casework/store/migrations';
import { readingStore } from '#apps/casework/store/store';
import { transact } from '#apps/casework/store/transact';
import { MasterKeys } from '#apps/casework/vault/master-keys';
import { requireMasters, rewrapKeys } from '#apps/casework/vault/rewrap';
import { Vault } from '#apps/casework/vault/vault';
import { masterKey } from '#test/casework/test-vault';

const vaultOf = (...numbers: readonly number[]): Vault => new Vault(new MasterKeys(numbers.map(masterKey)), 3);
const context = { subject: 'a-1', record: 'case c-1' };

describe('the vault', () => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await testDatabase();
    await migrate(database.url, CASEWORK_SCHEMA, caseworkMigrations);
    pool = openPool(database.url, { max: 4, applicationName: 'vault' });
  });
  beforeEach(() => pool.query('TRUNCATE casework.subject_key'));
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const seal = (vault: Vault, value: unknown, subject = 'a-1'): Promise<string> =>
    transact({ pool, vault }, 'sealing', async (transaction) =>
      (await transaction.keysOf([subject], 'sealing')).seal({ ...context, subject }, value),
    );
  const open = async (vault: Vault, sealed: string, subject = 'a-1') =>
    (await readingStore(pool, vault).keysOf([subject])).open({ ...context, subject }, sealed);
  const erase = (vault: Vault, subject: string) => transact({ pool, vault }, 'erasing', (db) => eraseKey(db, subject, 1));

  it('opens what it sealed, for another process too, and for nothing and nobody else', async () => {
    const sealed = await seal(vaultOf(1), { reference: 'ARN-1' });
    expect(sealed).not.toContain('ARN');
    expect(await open(vaultOf(1), sealed)).toEqual({ is: 'open', value: { reference: 'ARN-1' } });
    const keys = await readingStore(pool, vaultOf(1)).keysOf(['a-1']);
    expect(() => keys.open({ ...context, record: 'case c-2' }, sealed)).toThrow(/opening case c-2 of a-1: it was changed/);
    expect(() => keys.open({ ...context, subject: 'a-2' }, sealed)).toThrow(/was changed/);
  });

  it('makes one key a subject, however many ask at once, and none that was rolled back is used again', async () => {
    const vault = vaultOf(1);
    const failing = transact({ pool, vault }, 'failing', async (transaction) => {
      (await transaction.keysOf(['a-1'], 'sealing')).seal(context, 1);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    const sealed = await Promise.all(Array.from({ length: 8 }, (_, value) => seal(vault, value)));
    const { rows } = await pool.query('SELECT key_id FROM casework.subject_key');
    expect(rows).toHaveLength(1);
    for (const [value, text] of sealed.entries()) expect(await open(vaultOf(1), text)).toEqual({ is: 'open', value });
  });

  it('opens nothing of an erased key, also where it was in memory, and seals by a new one from then on', async () => {
    const [here, elsewhere] = [vaultOf(1), vaultOf(1)];
    const before = await seal(here, 'said');
    await open(elsewhere, before);
    expect(await erase(here, 'a-1')).toHaveLength(1);
    for (const vault of [here, elsewhere, vaultOf(1)]) expect(await open(vault, before)).toEqual({ is: 'erased' });
    const after = await seal(elsewhere, 'said again');
    expect(await open(here, after)).toEqual({ is: 'open', value: 'said again' });
    expect(await open(here, before)).toEqual({ is: 'erased' });
  });

  it('a key that somebody writes under is not erased beneath it', async () => {
    const vault = vaultOf(1);
    await seal(vault, 0);
    const order: string[] = [];
    let erasing: Promise<unknown> | undefined;
    await transact({ pool, vault }, 'sealing', async (transaction) => {
      await transaction.keysOf(['a-1']);
      erasing = erase(vault, 'a-1').then(() => order.push('erased'));
      await new Promise((resolve) => setTimeout(resolve, 100));
      order.push('written');
    });
    await erasing;
    expect(order).toEqual(['written', 'erased']);
  });

  it('a key that is neither there nor erased is an error that says so, never "erased"', async () => {
    const sealed = await seal(vaultOf(1), 1);
    await pool.query('DELETE FROM casework.subject_key');
    await expect(open(vaultOf(1), sealed)).rejects.toThrow(/neither there nor erased/);
  });

  it('a master key is replaced with both at work, and the older may go once nothing needs it', async () => {
    const sealed = await Promise.all(['a-1', 'a-2', 'a-3'].map((subject) => seal(vaultOf(1), subject, subject)));
    await erase(vaultOf(1), 'a-3');
    await expect(requireMasters(pool, vaultOf(2))).rejects.toThrow(/add that key behind the newest/);
    await expect(open(vaultOf(2), sealed[0]!)).rejects.toThrow(/not in vault.masterKeys/);
    const both = vaultOf(2, 1);
    await requireMasters(pool, both);
    expect(await open(both, sealed[0]!)).toEqual({ is: 'open', value: 'a-1' });
    expect([await rewrapKeys({ pool, vault: both }, 1), await rewrapKeys({ pool, vault: both }, 5)]).toEqual([1, 1]);
    expect(await rewrapKeys({ pool, vault: both }, 5)).toBe(0);
    await requireMasters(pool, vaultOf(2));
    expect(await open(vaultOf(2), sealed[1]!, 'a-2')).toEqual({ is: 'open', value: 'a-2' });
  });

  it('remembers no more keys than it may', async () => {
    const vault = vaultOf(1);
    for (let at = 0; at < 9; at += 1) await seal(vault, at, `b-${at}`);
    for (let at = 0; at < 9; at += 1) await readingStore(pool, vault).keysOf([`b-${at}`]);
    expect(vault.cached).toBe(3);
  });

  it('does not begin without a master key', () => {
    expect(() => new MasterKeys([])).toThrow(/openssl rand -base64 32/);
  });
});

import { lockStaleKeys, unknownMaster, writeWrapped } from '#apps/casework/store/key-rows';
import type { Query } from '#apps/casework/store/query';
import { type Database, transact } from '#apps/casework/store/transact';
import type { Vault } from '#apps/casework/vault/vault';

/** Wraps keys anew that an older master key wraps, at most `limit`; returns how many. After none, the older is needed no more. */
export const rewrapKeys = (database: Database, limit: number): Promise<number> =>
  transact(database, 'wrapping keys of buyers by the newest master key', async (transaction) => {
    const { vault } = database;
    const stale = await lockStaleKeys(transaction, vault.masters.newestId, limit);
    if (stale.length > 0)
      await writeWrapped(
        transaction,
        stale.map((stored) => ({ keyId: stored.keyId, ...vault.rewrap(stored) })),
      );
    return stale.length;
  });

/** Throws when a key could not be unwrapped: better not to start than to fail at the first case. */
export async function requireMasters(db: Query, { masters }: Vault): Promise<void> {
  const unknown = await unknownMaster(db, masters.ids);
  if (unknown !== undefined)
    throw new Error(
      `keys of buyers are wrapped by master key ${unknown}, and vault.masterKeys holds ${masters.ids.join(', ')}: ` +
        'add that key behind the newest; without it what is kept of these buyers cannot be read',
    );
}

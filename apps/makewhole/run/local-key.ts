import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '#config/config';
import { roles } from '#config/schema';

export interface LocalKey {
  readonly secret: string;
  readonly path: string;
  /** It was made just now: the only time that it is printed. */
  readonly isNew: boolean;
}

/** The API key for local use of an installation that configures none. */
export const localKey = (folder: string): LocalKey => keep(folder, 'api-key', newKey);

/** The master key of an installation that configures none: without this file nobody opens what is kept of its buyers. */
export const localMasterKey = (folder: string): LocalKey => keep(folder, MASTER_KEY, newMasterKey);

/** The same where it was made already. */
export const findMasterKey = (folder: string): string | undefined =>
  existsSync(join(folder, MASTER_KEY)) ? readFileSync(join(folder, MASTER_KEY), 'utf8').trim() : undefined;

const MASTER_KEY = 'master-key';

/** Only its owner may read the file. Of two processes that start at once one makes the key. */
function keep(folder: string, name: string, make: () => string): LocalKey {
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true });
  const secret = make();
  try {
    writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: 'wx' });
    return { secret, path, isNew: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { secret: readFileSync(path, 'utf8').trim(), path, isNew: false };
  }
}

export const newKey = (): string => `mw_${randomBytes(24).toString('base64url')}`;
export const newMasterKey = (): string => randomBytes(32).toString('base64');

export const withKey = (config: Config, secret: string): Config => ({
  ...config,
  apiKeys: [{ name: 'local', roles: [...roles], secret }],
});

export const withMasterKey = (config: Config, key: string): Config => ({
  ...config,
  vault: { ...config.vault, masterKeys: [key] },
});

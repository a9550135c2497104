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

/** The key for local use of an installation that configures none; only its owner may read the file. */
export function localKey(folder: string): LocalKey {
  const path = join(folder, 'api-key');
  if (existsSync(path)) return { secret: readFileSync(path, 'utf8').trim(), path, isNew: false };
  mkdirSync(folder, { recursive: true });
  const secret = newKey();
  writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  return { secret, path, isNew: true };
}

export const newKey = (): string => `mw_${randomBytes(24).toString('base64url')}`;

export const withKey = (config: Config, secret: string): Config => ({
  ...config,
  apiKeys: [{ name: 'local', roles: [...roles], secret }],
});

import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiKey, Role } from '#config/schema';

/** Who calls: the name and roles of an API key. */
export interface Principal {
  readonly name: string;
  readonly roles: readonly Role[];
}

/**
 * The API keys that may call. A presented secret is hashed and compared with every key's hash, always all of them and each in
 * constant time: how long it takes says nothing about which key was nearly right.
 */
export class ApiKeyRing {
  private readonly keys: readonly { readonly principal: Principal; readonly hash: Buffer }[];

  constructor(keys: readonly ApiKey[]) {
    this.keys = keys.map(({ name, roles, secret, sha256 }) => ({
      principal: { name, roles },
      hash: secret === undefined ? Buffer.from(sha256 ?? '', 'hex') : hashOf(secret),
    }));
  }

  get empty(): boolean {
    return this.keys.length === 0;
  }

  /** The key's owner, or null when no key matches. */
  authenticate(presented: string): Principal | null {
    const hash = hashOf(presented);
    let found: Principal | null = null;
    for (const key of this.keys) if (timingSafeEqual(key.hash, hash)) found = key.principal;
    return found;
  }
}

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret, 'utf8').digest();

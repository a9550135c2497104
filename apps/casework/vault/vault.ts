import { randomBytes } from 'node:crypto';
import { decrypt, encrypt, KEY_BYTES } from '#apps/casework/vault/cipher';
import type { MasterKeys } from '#apps/casework/vault/master-keys';

/** A buyer's key as the database keeps it: wrapped by a master key. Without `wrapped` it was erased, and what it sealed with it. */
export interface StoredKey {
  readonly keyId: number;
  readonly subject: string;
  readonly wrapped: Buffer | null;
  readonly master: string;
}

/** 32 bytes and their place in the map: some 10 MB when full. */
const CACHED_MAX = 50_000;

/**
 * Wraps and unwraps the keys of buyers. What was unwrapped is remembered, the last used longest; whether a key still exists is for the
 * database to say, each time.
 */
export class Vault {
  private readonly cache = new Map<number, Buffer>();

  constructor(
    readonly masters: MasterKeys,
    private readonly cachedMax = CACHED_MAX,
  ) {}

  /** A new key for a subject: in the clear, and as it is to be stored. */
  create(subject: string): { readonly key: Buffer; readonly wrapped: Buffer; readonly master: string } {
    const key = randomBytes(KEY_BYTES);
    return { key, ...this.wrap(subject, key) };
  }

  /** The key itself; undefined when it was erased. */
  unwrap({ keyId, subject, wrapped, master }: StoredKey): Buffer | undefined {
    if (wrapped === null) {
      this.cache.delete(keyId);
      return undefined;
    }
    const known = this.cache.get(keyId);
    if (known !== undefined) this.cache.delete(keyId);
    const key = known ?? decrypt(this.masters.get(master), contextOf(subject), wrapped);
    this.cache.set(keyId, key);
    if (this.cache.size > this.cachedMax) this.cache.delete(this.cache.keys().next().value!);
    return key;
  }

  /** The same key under the newest master key. */
  rewrap(stored: StoredKey & { readonly wrapped: Buffer }): { readonly wrapped: Buffer; readonly master: string } {
    return this.wrap(stored.subject, decrypt(this.masters.get(stored.master), contextOf(stored.subject), stored.wrapped));
  }

  get cached(): number {
    return this.cache.size;
  }

  private wrap(subject: string, key: Buffer) {
    const master = this.masters.newestId;
    return { wrapped: encrypt(this.masters.get(master), contextOf(subject), key), master };
  }
}

const contextOf = (subject: string): string => `makewhole key of ${subject}`;

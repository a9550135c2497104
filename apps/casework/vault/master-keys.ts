import { createHash } from 'node:crypto';

/** What the keys of buyers are wrapped with: the newest wraps, each of them unwraps. */
export class MasterKeys {
  private readonly byId: ReadonlyMap<string, Buffer>;
  /** By which it is told which one wrapped a key; says nothing of the key itself. */
  readonly newestId: string;

  /** @param written 32 bytes in base64 each, the newest first */
  constructor(written: readonly string[]) {
    const keys = written.map((text) => Buffer.from(text, 'base64'));
    const [newest] = keys;
    if (newest === undefined)
      throw new Error('vault.masterKeys is empty: personal data cannot be kept without a key (openssl rand -base64 32)');
    this.byId = new Map(keys.map((key) => [idOf(key), key]));
    this.newestId = idOf(newest);
  }

  get ids(): readonly string[] {
    return [...this.byId.keys()];
  }

  get(id: string): Buffer {
    const key = this.byId.get(id);
    if (key === undefined)
      throw new Error(`a buyer's key is wrapped by master key ${id}, which is not in vault.masterKeys: add it behind the newest`);
    return key;
  }
}

const idOf = (key: Buffer): string => createHash('sha256').update('makewhole master key ').update(key).digest('hex').slice(0, 16);

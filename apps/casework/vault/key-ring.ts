import { decrypt, encrypt } from '#apps/casework/vault/cipher';

/** What a sealed value is part of, and of whom: it opens nowhere else. */
export interface SealContext {
  readonly subject: string;
  /** Such as `case c-1`. */
  readonly record: string;
}

/** A value that is there, or one whose key was erased. */
export type Opened<Value> = { readonly is: 'open'; readonly value: Value } | { readonly is: 'erased' };

interface Key {
  readonly keyId: number;
  readonly key: Buffer;
}

/** The keys of some subjects, for one piece of work. */
export class KeyRing {
  private readonly live = new Map<string, Key>();
  private readonly byId = new Map<number, Buffer | undefined>();

  add(subject: string, keyId: number, key: Buffer | undefined): void {
    this.byId.set(keyId, key);
    if (key !== undefined) this.live.set(subject, { keyId, key });
  }

  has(subject: string): boolean {
    return this.live.has(subject);
  }

  /** As text: the number of the key and what it made of the value. */
  seal(context: SealContext, value: unknown): string {
    const { keyId, key } = this.keyOf(context);
    return `${keyId}.${encrypt(key, contextOf(context), Buffer.from(JSON.stringify(value))).toString('base64')}`;
  }

  open<Value>(context: SealContext, sealed: string): Opened<Value> {
    const key = this.byNumber(context, Number(sealed.slice(0, sealed.indexOf('.'))));
    if (key === undefined) return { is: 'erased' };
    const plain = this.decrypted(key, context, Buffer.from(sealed.slice(sealed.indexOf('.') + 1), 'base64'));
    return { is: 'open', value: JSON.parse(plain.toString('utf8')) as Value };
  }

  /** The content of a file: the number of its key is kept beside it. */
  sealBytes(context: SealContext, content: Buffer): Buffer {
    return encrypt(this.keyOf(context).key, contextOf(context), content);
  }

  openBytes(context: SealContext, keyId: number, sealed: Buffer): Opened<Buffer> {
    const key = this.byNumber(context, keyId);
    return key === undefined ? { is: 'erased' } : { is: 'open', value: this.decrypted(key, context, sealed) };
  }

  private keyOf({ subject, record }: SealContext): Key {
    const key = this.live.get(subject);
    if (key === undefined) throw new Error(`sealing ${record}: the key of ${subject} was not taken from the store first`);
    return key;
  }

  private byNumber({ subject, record }: SealContext, keyId: number): Buffer | undefined {
    if (this.byId.has(keyId)) return this.byId.get(keyId);
    throw new Error(`opening ${record}: key ${keyId} of ${subject} is neither there nor erased: restore casework.subject_key`);
  }

  private decrypted(key: Buffer, context: SealContext, sealed: Buffer): Buffer {
    try {
      return decrypt(key, contextOf(context), sealed);
    } catch (cause) {
      throw new Error(`opening ${context.record} of ${context.subject}: it was changed after it was sealed`, { cause });
    }
  }
}

const contextOf = ({ subject, record }: SealContext): string => `makewhole ${record} of ${subject}`;

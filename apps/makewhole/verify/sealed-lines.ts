import { createDecipheriv, createHash } from 'node:crypto';

import { canonicalJson } from '#apps/makewhole/verify/canonical-json';
import { violation, type Violation } from '#apps/makewhole/verify/invariant';
import type { AuditDatabase } from '#apps/makewhole/verify/sources';

interface SealedRow {
  readonly case_id: string;
  readonly sequence: number;
  readonly account_id: string;
  readonly sealed: string;
  readonly data: Readonly<Record<string, { readonly committed?: string }>>;
}
interface KeyRow {
  readonly key_id: number;
  readonly subject: string;
  readonly wrapped: Buffer | null;
  readonly master: string;
}

const sealedLines = `
  SELECT case_id, sequence, account_id, line.sealed, data FROM casework.case_entry AS line JOIN casework.cases USING (case_id)
  WHERE line.sealed IS NOT NULL ORDER BY case_id, sequence`;
const everyKey = 'SELECT key_id, subject, wrapped, master FROM casework.subject_key';

/** With the master keys at hand: what was sealed beside a chain is still what the chain commits to. */
export async function judgeSealedLines(
  database: AuditDatabase,
  masterKeys: readonly string[] | undefined,
): Promise<readonly Violation[]> {
  if (masterKeys === undefined) return [];
  const masters = new Map(masterKeys.map((text) => Buffer.from(text, 'base64')).map((key) => [masterId(key), key]));
  const keys = new Map((await database.query<KeyRow>(everyKey)).map((row) => [row.key_id, row]));
  const rows = await database.query<SealedRow>(sealedLines);
  return rows.flatMap((row) => {
    const fault = faultOf(row, keys.get(Number(row.sealed.split('.', 1)[0])), masters);
    return fault === undefined ? [] : [violation(fault, { caseId: row.case_id, sequence: row.sequence })];
  });
}

function faultOf(row: SealedRow, key: KeyRow | undefined, masters: ReadonlyMap<string, Buffer>): string | undefined {
  if (key === undefined) return 'the key of an entry is neither there nor erased';
  if (key.wrapped === null) return undefined;
  const master = masters.get(key.master);
  if (master === undefined) return 'the key of an entry is wrapped by a master key that was not given';
  try {
    const bare = decrypt(master, `makewhole key of ${key.subject}`, key.wrapped);
    const context = `makewhole entry ${row.case_id}/${row.sequence} of ${row.account_id}`;
    const opened = decrypt(bare, context, Buffer.from(row.sealed.slice(row.sealed.indexOf('.') + 1), 'base64'));
    const secrets = JSON.parse(opened.toString('utf8')) as Readonly<Record<string, { salt: string; value: unknown }>>;
    const isSame = Object.entries(secrets).every(
      ([field, { salt, value }]) => row.data[field]?.committed === sha256(canonicalJson([salt, value])),
    );
    return isSame ? undefined : 'what was sealed of an entry is not what its chain commits to';
  } catch {
    return 'what was sealed of an entry was changed, or is of another buyer';
  }
}

/** 12 bytes of nonce and 16 of tag before the text. */
function decrypt(key: Buffer, context: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(12, 28));
  decipher.setAAD(Buffer.from(context));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}

const masterId = (key: Buffer): string => sha256(Buffer.concat([Buffer.from('makewhole master key '), key])).slice(0, 16);
const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

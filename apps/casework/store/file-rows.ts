import type { InstantMs } from '#kernel/time';
import type { Store, Subject } from '#apps/casework/store/store';
import type { KeyRing, Opened } from '#apps/casework/vault/key-ring';

export interface StoredFile {
  readonly fileId: string;
  readonly caseId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Of the content, in hexadecimal: the evidence names it. */
  readonly sha256: string;
  readonly by: string;
  readonly at: InstantMs;
  /** When name and content were erased, or removed at the end of their time. */
  readonly erasedAt?: InstantMs;
}

/** `sealed` holds the name and, by its number, the key of the content; null in a row from before anything was sealed. */
interface FileRow extends Omit<StoredFile, 'erasedAt'> {
  readonly accountId: Subject;
  readonly sealed: string | null;
  readonly erasedAt: InstantMs | null;
}

const COLUMNS = `file_id AS "fileId", case_id AS "caseId", name, media_type AS "mediaType", bytes, sha256, by, at_ms AS at,
  file.sealed, erased_at_ms AS "erasedAt", account_id AS "accountId"`;
const FROM = 'FROM casework.case_file AS file JOIN casework.cases USING (case_id)';

export async function writeFile(db: Store, accountId: Subject, file: StoredFile, content: Buffer): Promise<void> {
  const { fileId, caseId, name, mediaType, bytes, sha256, by, at } = file;
  const keys = await db.keysOf([accountId], 'sealing');
  const context = contextOf(accountId, fileId);
  const row =
    context === null
      ? { name, sealed: null, content }
      : { name: '', sealed: keys.seal(context, name), content: keys.sealBytes(context, content) };
  await db.query(
    `INSERT INTO casework.case_file (file_id, case_id, name, media_type, bytes, sha256, by, at_ms, content, sealed)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [fileId, caseId, row.name, mediaType, bytes, sha256, by, at, row.content, row.sealed],
  );
}

/** Oldest first; a case holds few. */
export async function listFiles(db: Store, caseId: string): Promise<readonly StoredFile[]> {
  const { rows } = await db.query<FileRow>(`SELECT ${COLUMNS} ${FROM} WHERE case_id = $1 ORDER BY at_ms, file_id`, [caseId]);
  const keys = await db.keysOf(rows.map(({ accountId }) => accountId));
  return rows.map((row) => openFile(keys, row));
}

/** A file with its content; null where that was erased. */
export async function readFileContent(
  db: Store,
  caseId: string,
  fileId: string,
): Promise<(StoredFile & { readonly content: Buffer | null }) | undefined> {
  const { rows } = await db.query<FileRow & { content: Buffer }>(
    `SELECT ${COLUMNS}, content ${FROM} WHERE case_id = $1 AND file_id = $2`,
    [caseId, fileId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const keys = await db.keysOf([row.accountId]);
  return { ...openFile(keys, row), content: row.erasedAt === null ? contentOf(keys, row) : null };
}

function openFile(keys: KeyRing, { accountId, sealed, erasedAt, ...row }: FileRow & { content?: Buffer }): StoredFile {
  const { content: _, ...file } = row;
  if (erasedAt !== null) return { ...file, name: 'erased', erasedAt };
  const context = contextOf(accountId, file.fileId);
  const name: Opened<string> =
    sealed === null || context === null ? { is: 'open', value: file.name } : keys.open(context, sealed);
  return { ...file, name: name.is === 'open' ? name.value : 'erased' };
}

function contentOf(keys: KeyRing, { accountId, fileId, sealed, content }: FileRow & { content: Buffer }): Buffer | null {
  const context = contextOf(accountId, fileId);
  if (sealed === null || context === null) return content;
  const opened = keys.openBytes(context, Number(sealed.split('.', 1)[0]), content);
  return opened.is === 'open' ? opened.value : null;
}

const contextOf = (subject: Subject, fileId: string) => (subject === null ? null : { subject, record: `file ${fileId}` });

import type { InstantMs } from '#kernel/time';
import type { Query } from '#apps/casework/store/query';

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
}

const COLUMNS = `file_id AS "fileId", case_id AS "caseId", name, media_type AS "mediaType", bytes, sha256, by, at_ms AS at`;

export async function writeFile(db: Query, file: StoredFile, content: Buffer): Promise<void> {
  const { fileId, caseId, name, mediaType, bytes, sha256, by, at } = file;
  await db.query(
    `INSERT INTO casework.case_file (file_id, case_id, name, media_type, bytes, sha256, by, at_ms, content)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [fileId, caseId, name, mediaType, bytes, sha256, by, at, content],
  );
}

/** Oldest first; a case holds few. */
export async function listFiles(db: Query, caseId: string): Promise<readonly StoredFile[]> {
  const { rows } = await db.query<StoredFile>(
    `SELECT ${COLUMNS} FROM casework.case_file WHERE case_id = $1 ORDER BY at_ms, file_id`,
    [caseId],
  );
  return rows;
}

export async function readFileContent(
  db: Query,
  caseId: string,
  fileId: string,
): Promise<(StoredFile & { readonly content: Buffer }) | undefined> {
  const { rows } = await db.query<StoredFile & { content: Buffer }>(
    `SELECT ${COLUMNS}, content FROM casework.case_file WHERE case_id = $1 AND file_id = $2`,
    [caseId, fileId],
  );
  return rows[0];
}

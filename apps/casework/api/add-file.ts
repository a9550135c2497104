import { deriveId } from '#kernel/ids';
import type { InstantMs } from '#kernel/time';
import type { Case, CaseChange } from '#case/case';
import { change, countRevision, entry } from '#case/life';
import { ProblemException } from '#http/problem';
import { type CaseDesk, lockAll, type TogetherStep } from '#apps/casework/api/case-desk';
import { listFiles, type StoredFile, writeFile } from '#apps/casework/store/file-rows';
import type { StoreTransaction } from '#apps/casework/store/store';
import type { ReceivedFile } from '#apps/casework/api/read-file';
import type { KeyedRequest } from '#apps/casework/store/api-requests';

const FILES_MAX = 50;

export interface FileToAdd extends ReceivedFile {
  readonly caseId: string;
  readonly name: string;
  readonly by: string;
}

/** The file, and a line in the chain of the case that names its hash: the file is proven by the chain. */
export function addFile(
  desk: CaseDesk,
  keyed: KeyedRequest,
  ifMatch: string | undefined,
  { caseId, name, by, content, mediaType, sha256 }: FileToAdd,
  answer: (file: StoredFile, after: Case) => ReturnType<TogetherStep['answer']>,
  then: (step: CaseChange, now: InstantMs) => CaseChange = (step) => step,
) {
  let held: readonly StoredFile[] = [];
  const lock = async (transaction: StoreTransaction) => {
    const stored = await lockAll(transaction, [caseId], ifMatch);
    held = await listFiles(transaction, caseId);
    return stored;
  };
  return desk.work(keyed, lock, ([stored], { now }) => {
    const subject = stored!.case;
    const known = held.find((one) => one.sha256 === sha256);
    if (known !== undefined) throw alreadyThere(known);
    if (held.length >= FILES_MAX) throw tooMany();
    const file = {
      fileId: deriveId('file', caseId, sha256),
      caseId,
      name,
      mediaType,
      bytes: content.length,
      sha256,
      by,
      at: now,
    };
    const { fileId, bytes } = file;
    const line = entry(now, 'file added', { fileId, name, mediaType, bytes, sha256 }, by);
    return {
      changes: [countRevision(subject, then(change({ ...subject }, [line], [{ kind: 'case.updated' }]), now))!],
      write: (transaction) => writeFile(transaction, subject.accountId, file, content),
      answer: (after) => answer(file, after(caseId)),
    };
  });
}

const alreadyThere = ({ fileId, name }: StoredFile): ProblemException =>
  new ProblemException(409, {
    name: 'file-there-already',
    title: 'The case holds this file already',
    detail: `it is ${fileId}, called ${name}`,
  });

const tooMany = (): ProblemException =>
  new ProblemException(409, {
    name: 'too-many-files',
    title: 'The case holds as many files as it may',
    detail: `${FILES_MAX} are allowed: put several pictures into one PDF`,
  });

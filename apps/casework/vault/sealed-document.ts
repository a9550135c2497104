import type { ActionView, Case } from '#case/case';
import { blank, type Replace, replaceInAction, replaceInFinding, replacePersonal } from '#case/personal';
import type { Finding } from '#detection/finding';
import type { KeyRing, SealContext } from '#apps/casework/vault/key-ring';

/** A document as a row holds it: its personal values are null, and lie sealed beside it in the order in which they stand in it. */
export interface SealedDocument<Document> {
  readonly document: Document;
  /** Null where it holds none, is about no buyer, or was written before anything was sealed. */
  readonly sealed: string | null;
}

type ReplaceIn<Document> = (document: Document, replace: Replace) => Document;

function seal<Document>(
  keys: KeyRing,
  context: SealContext | null,
  document: Document,
  replaceIn: ReplaceIn<Document>,
): SealedDocument<Document> {
  if (context === null) return { document, sealed: null };
  const values: unknown[] = [];
  const rest = replaceIn(document, (value) => {
    values.push(value);
    return null;
  });
  return values.length === 0 ? { document, sealed: null } : { document: rest, sealed: keys.seal(context, values) };
}

function open<Document>(
  keys: KeyRing,
  context: SealContext | null,
  { document, sealed }: SealedDocument<Document>,
  replaceIn: ReplaceIn<Document>,
): Document {
  if (sealed === null || context === null) return document;
  const opened = keys.open<unknown[]>(context, sealed);
  if (opened.is === 'erased') return replaceIn(document, blank);
  const values = opened.value.values();
  return replaceIn(document, () => values.next().value);
}

const contextOf = (subject: string | null, record: string): SealContext | null => (subject === null ? null : { subject, record });
const ofCase = ({ accountId, caseId }: Case): SealContext | null => contextOf(accountId, `case ${caseId}`);
const ofFinding = ({ accountId, findingId }: Finding): SealContext | null => contextOf(accountId, `finding ${findingId}`);

export const sealCase = (keys: KeyRing, subject: Case): SealedDocument<Case> =>
  seal(keys, ofCase(subject), subject, replacePersonal);
export const openCase = (keys: KeyRing, row: SealedDocument<Case>): Case =>
  open(keys, ofCase(row.document), row, replacePersonal);

export const sealFinding = (keys: KeyRing, finding: Finding): SealedDocument<Finding> =>
  seal(keys, ofFinding(finding), finding, replaceInFinding);
export const openFinding = (keys: KeyRing, row: SealedDocument<Finding>): Finding =>
  open(keys, ofFinding(row.document), row, replaceInFinding);

export const sealAction = (keys: KeyRing, accountId: string | null, action: ActionView): SealedDocument<ActionView> =>
  seal(keys, contextOf(accountId, `action ${action.actionId}`), action, replaceInAction);
export const openAction = (keys: KeyRing, accountId: string | null, row: SealedDocument<ActionView>): ActionView =>
  open(keys, contextOf(accountId, `action ${row.document.actionId}`), row, replaceInAction);

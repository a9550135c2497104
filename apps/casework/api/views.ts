import { formatInstant } from '#kernel/time';
import type { Case } from '#case/case';
import { type ActionFile, type CaseFile, toCaseFile } from '#case/case-file';
import type { SealedEntry } from '#case/evidence';
import type { Finding, PaymentFacts } from '#detection/finding';
import type { ListedAction } from '#apps/casework/store/list-actions';

/** A case as `GET /v1/cases/{id}` shows it: the case of the interface, with what it rests on. */
export interface CaseView extends CaseFile {
  readonly revision: number;
  readonly closedAt: string | null;
  readonly findings: readonly Finding[];
  readonly payments: readonly PaymentFacts[];
}

export const toCaseView = (held: Case): CaseView => ({
  ...toCaseFile(held),
  revision: held.revision,
  closedAt: held.closedAt === null ? null : formatInstant(held.closedAt),
  findings: held.findings,
  payments: held.payments,
});

/** An action with its case; `caseRevision` is its ETag, too. */
export interface ActionListing extends ActionFile {
  readonly approvalsNeeded: number;
  readonly reference?: string;
  readonly findingId: string;
  readonly caseId: string;
  readonly caseNumber: string;
  readonly accountId: string | null;
  readonly caseRevision: number;
  readonly proposedAt: string;
}

export const toActionListing = ({
  action,
  caseId,
  caseNumber,
  accountId,
  revision,
  proposedAtMs,
}: ListedAction): ActionListing => {
  const { sequence: _sequence, until: _until, ...shown } = action;
  return { ...shown, caseId, caseNumber, accountId, caseRevision: revision, proposedAt: formatInstant(proposedAtMs) };
};

export const toTimelineLine = ({ sequence, at, by, what, data, previousHash, hash }: SealedEntry) => ({
  sequence,
  at: formatInstant(at),
  by,
  what,
  data,
  previousHash,
  hash,
});

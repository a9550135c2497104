import { formatInstant } from '#kernel/time';
import type { ActionView, Case } from '#case/case';
import { type CaseFile, toCaseFile } from '#case/case-file';
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
export interface ActionListing extends Omit<ActionView, 'until'> {
  /** When a freeze ends by itself. */
  readonly until?: string;
  readonly caseId: string;
  readonly caseNumber: string;
  readonly accountId: string | null;
  readonly caseRevision: number;
  readonly proposedAt: string;
}

export function toActionListing(listed: ListedAction): ActionListing {
  const { until, ...shown } = listed.action;
  return {
    ...shown,
    ...(until === undefined ? {} : { until: formatInstant(until) }),
    caseId: listed.caseId,
    caseNumber: listed.caseNumber,
    accountId: listed.accountId,
    caseRevision: listed.revision,
    proposedAt: formatInstant(listed.proposedAtMs),
  };
}

export const toTimelineLine = ({ sequence, at, by, what, data, previousHash, hash }: SealedEntry) => ({
  sequence,
  at: formatInstant(at),
  by,
  what,
  data,
  previousHash,
  hash,
});

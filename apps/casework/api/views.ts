import { formatInstant } from '#kernel/time';
import type { ActionView, Case, CaseOrigin, HandOver } from '#case/case';
import { type CaseFile, toCaseFile } from '#case/case-file';
import { placeOfCase } from '#case/calendar';
import type { SealedEntry } from '#case/evidence';
import { type Rung, rungOf } from '#case/ladder';
import { priorityOf } from '#case/priority';
import { type QueueName, queueOf } from '#case/queue';
import type { Dismissal, Snooze } from '#case/suppression';
import type { Finding, PaymentFacts } from '#detection/finding';
import type { StoredSnooze } from '#apps/casework/store/suppression-rows';
import type { ListedAction } from '#apps/casework/store/list-actions';

/** A case as lists show it: the case of the interface, with where it waits and who has it. */
export interface CaseRow extends CaseFile {
  readonly queue: QueueName | null;
  readonly priority: number;
  readonly assignee: string | null;
  readonly tags: readonly string[];
  readonly snooze: { readonly until: string; readonly reason: string; readonly by: string } | null;
}

export const toCaseRow = (held: Case): CaseRow => ({
  ...toCaseFile(held),
  queue: queueOf(held),
  priority: priorityOf(held),
  assignee: held.assignee ?? null,
  tags: held.tags ?? [],
  snooze: held.snooze === undefined ? null : { ...held.snooze, until: formatInstant(held.snooze.until) },
});

/** A case as `GET /v1/cases/{id}` shows it: the case of the interface, with what it rests on. */
export interface CaseView extends CaseRow {
  readonly revision: number;
  readonly closedAt: string | null;
  readonly findings: readonly Finding[];
  readonly payments: readonly PaymentFacts[];
  /** Findings that a person took out of the case, and why. */
  readonly dismissed: readonly (Omit<Dismissal, 'at'> & { readonly at: string })[];
  /** What it gave to other cases, and the cases that it was made of. */
  readonly handedOver: readonly (Omit<HandOver, 'at'> & { readonly at: string })[];
  readonly cameFrom: readonly CaseOrigin[];
  /** Only where what was personal in it was erased. */
  readonly erased?: { readonly at: string; readonly reason: string };
  /** Where the buyer stands on the ladder, and where they go next; null when no buyer has lost anything. */
  readonly ladder: { readonly step: string; readonly addressee: string; readonly next: Rung | null } | null;
}

export const toCaseView = (held: Case): CaseView => ({
  ...toCaseRow(held),
  revision: held.revision,
  closedAt: held.closedAt === null ? null : formatInstant(held.closedAt),
  findings: held.findings,
  payments: held.payments,
  dismissed: (held.dismissed ?? []).map((one) => ({ ...one, at: formatInstant(one.at) })),
  handedOver: (held.handedOver ?? []).map((one) => ({ ...one, at: formatInstant(one.at) })),
  cameFrom: held.cameFrom ?? [],
  ladder: ladderOf(held),
  ...(held.erased === undefined ? {} : { erased: { ...held.erased, at: formatInstant(held.erased.at) } }),
});

function ladderOf(held: Case): CaseView['ladder'] {
  const stands = rungOf(held, placeOfCase(held).jurisdiction);
  if (stands === undefined) return null;
  const { step, addressee } = stands.rung;
  return { step, addressee, next: stands.next ?? null };
}

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

/** A snooze as lists show it; those of the policy document have no story. */
export function toSnoozeView(snooze: Snooze & Partial<StoredSnooze>) {
  const { snoozeId, kind, accountId, merchantId, until, reason, by, at, caseId, ended, suppressed } = snooze;
  return {
    snoozeId,
    kind,
    ...(accountId === undefined ? {} : { accountId }),
    ...(merchantId === undefined ? {} : { merchantId }),
    until: formatInstant(until),
    reason,
    by,
    ...(at === undefined ? {} : { at: formatInstant(at) }),
    ...(caseId === undefined ? {} : { caseId }),
    ...(ended === undefined ? {} : { ended: { ...ended, at: formatInstant(ended.at) } }),
    ...(suppressed === undefined ? {} : { suppressed }),
  };
}

import { sha256Hex } from '#kernel/ids';
import type { ActionView, Case, CaseEntry } from '#case/case';
import { canonicalJson } from '#case/canonical-json';
import type { Finding, PaymentFacts } from '#detection/finding';

/**
 * What of a case is about a person rather than about money: the words of people, what their bank wrote on a statement, where they were, what
 * they paid with, and their files (name and content). This page is the list; what is not on it stays when a buyer is erased: ids of
 * accounts, payments and orders, which are the platform's tokens and without which money could be paid twice; amounts, times, the
 * hash of a file, names of staff. What is about no buyer (a merchant, a network) has nobody to be erased for, and is not on it either.
 */
export type PersonalKind = 'text' | 'figure' | 'instrument';

/** Lines of the timeline: what the buyer or staff wrote, why somebody did something, what a file is called. */
export const personalFields = ['text', 'why', 'name'] as const;
export type PersonalField = (typeof personalFields)[number];

/** Of a finding: the reference on a bank statement, and the countries of a journey. */
const personalFigures: readonly string[] = ['reference', 'from', 'to'];

/** What takes the place of a personal value. It is called in the same order each time, whatever it gave before. */
export type Replace = (value: unknown, kind: PersonalKind) => unknown;

/** A case with each personal value replaced; itself when it holds none. */
export function replacePersonal(subject: Case, replace: Replace): Case {
  const text = <Value>(value: Value): Value => replace(value, 'text') as Value;
  const { needed, dismissed, snooze, handedOver } = subject;
  return {
    ...subject,
    findings: subject.findings.map((finding) => replaceInFinding(finding, replace)),
    payments: subject.payments.map((payment) => replaceInPayment(payment, replace)),
    ...(dismissed && { dismissed: dismissed.map((one) => ({ ...one, reason: text(one.reason) })) }),
    actions: subject.actions.map((action) => replaceInAction(action, replace)),
    ...(needed !== undefined && { needed: text(needed) }),
    ...(snooze && { snooze: { ...snooze, reason: text(snooze.reason) } }),
    ...(handedOver && { handedOver: handedOver.map((one) => ({ ...one, reason: text(one.reason) })) }),
  };
}

export function replaceInFinding(finding: Finding, replace: Replace): Finding {
  const { because } = finding;
  const named = personalFigures.filter((name) => Object.hasOwn(because.figures, name));
  if (named.length === 0) return finding;
  const figures: Record<string, string | number | boolean | null> = { ...because.figures };
  for (const name of named) figures[name] = replace(figures[name], 'figure') as string | null;
  return { ...finding, because: { ...because, figures } };
}

/** What a person wrote who said no; what rules, guards and providers say is about money. */
export const replaceInAction = (action: ActionView, replace: Replace): ActionView =>
  action.state === 'refused' && action.guard === undefined && action.reason !== undefined
    ? { ...action, reason: replace(action.reason, 'text') as string }
    : action;

function replaceInPayment(payment: PaymentFacts, replace: Replace): PaymentFacts {
  if (payment.instrument === undefined) return payment;
  const { instrument: _, ...rest } = payment;
  const instrument = replace(payment.instrument, 'instrument') as PaymentFacts['instrument'];
  return instrument === undefined ? rest : { ...payment, instrument };
}

/** What is shown of a value that was erased. */
export const blank: Replace = (_value, kind) => (kind === 'text' ? 'erased' : kind === 'figure' ? null : undefined);

/** A personal value of a line as its chain holds it: what it was cannot be told from it, but that it was this can be shown. */
export interface Committed {
  readonly committed: string;
}

/** How a committed value is shown to be what was written then. Without `salt`, it was erased. */
export interface Opening extends Committed {
  readonly field: PersonalField;
  readonly salt?: string;
}

export const isCommitted = (value: unknown): value is Committed =>
  typeof value === 'object' && value !== null && 'committed' in value;

/** The salt keeps short texts from being guessed; it is erased with them. */
export const commit = (salt: string, value: unknown): string => sha256Hex(canonicalJson([salt, value]));

/** The fields of a line that are personal and are not committed yet. */
export const personalOf = ({ data }: Pick<CaseEntry, 'data'>): readonly PersonalField[] =>
  personalFields.filter((field) => typeof data[field] === 'string');

import type { CaseOutcome, CaseStage } from '#case/case';

/** Who moves a case: the rules, someone of the platform, or the buyer. */
export type Mover = 'makewhole' | 'person' | 'buyer';

const rules: readonly Mover[] = ['makewhole'];
const person: readonly Mover[] = ['person'];
const rulesOrPerson: readonly Mover[] = ['makewhole', 'person'];
const anyone: readonly Mover[] = ['makewhole', 'person', 'buyer'];

/** The stages of a case: from each, to which, by whom. What is not here cannot happen. */
export const transitions: Readonly<Record<CaseStage, Readonly<Partial<Record<CaseStage, readonly Mover[]>>>>> = {
  open: { investigating: rulesOrPerson, awaiting_buyer: person, resolving: rulesOrPerson, closed: anyone },
  investigating: { open: person, awaiting_buyer: person, resolving: rulesOrPerson, closed: anyone },
  awaiting_buyer: { open: person, investigating: anyone, resolving: rulesOrPerson, closed: anyone },
  resolving: { open: person, investigating: person, awaiting_buyer: person, closed: anyone },
  closed: { open: rules },
};

interface OutcomeRule {
  /** Who may end a case with it. */
  readonly by: readonly Mover[];
  /** What opens the case again: a finding that is open once more; a new case that is linked to it; nothing. */
  readonly reopenedBy: 'finding' | 'linked-case' | 'nothing';
}

/** How a case ends. `merged` into another, which holds all of it from then on. */
export const outcomes: Readonly<Record<CaseOutcome, OutcomeRule>> = {
  healed: { by: rules, reopenedBy: 'finding' },
  made_whole: { by: rulesOrPerson, reopenedBy: 'finding' },
  rejected: { by: person, reopenedBy: 'linked-case' },
  withdrawn: { by: ['person', 'buyer'], reopenedBy: 'linked-case' },
  merged: { by: person, reopenedBy: 'nothing' },
};

/** What the name of a line's author says of who moved the case. */
export const moverOf = (by: string): Mover => (by === 'makewhole' ? 'makewhole' : by === 'buyer' ? 'buyer' : 'person');

export const mayMoveStage = (from: CaseStage, to: CaseStage, by: Mover): boolean => transitions[from][to]?.includes(by) === true;

/** Throws on a step that the table does not know: it is a fault of ours. */
export function requireStage(caseId: string, from: CaseStage, to: CaseStage, by: Mover): void {
  if (!mayMoveStage(from, to, by)) throw new Error(`case ${caseId} cannot go from ${from} to ${to} by ${by}`);
}

/** Throws when the mover cannot end a case so: it is a fault of ours. */
export function requireOutcome(caseId: string, outcome: CaseOutcome, by: Mover): void {
  if (!outcomes[outcome].by.includes(by)) throw new Error(`case ${caseId} cannot be ended as ${outcome} by ${by}`);
}

import { placeOfCase } from '#case/calendar';
import type { Case, Clock, LadderStep } from '#case/case';
import { rungsFor } from '#case/ladder';
import { disputeReasons } from '#case/reason-codes';
import { formatInstant } from '#kernel/time';

/** What the one to whom a buyer turns next wants to see, and where in the archive it is. */
export interface LadderPack {
  readonly step: LadderStep;
  readonly addressee: string;
  /** Of the step, once it has begun. */
  readonly dueAt: string | null;
  readonly state: Clock['state'] | 'not begun';
  readonly needs: readonly { readonly what: string; readonly files: readonly string[] }[];
  /** Codes under which the networks know the loss; for those who deal with banks. */
  readonly reasonCodes: readonly string[];
}

const lost = {
  what: 'what was lost, in which payments and orders, and how it was noticed',
  files: ['findings.json', 'payments.json'],
};
const told = {
  what: 'what the platform was told and what it answered, each with its date',
  files: ['timeline.ndjson', 'summary.pdf'],
};
const before = { what: 'the steps before this one, and that their deadlines are past', files: ['case.json', 'timeline.ndjson'] };
const done = { what: 'what was paid back already, so that only the rest is claimed', files: ['case.json', 'summary.pdf'] };
const raw = { what: 'the events themselves, as they were received', files: ['events.ndjson'] };
const proof = {
  what: 'that nothing was changed afterwards: the hash of each file, the chain and its end',
  files: ['manifest.json', 'openings.json'],
};
const rules = { what: 'by which rules it was decided', files: ['policies.json'] };

/** In our words: who decides on paper needs more of it than who mediates. [ours] */
const needsOf: Readonly<Record<LadderStep, LadderPack['needs']>> = {
  platform_complaint: [lost, done],
  consumer_association: [lost, told, done],
  mediation: [lost, told, before, done],
  arbitration: [lost, told, before, done, rules, raw, proof],
  court: [lost, told, before, done, rules, raw, proof],
  police: [lost, raw, told, proof],
};

/** One for each step of the ladder of a buyer's case, whether it has begun or not; none for a case about no buyer. */
export function ladderPacks(subject: Case): readonly LadderPack[] {
  if (subject.accountId === null) return [];
  const kinds = [...new Set(subject.findings.map(({ kind }) => kind))];
  const codes = disputeReasons(kinds).flatMap(({ visa, mastercard, discover, upi }) => [
    ...visa.map((code) => `Visa ${code}`),
    ...mastercard.map((code) => `Mastercard ${code}`),
    ...discover.map((code) => `Discover ${code}`),
    ...upi.map((code) => `UPI ${code}`),
  ]);
  return rungsFor(kinds, placeOfCase(subject).jurisdiction).map(({ step, addressee }) => {
    const clock = subject.clocks.find(({ name }) => name === step);
    return {
      ...{ step, addressee, needs: needsOf[step], reasonCodes: [...new Set(codes)] },
      dueAt: clock === undefined ? null : formatInstant(clock.dueAt),
      state: clock?.state ?? 'not begun',
    };
  });
}

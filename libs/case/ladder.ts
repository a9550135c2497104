import type { Jurisdiction } from '#case/calendar';
import type { Case, LadderStep } from '#case/case';
import type { FindingKind } from '#detection/finding';

/** To whom a buyer turns next, and how long that instance has. */
export interface Rung {
  readonly step: LadderStep;
  readonly workingDays: number;
  readonly addressee: string;
}

/**
 * Deadlines: the platform has 7 to 15 working days (China, facts.md); of the others no source is at hand, so that they are defaults [ours].
 * Addressees by where the buyer's money is at home.
 */
const workingDays: Readonly<Record<LadderStep, number>> = {
  platform_complaint: 15,
  consumer_association: 20,
  mediation: 30,
  arbitration: 60,
  court: 120,
  police: 30,
};

const order: readonly LadderStep[] = ['platform_complaint', 'consumer_association', 'mediation', 'arbitration'];

const addressees: Readonly<Record<Jurisdiction, Readonly<Partial<Record<LadderStep, string>>>>> = {
  CN: {
    consumer_association: 'the consumer association at the place of the platform, through the 12315 line',
    mediation: 'the mediation committee of the payment industry or of the place',
    arbitration: 'the arbitration commission that the terms name',
    court: "the internet court, or the people's court of the place",
    police: 'the public security bureau of the place',
  },
  EU: {
    consumer_association: 'the consumer association or European Consumer Centre of the buyer',
    mediation: 'the body for alternative dispute resolution that the platform names',
    arbitration: 'the ombudsman for payment services',
  },
  IN: {
    consumer_association: 'the National Consumer Helpline',
    mediation: 'the ombudsman of the Reserve Bank',
    court: 'the District Consumer Commission',
  },
  US: {
    consumer_association: "the state's consumer protection office or the CFPB",
    court: 'the small claims court of the buyer',
  },
  other: {},
};

const anywhere: Readonly<Record<LadderStep, string>> = {
  platform_complaint: 'the complaints desk of the platform',
  consumer_association: 'the consumer association of the buyer',
  mediation: 'a mediation body that both sides accept',
  arbitration: 'the arbitration body that the terms name',
  court: 'the court of the buyer',
  police: 'the police of the buyer',
};

/** What somebody did on purpose goes to the police at the end, what went wrong to a court. */
const crimes: readonly FindingKind[] = ['account-takeover', 'credential-stuffing', 'card-testing', 'insider-abuse'];

export function rungsFor(kinds: readonly FindingKind[], jurisdiction: Jurisdiction): readonly Rung[] {
  const last: LadderStep = kinds.some((kind) => crimes.includes(kind)) ? 'police' : 'court';
  return [...order, last].map((step) => ({
    step,
    workingDays: workingDays[step],
    addressee: addressees[jurisdiction][step] ?? anywhere[step],
  }));
}

export const isLadderStep = (name: string): name is LadderStep => Object.hasOwn(workingDays, name);

/** The rung on which a case stands: its newest; undefined before the first. */
export function rungOf(
  subject: Case,
  jurisdiction: Jurisdiction,
): { readonly rung: Rung; readonly next: Rung | undefined } | undefined {
  const rungs = rungsFor(
    subject.findings.map(({ kind }) => kind),
    jurisdiction,
  );
  const step = subject.clocks.findLast(({ name }) => isLadderStep(name))?.name;
  const at = step === 'court' || step === 'police' ? rungs.length - 1 : rungs.findIndex((rung) => rung.step === step);
  return at < 0 ? undefined : { rung: rungs[at]!, next: rungs[at + 1] };
}

import type { Jurisdiction } from '#case/calendar';
import type { Case, LadderStep } from '#case/case';
import type { FindingKind } from '#detection/finding';

/** To whom a buyer turns; how long that instance has is a setting. */
export interface Rung {
  readonly step: LadderStep;
  readonly addressee: string;
}

const order: readonly LadderStep[] = ['platform_complaint', 'consumer_association', 'mediation', 'arbitration'];

/** By where the buyer's money is at home. */
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
    addressee: addressees[jurisdiction][step] ?? anywhere[step],
  }));
}

export const isLadderStep = (name: string): name is LadderStep => Object.hasOwn(anywhere, name);

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

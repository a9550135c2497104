import type { Finding } from '#detection/finding';
import { days } from '#kernel/time';
import { incidentKinds, type IncidentKind } from '#simulator/incident';
import { simulateIncidents, type IncidentOptions, type ToldIncident } from '#simulator/incident-traffic';
import { replayScores } from './replay-scores';

/** Whom a finding is about. */
const subjectOf = ({ scope, accountId }: Finding): string => scope?.key ?? accountId ?? '';

interface Answer {
  /** Said as `likely` or `certain`: it asks a person. */
  readonly isAlarm: boolean;
  readonly finding: Finding;
}

export interface KindMeasure {
  readonly kind: IncidentKind;
  readonly planted: number;
  readonly found: number;
  /** Found, or at least listed as possible. */
  readonly listed: number;
  readonly falseAlarms: number;
  readonly precision: number;
  readonly recall: number;
}

/** Ratchets: what was measured with four of each, cut to two digits. They may only rise. */
export const incidentFloors: Readonly<Record<IncidentKind, { readonly precision: number; readonly recall: number }>> = {
  'credential-stuffing': { precision: 0.7, recall: 0.75 },
  'card-testing': { precision: 0.8, recall: 0.8 },
  'compromised-merchant': { precision: 1, recall: 0.75 },
  'merchant-anomaly': { precision: 0.8, recall: 0.87 },
  'insider-abuse': { precision: 1, recall: 0.4 },
  'payment-outage': { precision: 0.63, recall: 0.75 },
  'spend-outlier': { precision: 1, recall: 0.41 },
  'statement-without-order': { precision: 0.995, recall: 0.99 },
};

/** Incidents of many accounts and look-alikes on one platform: whom the findings of each kind were about, and whom they should have been about. */
export function measureIncidents(options: IncidentOptions) {
  const traffic = simulateIncidents(options);
  const { findings } = replayScores(
    traffic.events.map(({ event }) => event),
    options.until,
  );
  const { kinds: wanted = incidentKinds } = options;
  const kinds = new Set<string>(wanted);
  const answers = findings
    .filter(({ kind, status }) => kinds.has(kind) && status === 'open')
    .map((finding): Answer => ({ finding, isAlarm: finding.confidence !== 'possible' }));
  const isAbout = ({ finding }: Answer, told: ToldIncident): boolean =>
    finding.kind === told.kind && told.about.includes(subjectOf(finding)) && Date.parse(finding.at) >= told.at - days(1);
  const told = traffic.told.map((one) => {
    const said = answers.filter((answer) => isAbout(answer, one));
    return { ...one, isListed: said.length > 0, isFound: said.some(({ isAlarm }) => isAlarm) };
  });
  const losses = told.filter(({ isLoss }) => isLoss);
  const alsoTrue = new Set(traffic.told.flatMap((one) => one.alsoTrue));
  const falseAlarms = [
    ...new Map(
      answers
        .filter((answer) => answer.isAlarm && !losses.some((loss) => isAbout(answer, loss)))
        .map(({ finding }) => [`${finding.kind} ${subjectOf(finding)}`, finding] as const)
        .filter(([subject]) => !alsoTrue.has(subject)),
    ).values(),
  ];
  const storyOf = (finding: Finding): string =>
    traffic.told.find(({ about }) => about.includes(subjectOf(finding)))?.name ?? `ordinary: ${subjectOf(finding)}`;
  return {
    events: traffic.events.length,
    kinds: wanted.map((kind): KindMeasure => {
      const ofKind = losses.filter((one) => one.kind === kind);
      const [found, listed] = [ofKind.filter(({ isFound }) => isFound).length, ofKind.filter(({ isListed }) => isListed).length];
      const wrong = falseAlarms.filter((finding) => finding.kind === kind).length;
      const precision = found + wrong === 0 ? 0 : found / (found + wrong);
      return { kind, planted: ofKind.length, found, listed, falseAlarms: wrong, precision, recall: found / ofKind.length };
    }),
    falseAlarms: falseAlarms.map((finding) => `${finding.kind}: ${storyOf(finding)}`).sort(),
    stories: [...new Set(told.map(({ kind, name }) => `${kind}: ${name}`))].map((story) => {
      const ofStory = told.filter(({ kind, name }) => `${kind}: ${name}` === story);
      const said = ofStory.filter(({ isFound }) => isFound).length;
      return {
        story,
        isLoss: ofStory[0]!.isLoss,
        told: ofStory.length,
        said,
        listed: ofStory.filter((one) => one.isListed).length,
      };
    }),
  };
}

import { THE_ACCOUNT } from '#detection/account-takeover';
import type { AccountState } from '#detection/account-state';
import type { Claim } from '#detection/claim';
import type { Coverage } from '#detection/coverage';
import { createDetectors } from '#detection/detectors';
import type { Detector, SubjectKind } from '#detection/detector';
import { limitCaps } from '#detection/limit-caps';
import { defaultDetectionSettings, type DetectionSettings } from '#detection/settings';
import { tellDifferences } from '#detection/told';
import { NEVER } from '#kernel/time';
import type { Ledger } from '#ledger/ledger';

type Subject = { readonly id: string };

/** Some of what has no default is set, so that every detector has something to say. */
export const fullSettings: DetectionSettings = {
  ...defaultDetectionSettings,
  'limit-exceeded': {
    ...defaultDetectionSettings['limit-exceeded'],
    accountDay: { EUR: 3000 },
    instrumentPayment: { EUR: 2000 },
    instrumentMonth: { EUR: 4000 },
  },
};
const detectors = Object.values(createDetectors(fullSettings)) as readonly Detector<Subject>[];
const caps = limitCaps(fullSettings['limit-exceeded']);

const subjectsOf: Readonly<Record<SubjectKind, (ledger: Ledger) => readonly Subject[]>> = {
  order: ({ orders }) => orders,
  payment: ({ payments }) => payments,
  refund: ({ refunds }) => refunds,
  freeze: ({ freezes }) => freezes,
  account: () => [THE_ACCOUNT],
  fee: ({ side }) => side?.fees ?? [],
  payout: ({ side }) => side?.payouts ?? [],
  wallet: ({ side }) => side?.wallets ?? [],
  complaint: ({ side }) => side?.complaints ?? [],
  line: ({ side }) => side?.lines ?? [],
  limit: (ledger) => caps.ofLedger(ledger),
};

/**
 * What would be said, and awaited otherwise, if every detector looked at every subject of the account now: nothing, where each event
 * was handed to every detector whose answer it changes.
 */
export function assessAll(state: AccountState, coverage: Coverage): readonly string[] {
  const { ledger } = state;
  const memory = structuredClone(state.told);
  const faults: string[] = [];
  for (const detector of detectors) {
    for (const subject of subjectsOf[detector.subject](ledger)) {
      const claims: Claim[] = [];
      const due = detector.assess(subject, { ledger, now: state.judgedUntil, coverage }, claims);
      const speaker = {
        detector: detector.name,
        subject: subject.id,
        accountId: ledger.accountId,
        knowsSince: detector.knowsSince?.(ledger) ?? -NEVER,
      };
      tellDifferences(memory, speaker, claims, ({ finding }) =>
        faults.push(`${detector.name} would say ${JSON.stringify(finding)}`),
      );
      const awaited = state.deadlines.find((one) => one.detector === detector.name && one.subject === subject.id)?.at ?? NEVER;
      if (awaited !== due) faults.push(`${detector.name} of ${subject.id} awaits ${awaited} instead of ${due}`);
    }
  }
  return faults;
}

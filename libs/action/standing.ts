import { days, type InstantMs } from '#kernel/time';
import type { Case } from '#case/case';
import type { Finding } from '#detection/finding';

/** What a buyer's other cases say of them; the case at hand does not count. */
export interface BuyerStanding {
  /** Whole days since the first of their cases, or the first capture of a payment of the case at hand. */
  readonly knownDays: number;
  readonly cases: number;
  /** Closed as a loss that was one: healed or made whole. */
  readonly confirmed: number;
  /** Closed as none: rejected by a person. */
  readonly refused: number;
}

/** Open findings about a merchant that are certain or likely, as far as they are counted. */
export interface MerchantStanding {
  readonly openFindings: number;
}

export interface Standing {
  readonly buyer?: BuyerStanding;
  readonly merchant?: MerchantStanding;
}

/** More open findings of a merchant are not counted: no limit lies that high. */
export const OPEN_FINDINGS_MAX = 1_000;

/** What a rule asks of the buyer; all of what is named. */
export interface BuyerCondition {
  readonly knownDaysMin?: number;
  readonly casesMax?: number;
  readonly confirmedMin?: number;
  readonly refusedMax?: number;
}

export interface MerchantCondition {
  readonly openFindingsMax?: number;
}

/** A standing that is not known meets no condition. */
export function meetsBuyer(wanted: BuyerCondition, buyer: BuyerStanding | undefined): boolean {
  if (buyer === undefined) return false;
  const { knownDaysMin = 0, casesMax = Infinity, confirmedMin = 0, refusedMax = Infinity } = wanted;
  return (
    buyer.knownDays >= knownDaysMin && buyer.cases <= casesMax && buyer.confirmed >= confirmedMin && buyer.refused <= refusedMax
  );
}

export const meetsMerchant = (
  { openFindingsMax = Infinity }: MerchantCondition,
  merchant: MerchantStanding | undefined,
): boolean => merchant !== undefined && merchant.openFindings <= openFindingsMax;

/** What is known of a buyer's cases beside the one at hand. */
export interface BuyerHistory {
  readonly cases: number;
  readonly confirmed: number;
  readonly refused: number;
  readonly firstOpenedAt: InstantMs | null;
}

export function buyerStanding(subject: Case, { firstOpenedAt, ...counts }: BuyerHistory, now: InstantMs): BuyerStanding {
  const captures = subject.payments.flatMap(({ capturedAt }) => capturedAt ?? []);
  const first = Math.min(now, subject.openedAt, firstOpenedAt ?? now, ...captures);
  return { knownDays: Math.floor((now - first) / days(1)), ...counts };
}

/** The same from the cases themselves. */
export function historyOf(others: readonly Case[]): BuyerHistory {
  const outcomes = others.map(({ outcome }) => outcome);
  return {
    cases: others.length,
    confirmed: outcomes.filter((outcome) => outcome === 'healed' || outcome === 'made_whole').length,
    refused: outcomes.filter((outcome) => outcome === 'rejected').length,
    firstOpenedAt: others.length === 0 ? null : Math.min(...others.map(({ openedAt }) => openedAt)),
  };
}

export const merchantOf = ({ scope, merchantId }: Finding): string | undefined =>
  scope?.kind === 'merchant' ? scope.key : merchantId;

/** Whether a finding counts towards its merchant's standing. */
export const countsForMerchant = ({ status, confidence, mode }: Finding): boolean =>
  status === 'open' && confidence !== 'possible' && mode !== 'shadow';

import type { InstantMs } from '#kernel/time';
import { buyerStanding, merchantOf, OPEN_FINDINGS_MAX, type Standing } from '#action/standing';
import type { Case, CaseOutcome } from '#case/case';
import type { Finding } from '#detection/finding';
import type { Query } from '#apps/casework/store/query';

interface CaseOfBuyer {
  readonly case_id: string;
  readonly account_id: string;
  readonly outcome: CaseOutcome | null;
  readonly opened_at_ms: InstantMs;
}

/** Standings as they were before this transaction: what it tells itself does not count yet. */
export type StandingOf = (subject: Case, finding: Finding) => Standing;

/** Of the buyers and merchants of these cases and findings. */
export async function readStandings(
  db: Query,
  cases: readonly Case[],
  findings: readonly Finding[],
  now: InstantMs,
): Promise<StandingOf> {
  const all = [...findings, ...cases.flatMap((held) => held.findings)];
  const accounts = new Set([...all, ...cases].flatMap(({ accountId }) => accountId ?? []));
  const merchants = new Set(all.flatMap((finding) => merchantOf(finding) ?? []));
  const ofBuyer = new Map<string, CaseOfBuyer[]>();
  for (const row of await casesOf(db, [...accounts])) {
    const known = ofBuyer.get(row.account_id);
    if (known === undefined) ofBuyer.set(row.account_id, [row]);
    else known.push(row);
  }
  const openOf = await openFindingsOf(db, [...merchants], all);
  return (subject, finding) => {
    const merchant = merchantOf(finding);
    const others = (ofBuyer.get(subject.accountId ?? '') ?? []).filter((row) => row.case_id !== subject.caseId);
    return {
      ...(subject.accountId === null ? {} : { buyer: buyerStanding(subject, historyIn(others), now) }),
      ...(merchant === undefined ? {} : { merchant: { openFindings: openOf.get(merchant) ?? 0 } }),
    };
  };
}

const historyIn = (rows: readonly CaseOfBuyer[]) => ({
  cases: rows.length,
  confirmed: rows.filter(({ outcome }) => outcome === 'healed' || outcome === 'made_whole').length,
  refused: rows.filter(({ outcome }) => outcome === 'rejected').length,
  firstOpenedAt: rows.length === 0 ? null : Math.min(...rows.map((row) => row.opened_at_ms)),
});

async function casesOf(db: Query, accountIds: readonly string[]): Promise<readonly CaseOfBuyer[]> {
  if (accountIds.length === 0) return [];
  const { rows } = await db.query<CaseOfBuyer>(
    `SELECT case_id, account_id, outcome, opened_at_ms FROM casework.cases
     WHERE account_id = ANY($1::text[])`,
    [accountIds],
  );
  return rows;
}

/** Up to the most that is counted, without those that are at hand. */
async function openFindingsOf(
  db: Query,
  merchantIds: readonly string[],
  atHand: readonly Finding[],
): Promise<ReadonlyMap<string, number>> {
  if (merchantIds.length === 0) return new Map();
  const { rows } = await db.query<{ merchant: string; count: number }>(
    `SELECT merchant, (SELECT count(*)::int FROM (
         SELECT 1 FROM casework.finding WHERE merchant_id = merchant AND status = 'open' AND confidence <> 'possible'
           AND document ->> 'mode' IS NULL AND finding_id <> ALL($2::text[]) LIMIT $3) AS open) AS count
     FROM unnest($1::text[]) AS merchant`,
    [merchantIds, atHand.map(({ findingId }) => findingId), OPEN_FINDINGS_MAX],
  );
  return new Map(rows.map(({ merchant, count }) => [merchant, count]));
}

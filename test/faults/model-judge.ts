import { readStoredFindings, type StoredFinding } from '#apps/makewhole/verify/stored-findings';
import { claimKey, type Claim } from '#test/model/claim';
import { modelClaims, modelKinds } from '#test/model/model';
import { readEvents, type ModelRecord } from '#test/model/read';
import type { FindingKind } from '#detection/finding';

import type { OpenAudit } from './quiet';

/** Claims that silence decides about now: the services' clock and the model's are not read at the same moment. */
const undecidedMs = 5_000;

/**
 * The second opinion: what is open must be what the plain model of test/model finds in the log, and nothing that the gateway
 * acknowledged may be missing from it. Throws with the first differences.
 */
export async function judgeByModel(open: OpenAudit, acknowledged: ReadonlySet<string>): Promise<void> {
  const audit = await open();
  try {
    const records: ModelRecord[] = [];
    await audit.log.scan('payment-events', ({ value, appendedAt }) => void records.push({ value, appendedAt }));
    const input = readEvents(records);
    const logged = new Set(input.events.map(({ source, id }) => JSON.stringify([source, id])));
    const lost = [...acknowledged].filter((identity) => !logged.has(identity));
    if (lost.length > 0) throw new Error(`${lost.length} acknowledged events are not in the log, first ${lost[0]}`);

    const [judged] = await audit.database.query<{ until: number | null }>(
      `SELECT min(watermark) AS until FROM detector.partition_progress WHERE topic = 'payment-events' AND watermark IS NOT NULL`,
    );
    const until = judged?.until ?? Number.NEGATIVE_INFINITY;
    const stored = [...(await readStoredFindings(audit.database)).values()].filter(({ kind, text }) => isCertain(kind, text));
    const found = stored
      .filter(({ status }) => status === 'open')
      .map((finding) => claimKey({ ...finding, kind: finding.kind as FindingKind, accountId: finding.accountId ?? '' }));
    const expected = modelClaims(input.events, until - undecidedMs).filter(
      ({ confidence, status }) => confidence === 'certain' && status === 'open',
    );
    const possible = new Set(modelClaims(input.events, until + undecidedMs).map(claimKey));
    const missing = expected.filter((claim) => !found.includes(claimKey(claim)));
    const surplus = found.filter((key) => !possible.has(key));
    if (missing.length + surplus.length > 0) throw new Error(describeDifferences(missing, surplus, stored));
  } finally {
    await audit.close();
  }
}

const isCertain = (kind: string, text: string): boolean =>
  modelKinds.has(kind) && (JSON.parse(text) as { confidence: string }).confidence === 'certain';

const shownMax = 5;

function describeDifferences(missing: readonly Claim[], surplus: readonly string[], stored: readonly StoredFinding[]): string {
  const insteadOf = (claim: Claim): string =>
    stored
      .filter(({ kind, accountId }) => kind === claim.kind && accountId === claim.accountId)
      .map(({ text }) => text)
      .join(' ') || 'nothing';
  return [
    `the model disagrees: ${missing.length} missing, ${surplus.length} too many`,
    ...missing.slice(0, shownMax).map((claim) => `  missing ${claimKey(claim)}, stored is ${insteadOf(claim)}`),
    ...surplus.slice(0, shownMax).map((key) => `  too many ${key}`),
  ].join('\n');
}

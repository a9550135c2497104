import { readStoredFindings } from '#apps/makewhole/verify/stored-findings';
import { claimKey } from '#test/model/claim';
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
    const certain = (kind: string, confidence: string): boolean => modelKinds.has(kind) && confidence === 'certain';
    const expected = modelClaims(input.events, until - undecidedMs)
      .filter(({ kind, confidence, status }) => certain(kind, confidence) && status === 'open')
      .map(claimKey);
    const possible = new Set(modelClaims(input.events, until + undecidedMs).map(claimKey));
    const found = [...(await readStoredFindings(audit.database)).values()]
      .filter(
        ({ kind, status, text }) => certain(kind, (JSON.parse(text) as { confidence: string }).confidence) && status === 'open',
      )
      .map((finding) => claimKey({ ...finding, kind: finding.kind as FindingKind, accountId: finding.accountId ?? '' }));
    const known = new Set(found);
    const missing = expected.filter((key) => !known.has(key));
    const surplus = found.filter((key) => !possible.has(key));
    if (missing.length + surplus.length > 0)
      throw new Error(
        `the model disagrees: ${missing.length} missing ${missing.slice(0, 5).join(' ')}, ${surplus.length} too many ${surplus.slice(0, 5).join(' ')}`,
      );
  } finally {
    await audit.close();
  }
}

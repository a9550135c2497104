import { judgedStages } from '#apps/makewhole/verify/applied-partitions';
import type { AuditDatabase, ToldFinding } from '#apps/makewhole/verify/sources';

export interface StoredFinding extends ToldFinding {
  /** The CloudEvent under which it was told last. */
  readonly messageId: string;
}

interface FindingRow {
  readonly finding_id: string;
  readonly body: string;
}

/** Every finding as the detector stored it, with the progress that it belongs to. */
export async function readStoredFindings(database: AuditDatabase): Promise<ReadonlyMap<string, StoredFinding>> {
  const tables = (await judgedStages(database)).map(({ schema }) => `SELECT finding_id, body FROM ${schema}.finding`);
  const rows = await database.query<FindingRow>(tables.join(' UNION ALL '));
  return new Map(
    rows.map(({ finding_id: findingId, body }) => {
      const { id, data } = JSON.parse(body) as { id: string; data: { finding: ToldFinding } };
      return [findingId, { ...data.finding, text: JSON.stringify(data.finding), messageId: id }];
    }),
  );
}

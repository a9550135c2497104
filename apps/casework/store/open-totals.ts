import type { Query } from '#apps/casework/store/query';

export interface OpenTotals {
  readonly byStage: ReadonlyMap<string, number>;
  /** Loss of open cases, in minor units by currency. */
  readonly atRiskMinor: ReadonlyMap<string, number>;
}

/** Reads open cases only: closed ones grow for ever, open ones are what people can handle. */
export async function readOpenTotals(db: Query): Promise<OpenTotals> {
  const stages = await db.query<{ stage: string; count: number }>(
    `SELECT stage, count(*) AS count FROM casework.cases WHERE stage IN ('open', 'investigating', 'awaiting_buyer', 'resolving')
     GROUP BY stage`,
  );
  const losses = await db.query<{ currency: string; minor: string }>(
    `SELECT currency, sum(minor)::text AS minor FROM casework.case_loss WHERE is_open GROUP BY currency`,
  );
  return {
    byStage: new Map(stages.rows.map(({ stage, count }) => [stage, count])),
    atRiskMinor: new Map(losses.rows.map(({ currency, minor }) => [currency, Number(minor)])),
  };
}

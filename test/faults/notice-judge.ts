import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

interface NoticeRow {
  readonly endpoint: string;
  readonly notice_id: string;
  readonly state: string;
}

const everyNotice = 'SELECT endpoint, notice_id, state FROM actuator.notice';

/**
 * What receivers say of notices against what we say: whoever listens heard everything, under its id and signed; one that never answers
 * kept nobody waiting and counts as told of nothing; one that is gone was asked no further. Throws what is otherwise after `limitMs`.
 */
export async function judgeNotices(databaseUrl: string, recordPath: string, limitMs = 60_000): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const end = Date.now() + limitMs; ; await sleep(250)) {
      const { rows } = await client.query<NoticeRow>(everyNotice);
      const faults = faultsOf(rows, recordPath);
      if (faults.length === 0) return;
      if (Date.now() > end) throw new Error(`notices are not as they were told:\n${faults.slice(0, 20).join('\n')}`);
    }
  } finally {
    await client.end();
  }
}

function faultsOf(rows: readonly NoticeRow[], recordPath: string): readonly string[] {
  const heard = readFileSync(recordPath, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { id: string; fault?: string });
  const at = (endpoint: string): readonly NoticeRow[] => rows.filter((row) => row.endpoint === endpoint);
  const ids = new Set(heard.map(({ id }) => id));
  const known = new Set(at('listens').map((row) => row.notice_id));
  return [
    ...(rows.length === 0 ? ['no notice was ever told'] : []),
    ...heard.flatMap(({ id, fault }) =>
      fault === undefined ? [] : [`${id} came with a signature that does not hold: ${fault}`],
    ),
    ...[...ids].filter((id) => !known.has(id)).map((id) => `${id} was told and nobody knows of it`),
    ...at('listens').flatMap(({ notice_id: id, state }) =>
      state !== 'delivered'
        ? [`${id} is ${state} though its receiver listens`]
        : ids.has(id)
          ? []
          : [`${id} counts as told and never came`],
    ),
    ...at('silent').flatMap(({ notice_id: id, state }) =>
      state === 'delivered' ? [`${id} counts as told, and nobody answered`] : [],
    ),
    ...at('gone').flatMap(({ notice_id: id, state }) =>
      state === 'disabled' ? [] : [`${id} is ${state} though its receiver is gone`],
    ),
  ];
}

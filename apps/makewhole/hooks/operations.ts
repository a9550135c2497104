import { userInfo } from 'node:os';
import type { Pool } from 'pg';
import { formatInstant } from '#kernel/time';
import { openPool } from '#postgres/pool';
import { createLogger } from '#telemetry/logger';
import { readTries } from '#apps/actuator/hooks/delivery-log';
import { type Again, sendAgain, standingOf } from '#apps/actuator/hooks/hook-desk';
import { queryOf } from '#apps/actuator/query';
import type { HookOptions } from '#apps/makewhole/hooks/command';
import { failed, wrongUse } from '#apps/makewhole/failure';
import { readInstant } from '#apps/makewhole/replay/instant-option';
import { requireConfig } from '#apps/makewhole/settings';
import { openStorage } from '#apps/makewhole/storage';
import type { Terminal } from '#apps/makewhole/terminal';

export function listHooks(endpoint: string | undefined, options: HookOptions, terminal: Terminal): Promise<void> {
  return withHooks(options, async (pool, names) => {
    if (endpoint === undefined) {
      for (const { disabledAt, oldestWaitingAt, ...one } of await standingOf(queryOf(pool), names)) {
        const times = { disabledAt: textOf(disabledAt), oldestWaitingAt: textOf(oldestWaitingAt) };
        terminal.print(JSON.stringify({ ...one, ...times }));
      }
      terminal.note(`${names.length} endpoints`);
      return;
    }
    requireName(names, endpoint);
    const tries = await readTries(queryOf(pool), endpoint, { limit: options.limit ?? 50, before: undefined });
    for (const { at, ...one } of tries) terminal.print(JSON.stringify({ at: formatInstant(at), ...one }));
    terminal.note(`${tries.length} tries`);
  });
}

export function resendNotices(endpoint: string, ids: readonly string[], options: HookOptions, terminal: Terminal): Promise<void> {
  if ((ids.length === 0) === (options.from === undefined)) throw wrongUse('name notices, or say --from; not both');
  return withHooks(options, async (pool, names) => {
    requireName(names, endpoint);
    const now = Date.now();
    const which: Again =
      options.from === undefined
        ? { noticeIds: ids }
        : {
            from: readInstant('--from', options.from),
            until: options.until === undefined ? now : readInstant('--until', options.until),
            types: options.type,
          };
    const notices = await sendAgain(pool, endpoint, which, { by: userInfo().username, reason: options.reason, now });
    terminal.note(`${notices} notices go out again to ${endpoint}`);
    if (notices < ids.length) throw failed(`${ids.length - notices} of the notices named were never said to ${endpoint}`);
  });
}

const textOf = (at: number | null): string | null => (at === null ? null : formatInstant(at));

function requireName(names: readonly string[], endpoint: string): void {
  if (!names.includes(endpoint)) throw wrongUse(`there is no hook ${endpoint}; there are ${names.join(', ') || 'none'}`);
}

/** The tables are made when the actuator first starts. */
async function withHooks(options: HookOptions, work: (pool: Pool, names: readonly string[]) => Promise<void>): Promise<void> {
  const config = requireConfig(options.config);
  const storage = await openStorage(config, createLogger('makewhole', 'warn'));
  const pool = openPool(storage.databaseUrl, { max: 1, applicationName: 'makewhole hooks' });
  try {
    const { rows } = await queryOf(pool).query<{ ready: boolean }>(
      `SELECT to_regclass('actuator.hook_delivery') IS NOT NULL AS ready`,
    );
    if (rows[0]?.ready !== true) throw failed('the actuator has never run on this database: start it once');
    await work(
      pool,
      config.actuator.hooks.map(({ name }) => name),
    );
  } finally {
    await pool.end();
    await storage.close();
  }
}

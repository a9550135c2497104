import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

import type { Effect } from '#test/providers/emulator';

import { type ProviderFiles, restoreEmulators } from './emulators';
import { providerNames } from './provider-payments';
import { webhooksOf } from './provider-webhooks';
import { readTold } from './webhook-teller';

export interface JudgedAction {
  readonly key: string;
  readonly connector: string;
  readonly state: string;
}

const actionsAtProviders = 'SELECT key, connector, state FROM actuator.action WHERE connector = ANY ($1)';

/**
 * What each provider did, by its own record, against what we say of it. Throws what differs, and what it told that nobody took after
 * `limitMs`. Returns how often they moved money.
 */
export async function judgeProviders(databaseUrl: string, files: ProviderFiles, limitMs = 60_000): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const end = Date.now() + limitMs; ; await sleep(250)) {
      const { rows } = await client.query<JudgedAction>(actionsAtProviders, [providerNames]);
      const emulators = restoreEmulators(files);
      const told = readTold(files.told);
      const faults = [
        ...(providerNames.some((name) => emulators[name].effects.length > 0) ? [] : ['no provider was asked for anything']),
        ...providerNames.flatMap((name) => providerFaults(name, emulators[name].effects, rows)),
        ...webhooksOf(emulators).flatMap(({ id }) => (told.has(id) ? [] : [`nobody took webhook ${id}`])),
      ];
      if (faults.length === 0) return providerNames.reduce((sum, name) => sum + emulators[name].effects.length, 0);
      if (Date.now() > end) throw new Error(`providers know otherwise:\n${faults.slice(0, 20).join('\n')}`);
    }
  } finally {
    await client.end();
  }
}

/** Where a provider's record and our actions contradict each other, in words. */
export function providerFaults(
  provider: string,
  effects: readonly Effect[],
  actions: readonly JudgedAction[],
): readonly string[] {
  const ours = new Map(actions.filter(({ connector }) => connector === provider).map((action) => [action.key, action]));
  const keys = effects.map(({ key }) => key);
  const known = new Set(keys);
  return [
    ...keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `${provider} moved money twice under ${key}`),
    ...[...known].flatMap((key) => {
      const action = ours.get(key);
      if (action === undefined) return [`${provider} moved money under ${key}, which is no action of ours there`];
      return action.state === 'confirmed' ? [] : [`${provider} moved money under ${key}, and our action is ${action.state}`];
    }),
    ...[...ours.values()]
      .filter(({ key, state }) => state === 'confirmed' && !known.has(key))
      .map(({ key }) => `${key} is confirmed, and ${provider} knows nothing of it`),
  ];
}

/** What they did until now, in the auditor's words. */
export function auditorsRecord(files: ProviderFiles): readonly object[] {
  const emulators = restoreEmulators(files);
  return providerNames.flatMap((name) =>
    emulators[name].effects.map((effect) => ({
      ...effect,
      at: new Date(effect.at).toISOString(),
      accountId: emulators.accountOf(effect.paymentId),
    })),
  );
}

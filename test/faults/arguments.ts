import { parseArgs } from 'node:util';

import { logKinds, type LogKind } from './log-under-test';

export interface Arguments {
  readonly seed: number;
  /** How long to go on; undefined: the bounded plan of CI. */
  readonly minutes: number | undefined;
  /** Part of a fault's name. */
  readonly only: string | undefined;
  readonly logs: readonly LogKind[];
  /** Where the counts go, as jest writes them. */
  readonly json: string | undefined;
}

export const usage = `npm run test:faults -- [--seed S] [--minutes M | --bounded] [--only NAME] [--log postgres|kafka|cluster] [--json FILE]
  Hurts real processes under load and audits them after each fault. The same seed repeats a run.`;

/** Throws with the usage on anything else. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string' },
      bounded: { type: 'boolean' },
      only: { type: 'string' },
      log: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const log = logKinds.find((kind) => kind === values.log);
  if (values.log !== undefined && log === undefined) throw new Error(`--log takes ${logKinds.join(', ')}`);
  const count = (name: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const number = Number(text);
    if (!(number >= 0)) throw new Error(`--${name} takes a number, not ${text}`);
    return number;
  };
  return {
    seed: count('seed', values.seed) ?? Math.floor(Math.random() * 1_000_000),
    minutes: values.bounded ? undefined : count('minutes', values.minutes),
    only: values.only,
    logs: log === undefined ? logKinds : [log],
    json: values.json,
  };
}

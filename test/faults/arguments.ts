import { parseArgs } from 'node:util';

import { logKinds, type LogKind } from './log-under-test';

export interface Arguments {
  readonly seed: number;
  /** The plan of CI: each of its rounds once. */
  readonly bounded: boolean;
  /** How long to go on; with `bounded`, the time after which no further round begins. Undefined: as long as the plan takes. */
  readonly minutes: number | undefined;
  /** Part of a fault's name. */
  readonly only: string | undefined;
  readonly logs: readonly LogKind[];
  /** Where the counts go, as jest writes them. */
  readonly json: string | undefined;
}

export const usage = `npm run test:faults -- [--seed S] [--bounded] [--minutes M] [--only NAME] [--log postgres|kafka|cluster] [--json FILE]
  Hurts real processes under load and audits them after each fault. The same seed repeats a run. Without --minutes, or with --bounded, each
  round of CI's plan once; --bounded --minutes M begins no round later than that, and says which were left out.`;

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
    bounded: values.bounded === true || values.minutes === undefined,
    minutes: count('minutes', values.minutes),
    only: values.only,
    logs: log === undefined ? logKinds : [log],
    json: values.json,
  };
}

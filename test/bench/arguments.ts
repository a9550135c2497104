import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const partNames = ['throughput', 'latency', 'accounts', 'replay', 'detectors', 'lists'] as const;
export type PartName = (typeof partNames)[number];

/** The letters of the goals, and the part of the bench that measures each. */
const partOf: Readonly<Record<string, PartName>> = {
  a: 'throughput',
  b: 'throughput',
  c: 'latency',
  d: 'accounts',
  e: 'latency',
  f: 'replay',
  g: 'detectors',
  h: 'lists',
};

export interface BenchOptions {
  readonly parts: readonly PartName[];
  /** Events of the backlog that is drained, and of the file that is replayed. */
  readonly events: number;
  readonly accounts: number;
  readonly repeats: number;
  /** How long live traffic is measured. */
  readonly seconds: number;
  /** Live events a second. */
  readonly rate: number;
  /** Worker threads of the detector that are tried. */
  readonly workers: readonly number[];
  /** Numbers of accounts that are tried. */
  readonly sizes: readonly number[];
  readonly kills: number;
  /** Cases that the lists are asked over, and how often each is asked. */
  readonly cases: number;
  readonly turns: number;
  /** Where these cases are kept, to be asked again. */
  readonly data: string | undefined;
  /** Where CPU profiles of the detector go. */
  readonly profile: string | undefined;
  /** Options of Node for the services, to try out. */
  readonly nodeArgs: readonly string[];
  /** Configuration file of the services and of `replay`, to try out settings that no variable has. */
  readonly config: string | undefined;
  /** Environment of the services, to try out settings. */
  readonly env: Readonly<Record<string, string>>;
}

export const usage = `npm run bench -- [--only a,b,c,d,e,f,g,h] [--events N] [--accounts M] [--repeats R] [--seconds S] [--rate R]
    [--workers 0,1,2] [--sizes 10000,100000,1000000] [--kills K] [--cases 1000000] [--turns 200] [--data DIR] [--profile DIR] [--node-arg=--flag]… [--env NAME=VALUE]… [--config FILE]
  a, b  raw kafkajs with JSON.parse against the detector, draining the same backlog
  c, e  latency at a fixed rate, and the time from kill -9 to caught up
  d     memory and events/s by number of accounts
  f     replay from a file
  g     what each kind of finding and each detector of the other scopes costs, in nanoseconds an event; needs neither broker nor Postgres
  h     how long each list of the API takes over so many cases, in a Postgres of its own (kept in --data)
  One JSON object on stdout, a table on stderr.`;

/** Throws with what is wrong on anything else. */
export function readArguments(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: 'a,b,c,d,e,f' },
      events: { type: 'string', default: '600000' },
      accounts: { type: 'string', default: '200000' },
      repeats: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '60' },
      rate: { type: 'string', default: '2000' },
      workers: { type: 'string', default: '0,1,2' },
      sizes: { type: 'string', default: '10000,100000,1000000' },
      kills: { type: 'string', default: '3' },
      cases: { type: 'string', default: '1000000' },
      turns: { type: 'string', default: '200' },
      data: { type: 'string' },
      profile: { type: 'string' },
      config: { type: 'string' },
      'node-arg': { type: 'string', multiple: true, default: [] },
      env: { type: 'string', multiple: true, default: [] },
    },
  });
  const wanted = new Set(values.only.split(',').map((letter) => partOf[letter] ?? refuse(`there is no part ${letter}`)));
  return {
    parts: partNames.filter((name) => wanted.has(name)),
    events: count('events', values.events),
    accounts: count('accounts', values.accounts),
    repeats: count('repeats', values.repeats),
    seconds: count('seconds', values.seconds),
    rate: count('rate', values.rate),
    workers: values.workers.split(',').map((text) => count('workers', text)),
    sizes: values.sizes.split(',').map((text) => count('sizes', text)),
    kills: count('kills', values.kills),
    cases: count('cases', values.cases),
    turns: count('turns', values.turns),
    data: values.data === undefined ? undefined : resolve(values.data),
    profile: values.profile,
    nodeArgs: values['node-arg'],
    config: values.config === undefined ? undefined : resolve(values.config),
    env: Object.fromEntries(values.env.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
  };
}

function count(name: string, text: string): number {
  const number = Number(text);
  return Number.isSafeInteger(number) && number >= 0 ? number : refuse(`--${name} takes whole numbers, not ${text}`);
}

function refuse(message: string): never {
  throw new Error(message);
}

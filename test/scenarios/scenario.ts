import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Money } from '#kernel/money';
import type { FindingKind } from '#detection/finding';

type OneOrMany<Value> = Value | readonly Value[];
export type EventLine = { readonly $bad: object } | { readonly $raw: string } | Readonly<Record<string, unknown>>;

export interface Expected {
  readonly kind: OneOrMany<FindingKind>;
  readonly confidence?: OneOrMany<string>;
  readonly account?: string;
  readonly orderId?: string;
  readonly merchantId?: string;
  readonly scope?: { readonly kind: string; readonly key?: string };
  readonly paymentIds?: readonly string[];
  readonly payments?: readonly string[];
  readonly loss?: Money | null;
  readonly status?: 'open' | 'cleared';
  readonly at?: string | readonly [string, string];
  readonly count?: number;
  readonly ids?: number;
}

export interface Forbidden {
  readonly kind: FindingKind;
  readonly confidence?: string;
  readonly account?: string;
  readonly orderId?: string;
  readonly merchantId?: string;
  readonly paymentIds?: readonly string[];
  readonly after?: string;
}

export interface ExpectedCases {
  readonly count?: number;
  readonly open?: number;
  readonly kinds?: readonly string[];
  readonly loss?: readonly Money[];
  readonly healed?: number;
  readonly actionKinds?: readonly string[];
  readonly actions?: readonly {
    readonly kind: string;
    readonly state?: string;
    readonly paymentId?: string;
    readonly amount?: Money;
  }[];
  readonly noAction?: readonly string[];
  readonly clockDue?: readonly [string, string];
}

/** One story of a buyer and what a replay should say about it. Data only; the README of the open scenarios describes each field. */
export interface Scenario {
  readonly name: string;
  readonly row?: string;
  readonly topic?: string;
  readonly until?: string;
  readonly events: readonly EventLine[];
  readonly expect?: readonly Expected[];
  readonly forbid?: 'others' | readonly (FindingKind | Forbidden)[];
  readonly notOpen?: readonly FindingKind[];
  readonly allow?: readonly FindingKind[];
  readonly cases?: ExpectedCases;
  readonly deadLetters?: 'any' | readonly { readonly reason?: string; readonly lacks?: string }[];
}

/** Each `*.json` of a folder, which holds one scenario or a list of them. */
export function loadScenarios(folder: string): readonly { readonly file: string; readonly scenario: Scenario }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => {
      const parsed = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Scenario | readonly Scenario[];
      return (Array.isArray(parsed) ? parsed : [parsed]).map((scenario: Scenario) => ({ file, scenario }));
    });
}

export const lineOf = (event: EventLine): string =>
  '$raw' in event && typeof event.$raw === 'string' ? event.$raw : JSON.stringify('$bad' in event ? event.$bad : event);

export const isBad = (event: EventLine): boolean => '$raw' in event || '$bad' in event;

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Money } from '#kernel/money';

export const actionVerbs = ['refund', 'void', 'freeze', 'unfreeze', 'hold_payout', 'step_up', 'compensate', 'notify'] as const;
export type ActionVerb = (typeof actionVerbs)[number];

/** Something that the provider really did: money moved, an account frozen. One line of its record each. */
export interface ProviderEffect {
  readonly at: string;
  readonly key: string;
  readonly actionId: string;
  readonly kind: ActionVerb;
  readonly caseNumber: string;
  readonly accountId: string | null;
  readonly paymentId?: string;
  readonly amount?: Money;
  readonly reference: string;
  /** 1 is right; 2 means that the same key moved money a second time. */
  readonly timesForKey: number;
}

/** The provider's own record: append-only lines in a file, or only in memory when there is none. */
export class ProviderRecord {
  private readonly effects: ProviderEffect[] = [];
  private readonly times = new Map<string, number>();

  constructor(private readonly path: string | null) {
    if (path !== null && existsSync(path)) for (const effect of readProviderRecord(path)) this.keep(effect);
  }

  /** Durable before it returns. */
  append(effect: Omit<ProviderEffect, 'timesForKey' | 'reference'>): ProviderEffect {
    const timesForKey = (this.times.get(effect.key) ?? 0) + 1;
    const whole = { ...effect, reference: `sim-${this.effects.length + 1}`, timesForKey };
    if (this.path !== null) appendFileSync(this.path, `${JSON.stringify(whole)}\n`);
    this.keep(whole);
    return whole;
  }

  all(): readonly ProviderEffect[] {
    return this.effects;
  }

  private keep(effect: ProviderEffect): void {
    this.effects.push(effect);
    this.times.set(effect.key, effect.timesForKey);
  }
}

/** Every effect in a provider's file, oldest first. */
export function readProviderRecord(path: string): ProviderEffect[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as ProviderEffect);
}

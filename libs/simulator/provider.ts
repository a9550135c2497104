import { formatInstant, type InstantMs } from '#kernel/time';
import type { CloudEvent } from '#simulator/teller';
import { eventsAbout } from '#simulator/provider-events';
import { faultOf, type Fault, type FaultShares } from '#simulator/provider-faults';
import { type ActionVerb, ProviderRecord } from '#simulator/provider-record';
import type { Money } from '#kernel/money';

/** The body of a call (interface, section 5). */
export interface ActionCall {
  readonly type: `action.${ActionVerb}`;
  readonly timestamp: string;
  readonly data: {
    readonly actionId: string;
    readonly key: string;
    readonly caseNumber: string;
    readonly accountId: string | null;
    readonly paymentId?: string;
    readonly amount?: Money;
    readonly reason: string;
    readonly evidence: readonly string[];
    readonly policyVersion: string;
  };
}

export type Answer = {
  readonly state: 'confirmed' | 'pending' | 'refused';
  readonly reference?: string;
  readonly reason?: string;
};

/** How one call goes: what is answered, and what the platform tells afterwards. */
export interface Performed {
  readonly fault: Fault;
  readonly answer: Answer;
  /** Events that follow from the effect, one list a telling. */
  readonly tellings: readonly (readonly CloudEvent[])[];
}

export interface ProviderOptions {
  readonly seed: number;
  readonly faults: FaultShares;
  /** File of the record; null keeps it in memory only. */
  readonly recordPath: string | null;
  /** Whether it knows an idempotency key again. One that forgets, as real ones do after a day, moves the money twice. */
  readonly remembersKeys: boolean;
}

/** What a payment provider and the platform behind it do with actions. No network here: `provider-server.ts` puts it on HTTP. */
export class SimulatedProvider {
  readonly record: ProviderRecord;
  private readonly answers = new Map<string, Answer>();
  private readonly calls = new Map<string, number>();

  constructor(private readonly options: ProviderOptions) {
    this.record = new ProviderRecord(options.recordPath);
    for (const effect of this.record.all()) this.answers.set(effect.key, { state: 'confirmed', reference: effect.reference });
  }

  perform(call: ActionCall, now: InstantMs): Performed {
    const { key } = call.data;
    const count = (this.calls.get(key) ?? 0) + 1;
    this.calls.set(key, count);
    const fault = faultOf(this.options.seed, this.options.faults, key, count);
    const known = this.options.remembersKeys ? this.answers.get(key) : undefined;
    if (known !== undefined) return { fault: 'none', answer: known, tellings: [] };
    if (fault === 'error-before' || fault === 'reset-before' || fault === 'too-many') {
      return { fault, answer: { state: 'refused' }, tellings: [] };
    }
    if (fault === 'refused')
      return { fault, answer: this.remember(key, { state: 'refused', reason: 'payment_not_refundable' }), tellings: [] };
    return this.effect(call, fault, now);
  }

  /** What it would say of a key; null when nothing ever came under it. */
  stateOf(key: string): Answer | null {
    return this.answers.get(key) ?? null;
  }

  private effect(call: ActionCall, fault: Fault, now: InstantMs): Performed {
    const { actionId, key, caseNumber, accountId, paymentId, amount } = call.data;
    const kind = call.type.slice('action.'.length) as ActionVerb;
    const effect = this.record.append({
      at: formatInstant(now),
      key,
      actionId,
      kind,
      caseNumber,
      accountId,
      ...(paymentId === undefined ? {} : { paymentId }),
      ...(amount === undefined ? {} : { amount }),
    });
    const told = eventsAbout(effect, now);
    const answer: Answer = { state: fault === 'pending' ? 'pending' : 'confirmed', reference: effect.reference };
    this.remember(key, { state: 'confirmed', reference: effect.reference });
    return { fault, answer, tellings: fault === 'told-twice' ? [told, told] : [told] };
  }

  private remember(key: string, answer: Answer): Answer {
    this.answers.set(key, answer);
    return answer;
  }
}

import { fail, ok, type Result } from '#kernel/result';
import type { InstantMs } from '#kernel/time';

/**
 * `draft` may be revised; `approved` by a person who wrote none of it; one is `live`; `retired` was live until another took its place,
 * `rolled_back` until people went back from it; `rejected` never was.
 */
export const policyStates = ['draft', 'approved', 'live', 'retired', 'rolled_back', 'rejected'] as const;
export type PolicyState = (typeof policyStates)[number];

/** A version of the policy in its life. What it says stands beside it and never changes once it is approved. */
export interface PolicyVersion {
  readonly version: string;
  readonly state: PolicyState;
  /** Who wrote it, and who revised it: none of them approves it. */
  readonly authors: readonly string[];
  readonly approvedBy: string | null;
  /** Who asked to go back to it, while another person has not agreed. */
  readonly rollback: { readonly by: string; readonly reason: string; readonly at: InstantMs } | null;
  /** Grows by one with each change: the ETag of the API. */
  readonly revision: number;
}

export type PolicyLifeError =
  | { readonly kind: 'wrong-state'; readonly state: PolicyState; readonly needed: readonly PolicyState[] }
  | { readonly kind: 'author-cannot-approve'; readonly authors: readonly string[] }
  | { readonly kind: 'no-rollback-asked' }
  | { readonly kind: 'asker-cannot-approve'; readonly by: string };

type Step = Result<PolicyVersion, PolicyLifeError>;

export const draftPolicy = (version: string, by: string): PolicyVersion => ({
  version,
  state: 'draft',
  authors: [by],
  approvedBy: null,
  rollback: null,
  revision: 1,
});

/** Who changes a word of a draft is one of its authors. */
export const revisePolicy = (held: PolicyVersion, by: string): Step =>
  from(held, ['draft'], { authors: held.authors.includes(by) ? held.authors : [...held.authors, by] });

export const approvePolicy = (held: PolicyVersion, by: string): Step =>
  held.state === 'draft' && held.authors.includes(by)
    ? fail({ kind: 'author-cannot-approve', authors: held.authors })
    : from(held, ['draft'], { state: 'approved', approvedBy: by });

export const rejectPolicy = (held: PolicyVersion): Step => from(held, ['draft', 'approved'], { state: 'rejected' });

/** It has its second person: whoever may approve puts it in force. */
export const putPolicyLive = (held: PolicyVersion): Step => from(held, ['approved'], { state: 'live' });

const onceLive = ['retired', 'rolled_back'] as const;

export const askRollback = (held: PolicyVersion, by: string, reason: string, at: InstantMs): Step =>
  from(held, onceLive, { rollback: { by, reason, at } });

export function approveRollback(held: PolicyVersion, by: string): Step {
  if (onceLive.every((state) => state !== held.state)) return from(held, onceLive, {});
  if (held.rollback === null) return fail({ kind: 'no-rollback-asked' });
  return held.rollback.by === by ? fail({ kind: 'asker-cannot-approve', by }) : rollBack(held);
}

/** At once, by the emergency right; otherwise only as `approveRollback`. */
export const rollBack = (held: PolicyVersion): Step => from(held, onceLive, { state: 'live', rollback: null });

/** What becomes of the version that was live. */
export const leaveLive = (held: PolicyVersion, to: 'retired' | 'rolled_back'): Step => from(held, ['live'], { state: to });

const from = (held: PolicyVersion, needed: readonly PolicyState[], patch: Partial<PolicyVersion>): Step =>
  needed.includes(held.state)
    ? ok({ ...held, ...patch, revision: held.revision + 1 })
    : fail({ kind: 'wrong-state', state: held.state, needed });

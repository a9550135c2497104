import type { Result } from '#kernel/result';
import type { InstantMs } from '#kernel/time';
import { policyDocument, readPolicy } from '#action/policy-document';
import { draftPolicy, leaveLive, type PolicyLifeError, type PolicyVersion, revisePolicy } from '#action/policy-version';
import type { Transaction } from '#stream/store';
import type { Answer, KeyedRequest } from '#apps/casework/store/api-requests';
import { writePolicyChange } from '#apps/casework/store/policy-changes';
import {
  insertPolicy,
  lockPolicies,
  type PolicyText,
  readPolicyRow,
  type StoredPolicy,
  tellLive,
  updatePolicy,
} from '#apps/casework/store/policy-rows';
import type { Database } from '#apps/casework/store/transact';
import { answerOnce } from '#apps/casework/api/answer-once';
import { nothingThere } from '#apps/casework/api/case-desk';
import { entityTag, requireMatch } from '#apps/casework/api/entity-tag';
import { invalidPolicy, policyProblem, versionTaken } from '#apps/casework/api/policy-problem';
import { toPolicyView } from '#apps/casework/api/policy-view';

/** What a person does to a version, and why. */
export interface PolicyRequest {
  readonly keyed: KeyedRequest;
  readonly version: string;
  readonly ifMatch: string | undefined;
  /** For the record: `approved`, `live`, … */
  readonly what: string;
  readonly why: string | undefined;
}

/** Where people change policies: one at a time, each change recorded with what was before and why, all in one transaction. */
export class PolicyDesk {
  constructor(
    private readonly database: Database,
    private readonly clock: () => InstantMs,
    private readonly onChanged: () => void,
  ) {}

  now(): InstantMs {
    return this.clock();
  }

  /** A new draft. Every fault of the document is answered at once, with its place. */
  draft(keyed: KeyedRequest, given: PolicyText, why: string): Promise<Answer> {
    const document = completed(given);
    return this.work(keyed, async (transaction) => {
      const held = draftPolicy(document.version, keyed.person);
      if (!(await insertPolicy(transaction, held, document, keyed.atMs))) throw versionTaken(held.version);
      await record(transaction, keyed, { what: 'drafted', before: null, after: { ...held, document }, why });
      return answerWith({ held, document, createdAt: keyed.atMs, changedAt: keyed.atMs });
    });
  }

  revise(request: Omit<PolicyRequest, 'what'>, given: PolicyText): Promise<Answer> {
    const document = completed(given);
    if (document.version !== request.version)
      throw invalidPolicy([{ pointer: '/version', expected: `${request.version}, which is the draft that is revised` }]);
    return this.step({ ...request, what: 'revised' }, (held) => revisePolicy(held, request.keyed.person), document);
  }

  /** One step in the life of a version. The version that was live leaves its place to one that becomes it. */
  step(
    request: PolicyRequest,
    step: (held: PolicyVersion) => Result<PolicyVersion, PolicyLifeError>,
    document?: PolicyText,
  ): Promise<Answer> {
    const { keyed, version, what, why } = request;
    return this.work(keyed, async (transaction) => {
      await lockPolicies(transaction);
      const stored = await readPolicyRow(transaction, { version });
      if (stored === undefined) throw nothingThere();
      requireMatch(request.ifMatch, stored.held.revision, 'policy');
      const next = step(stored.held);
      if (!next.ok) throw policyProblem(next.error);
      const before = document === undefined ? stored.held : { ...stored.held, document: stored.document };
      const after = document === undefined ? next.value : { ...next.value, document };
      const becomesLive = next.value.state === 'live' && stored.held.state !== 'live';
      const left = becomesLive ? await leaveTheirPlace(transaction, stored.held, keyed.atMs) : undefined;
      await updatePolicy(transaction, next.value, document, keyed.atMs);
      const change = { what, before: { ...before, live: left }, after, why };
      const sequence = await record(transaction, keyed, change);
      const now = { ...stored, held: next.value, document: document ?? stored.document, changedAt: keyed.atMs };
      if (becomesLive) tellLive(transaction, sequence, { version, document: now.document }, keyed.atMs);
      return answerWith(now);
    });
  }

  private async work(keyed: KeyedRequest, work: (transaction: Transaction) => Promise<Answer>): Promise<Answer> {
    const answer = await answerOnce(this.database, keyed, work);
    this.onChanged();
    return answer;
  }
}

/** The version that was live, taken from its place: by one that never was, or by one that people go back to. */
async function leaveTheirPlace(transaction: Transaction, next: PolicyVersion, now: InstantMs): Promise<string | undefined> {
  const live = await readPolicyRow(transaction, { state: 'live' });
  if (live === undefined) return undefined;
  const left = leaveLive(live.held, next.state === 'approved' ? 'retired' : 'rolled_back');
  if (!left.ok) throw new Error(`taking policy ${live.held.version} from its place: it is ${live.held.state}`);
  await updatePolicy(transaction, left.value, undefined, now);
  return live.held.version;
}

const record = (
  transaction: Transaction,
  { person, atMs }: KeyedRequest,
  change: {
    readonly what: string;
    readonly before: object | null;
    readonly after: PolicyVersion & { readonly document?: PolicyText };
    readonly why: string | undefined;
  },
): Promise<number> =>
  writePolicyChange(transaction, { at: atMs, by: person, version: change.after.version, ...change, why: change.why ?? null });

const answerWith = (stored: StoredPolicy): Answer => ({
  status: 200,
  headers: { etag: entityTag(stored.held.revision) },
  body: toPolicyView(stored),
});

/** Words that the API uses in the place of a version. */
const taken = ['live', 'changes'];

/** The document with everything that it left to the default, so that it says the same in every release. */
function completed(document: PolicyText): PolicyText & { readonly version: string } {
  const policy = readPolicy(document);
  const faults = policy.ok ? [] : [...policy.error];
  const { version } = document;
  if (typeof version === 'string' && (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(version) || taken.includes(version)))
    faults.push({ pointer: '/version', expected: 'letters, digits, dots, dashes and underscores, and none of live, changes' });
  if (!policy.ok || faults.length > 0) throw invalidPolicy(faults);
  return { ...policyDocument(policy.value), version: policy.value.version };
}

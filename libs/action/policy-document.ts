import { formatInstant } from '#kernel/time';
import { fail, ok, type Result } from '#kernel/result';
import {
  fieldsOf,
  onlyFields,
  readCount,
  readEnd,
  readFlag,
  readLimits,
  readList,
  readMinor,
  readReason,
  readWords,
  type Report,
} from '#action/document-fields';
import { readBreaker, readConditions, readListings, readVelocity } from '#action/limits-document';
import type { Listing } from '#action/listing';
import { defaultPolicy } from '#action/default-policy';
import { type AccrualRule, decisions, movesMoney, type Policy, type PolicyRule } from '#action/policy';
import type { AccrualKind, ActionKind } from '#case/case';
import type { Snooze } from '#case/suppression';
import { findingKinds } from '#detection/finding';

/** What is wrong with a policy document, and where (JSON pointer). */
export interface PolicyFault {
  readonly pointer: string;
  readonly expected: string;
}

/** What a rule may order; what `compensate` pays, the law says: `accruals`. */
const orderable: readonly ActionKind[] = ['refund', 'void', 'freeze', 'unfreeze', 'hold_payout', 'step_up', 'notify'];
const beside = orderable.filter((kind) => !movesMoney(kind));
const accrualKinds: readonly AccrualKind[] = ['daily-compensation', 'provisional-credit'];
const confidences = ['certain', 'likely', 'possible'] as const;

/**
 * A policy from a parsed YAML or JSON document. `version` is required; what else is left out is that of the default policy. All
 * faults are reported together. A rule that would move money by itself without a `certain` finding is a fault, not a surprise.
 */
export function readPolicy(document: unknown): Result<Policy, readonly PolicyFault[]> {
  const faults: PolicyFault[] = [];
  const report: Report = (pointer, expected) => void faults.push({ pointer, expected });
  const fields = fieldsOf(document, '', report);
  for (const name of Object.keys(fields)) if (!(name in defaultPolicy)) report(`/${name}`, 'no such field in a policy');
  const { version } = fields;
  if (typeof version !== 'string' || version.length === 0 || version.length > 100)
    report('/version', 'text of 1 to 100 characters');
  const policy: Policy = {
    version: String(version),
    rules: fields['rules'] === undefined ? defaultPolicy.rules : readRules(fields['rules'], report),
    accruals: readAccruals(fields['accruals'] ?? [], report),
    fourEyes: readFourEyes(fields['fourEyes'], report),
    budgetPerHour: readLimits(fields['budgetPerHour'], '/budgetPerHour', defaultPolicy.budgetPerHour, report),
    velocity: readVelocity(fields['velocity'], defaultPolicy.velocity, report),
    deny: readListings(fields['deny'] ?? [], '/deny', report),
    allow: readListings(fields['allow'] ?? [], '/allow', report),
    breaker: readBreaker(fields['breaker'], defaultPolicy.breaker, report),
    killSwitch: readWords(fields['killSwitch'] ?? [], '/killSwitch', [...orderable, 'compensate', ...findingKinds], report),
    dryRun: readFlag(fields['dryRun'], '/dryRun', report),
    freezeHours: readCount(fields['freezeHours'], '/freezeHours', defaultPolicy.freezeHours, [1, 21 * 24], report),
    directDebitDays: readCount(fields['directDebitDays'], '/directDebitDays', defaultPolicy.directDebitDays, [0, 90], report),
    snoozes: readSnoozes(fields['snoozes'] ?? [], String(version), report),
  };
  return faults.length > 0 ? fail(faults) : ok(policy);
}

/** A policy as a document that leaves nothing out: what it says does not hang on the defaults of a release. */
export const policyDocument = (policy: Policy): Readonly<Record<string, unknown>> => ({
  ...policy,
  snoozes: policy.snoozes.map(({ kind, accountId, merchantId, until, reason }) => ({
    kind,
    ...(accountId === undefined ? { merchantId } : { accountId }),
    until: formatInstant(until),
    reason,
  })),
  deny: policy.deny.map(listingDocument),
  allow: policy.allow.map(listingDocument),
});

const listingDocument = ({ until, ...listing }: Listing) => ({ ...listing, until: formatInstant(until) });

/** What was stored as a policy. Throws where this release cannot read it: better no decision than a guess. */
export function storedPolicy(document: unknown): Policy {
  const policy = readPolicy(document);
  if (policy.ok) return policy.value;
  const faults = policy.error.map(({ pointer, expected }) => `${pointer}: expected ${expected}`).join('; ');
  throw new Error(`the stored policy cannot be read: ${faults}`);
}

const readRules = (value: unknown, report: Report): readonly PolicyRule[] =>
  readList(value, '/rules', 'rules', report, (rule, pointer) => readRule(rule, pointer, report));

function readRule(value: unknown, pointer: string, report: Report): PolicyRule {
  const fields = fieldsOf(value, pointer, report);
  onlyFields(
    fields,
    pointer,
    ['kinds', 'confidence', 'upTo', 'buyer', 'merchant', 'decision', 'action', 'also'],
    'a rule',
    report,
  );
  const kinds = readWords(fields['kinds'], `${pointer}/kinds`, findingKinds, report);
  const confidence = readWords(fields['confidence'], `${pointer}/confidence`, confidences, report);
  const decision = readWords([fields['decision']], `${pointer}/decision`, decisions, report)[0] ?? 'watch';
  const action =
    fields['action'] === undefined ? undefined : readWords([fields['action']], `${pointer}/action`, orderable, report)[0];
  if (decision !== 'watch' && action === undefined)
    report(`${pointer}/action`, `what to ${decision}: one of ${orderable.join(', ')}`);
  if (decision === 'act' && action !== undefined && movesMoney(action) && confidence.some((word) => word !== 'certain'))
    report(`${pointer}/confidence`, 'only certain, where money moves without a person');
  const also = fields['also'] === undefined ? undefined : readWords(fields['also'], `${pointer}/also`, beside, report);
  if (also !== undefined && action === undefined) report(`${pointer}/also`, 'nothing, where there is no action');
  const upTo = fields['upTo'] === undefined ? undefined : readMinor(fields['upTo'], `${pointer}/upTo`, report);
  return {
    kinds,
    confidence,
    decision,
    ...(action === undefined ? {} : { action }),
    ...(also === undefined ? {} : { also }),
    ...(upTo === undefined ? {} : { upTo }),
    ...readConditions(fields, pointer, report),
  };
}

/** `{ kind, decision }`, each kind once. */
function readAccruals(value: unknown, report: Report): readonly AccrualRule[] {
  const seen = new Set<AccrualKind>();
  return readList(value, '/accruals', 'accruals', report, (item, pointer): AccrualRule => {
    const fields = fieldsOf(item, pointer, report);
    onlyFields(fields, pointer, ['kind', 'decision'], 'an accrual', report);
    const [kind] = readWords([fields['kind']], `${pointer}/kind`, accrualKinds, report);
    if (kind !== undefined && seen.has(kind))
      report(`${pointer}/kind`, `${kind} once: an earlier entry says what is done about it`);
    if (kind !== undefined) seen.add(kind);
    return {
      kind: kind ?? 'daily-compensation',
      decision: readWords([fields['decision']], `${pointer}/decision`, decisions, report)[0] ?? 'watch',
    };
  });
}

/** `{ kind, accountId or merchantId, until, reason }`; its id is its place in this version of the document. */
const readSnoozes = (value: unknown, version: string, report: Report): readonly Snooze[] =>
  readList(value, '/snoozes', 'snoozes', report, (snooze, pointer): Snooze => {
    const fields = fieldsOf(snooze, pointer, report);
    onlyFields(fields, pointer, ['kind', 'accountId', 'merchantId', 'until', 'reason'], 'a snooze', report);
    const kind = readWords([fields['kind']], `${pointer}/kind`, findingKinds, report)[0] ?? 'duplicate-charge';
    const { accountId, merchantId } = fields;
    const whom = accountId ?? merchantId;
    if ((accountId === undefined) === (merchantId === undefined) || typeof whom !== 'string' || whom === '')
      report(pointer, 'either accountId or merchantId');
    return {
      snoozeId: `${version}/${pointer.split('/').at(-1)}`,
      kind,
      ...(accountId === undefined ? { merchantId: String(whom) } : { accountId: String(whom) }),
      until: readEnd(fields['until'], `${pointer}/until`, report),
      reason: readReason(fields['reason'], `${pointer}/reason`, report),
      by: 'policy',
    };
  });

function readFourEyes(value: unknown, report: Report): Policy['fourEyes'] {
  if (value === undefined) return defaultPolicy.fourEyes;
  const fields = fieldsOf(value, '/fourEyes', report);
  return {
    above: readLimits(fields['above'], '/fourEyes/above', defaultPolicy.fourEyes.above, report),
    people: readCount(fields['people'], '/fourEyes/people', defaultPolicy.fourEyes.people, [1, 5], report),
  };
}

import { parseInstant } from '#kernel/time';
import { fail, ok, type Result } from '#kernel/result';
import { defaultPolicy } from '#action/default-policy';
import { decisions, movesMoney, type MinorByCurrency, type Policy, type PolicyRule } from '#action/policy';
import type { ActionKind } from '#case/case';
import type { Snooze } from '#case/suppression';
import { findingKinds } from '#detection/finding';

/** What is wrong with a policy document, and where (JSON pointer). */
export interface PolicyFault {
  readonly pointer: string;
  readonly expected: string;
}

/** What a rule may order; `compensate` is people's work. */
const orderable: readonly ActionKind[] = ['refund', 'void', 'freeze', 'unfreeze', 'hold_payout', 'step_up', 'notify'];
const beside = orderable.filter((kind) => !movesMoney(kind));
const confidences = ['certain', 'likely', 'possible'] as const;

type Report = (pointer: string, expected: string) => void;
type Fields = Readonly<Record<string, unknown>>;

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
    fourEyes: readFourEyes(fields['fourEyes'], report),
    budgetPerHour: readLimits(fields['budgetPerHour'], '/budgetPerHour', defaultPolicy.budgetPerHour, report),
    killSwitch: readWords(fields['killSwitch'] ?? [], '/killSwitch', orderable, report),
    dryRun: readFlag(fields['dryRun'], '/dryRun', report),
    freezeHours: readCount(fields['freezeHours'], '/freezeHours', defaultPolicy.freezeHours, [1, 21 * 24], report),
    directDebitDays: readCount(fields['directDebitDays'], '/directDebitDays', defaultPolicy.directDebitDays, [0, 90], report),
    snoozes: readSnoozes(fields['snoozes'] ?? [], String(version), report),
  };
  return faults.length > 0 ? fail(faults) : ok(policy);
}

function readRules(value: unknown, report: Report): readonly PolicyRule[] {
  if (!Array.isArray(value)) {
    report('/rules', 'a list of rules');
    return [];
  }
  return value.map((rule: unknown, index) => readRule(rule, `/rules/${index}`, report));
}

function readRule(value: unknown, pointer: string, report: Report): PolicyRule {
  const fields = fieldsOf(value, pointer, report);
  for (const name of Object.keys(fields))
    if (!['kinds', 'confidence', 'upTo', 'decision', 'action', 'also'].includes(name))
      report(`${pointer}/${name}`, 'no such field in a rule');
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
  };
}

/** `{ kind, accountId or merchantId, until, reason }`; its id is its place in this version of the document. */
function readSnoozes(value: unknown, version: string, report: Report): readonly Snooze[] {
  if (!Array.isArray(value)) {
    report('/snoozes', 'a list of snoozes');
    return [];
  }
  return value.map((snooze: unknown, index): Snooze => {
    const pointer = `/snoozes/${index}`;
    const fields = fieldsOf(snooze, pointer, report);
    for (const name of Object.keys(fields))
      if (!['kind', 'accountId', 'merchantId', 'until', 'reason'].includes(name))
        report(`${pointer}/${name}`, 'no such field in a snooze');
    const kind = readWords([fields['kind']], `${pointer}/kind`, findingKinds, report)[0] ?? 'duplicate-charge';
    const { accountId, merchantId, until, reason } = fields;
    const whom = accountId ?? merchantId;
    if ((accountId === undefined) === (merchantId === undefined) || typeof whom !== 'string' || whom === '')
      report(pointer, 'either accountId or merchantId');
    const end = typeof until === 'string' ? parseInstant(until) : undefined;
    if (end === undefined) report(`${pointer}/until`, 'an end, such as 2026-06-30T00:00:00Z');
    if (typeof reason !== 'string' || reason.trim() === '') report(`${pointer}/reason`, 'why, for those who ask later');
    return {
      snoozeId: `${version}/${index}`,
      kind,
      ...(accountId === undefined ? { merchantId: String(whom) } : { accountId: String(whom) }),
      until: end ?? 0,
      reason: String(reason),
      by: 'policy',
    };
  });
}

function readFourEyes(value: unknown, report: Report): Policy['fourEyes'] {
  if (value === undefined) return defaultPolicy.fourEyes;
  const fields = fieldsOf(value, '/fourEyes', report);
  return {
    above: readLimits(fields['above'], '/fourEyes/above', defaultPolicy.fourEyes.above, report),
    people: readCount(fields['people'], '/fourEyes/people', defaultPolicy.fourEyes.people, [1, 5], report),
  };
}

function readLimits(value: unknown, pointer: string, fallback: MinorByCurrency, report: Report): MinorByCurrency {
  if (value === undefined) return fallback;
  const fields = fieldsOf(value, pointer, report);
  return {
    minor: readMinor(fields['minor'] ?? {}, `${pointer}/minor`, report),
    otherwise: readCount(fields['otherwise'], `${pointer}/otherwise`, 0, [0, Number.MAX_SAFE_INTEGER], report),
  };
}

function readMinor(value: unknown, pointer: string, report: Report): Readonly<Record<string, number>> {
  const fields = fieldsOf(value, pointer, report);
  for (const [currency, minor] of Object.entries(fields)) {
    if (!/^[A-Z]{3}$/.test(currency)) report(`${pointer}/${currency}`, 'an ISO 4217 code');
    if (!Number.isSafeInteger(minor) || (minor as number) < 0) report(`${pointer}/${currency}`, 'a whole number of minor units');
  }
  return fields as Readonly<Record<string, number>>;
}

function readWords<Word extends string>(
  value: unknown,
  pointer: string,
  allowed: readonly Word[],
  report: Report,
): readonly Word[] {
  const words = Array.isArray(value) ? (value as unknown[]) : [];
  const wrong = words.filter((word) => !allowed.includes(word as Word));
  if (!Array.isArray(value) || wrong.length > 0) report(pointer, `of ${allowed.join(', ')}`);
  return words.filter((word): word is Word => allowed.includes(word as Word));
}

function readCount(
  value: unknown,
  pointer: string,
  fallback: number,
  [min, max]: readonly [number, number],
  report: Report,
): number {
  if (value === undefined) return fallback;
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  report(pointer, `a whole number from ${min} to ${max}`);
  return fallback;
}

function readFlag(value: unknown, pointer: string, report: Report): boolean {
  if (value !== undefined && typeof value !== 'boolean') report(pointer, 'true or false');
  return value === true;
}

function fieldsOf(value: unknown, pointer: string, report: Report): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  report(pointer, 'an object');
  return {};
}

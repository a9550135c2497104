import type { Finding } from '#detection/finding';
import type { Played } from './play';
import { isBad, type Expected, type Forbidden, type Scenario } from './scenario';
import { caseFaults } from './case-verdict';

interface Ended {
  readonly first: Finding;
  readonly last: Finding;
}

/** What does not hold, in words; empty when the scenario is fulfilled. */
export function faultsOf(scenario: Scenario, played: Played): readonly string[] {
  const ended = endOf(played.lines);
  const taken = new Set<Ended>();
  const faults: string[] = [];
  for (const expected of scenario.expect ?? []) {
    const found = ended.find((finding) => !taken.has(finding) && fulfils(finding, expected));
    if (found === undefined) faults.push(`expected ${JSON.stringify(expected)}`);
    else taken.add(found);
    const alike = ended.filter(({ last }) => isOneOf(last.kind, expected.kind));
    const standing = alike.filter(({ last }) => last.status === (expected.status ?? 'open'));
    if (expected.count !== undefined && standing.length !== expected.count)
      faults.push(`expected ${expected.count} of ${String(expected.kind)}, found ${standing.length}`);
    if (expected.ids !== undefined && alike.length !== expected.ids)
      faults.push(`expected ${expected.ids} ids of ${String(expected.kind)}, found ${alike.length}`);
  }
  for (const finding of ended) {
    if (!taken.has(finding) && isForbidden(scenario, finding)) faults.push(`forbidden ${JSON.stringify(finding.last)}`);
    if (scenario.notOpen?.includes(finding.last.kind) === true && finding.last.status === 'open')
      faults.push(`open at the end ${JSON.stringify(finding.last)}`);
  }
  return [...faults, ...letterFaults(scenario, played), ...caseFaults(scenario, played)];
}

export function endOf(lines: readonly Finding[]): readonly Ended[] {
  const byId = new Map<string, Ended>();
  for (const line of lines) byId.set(line.findingId, { first: byId.get(line.findingId)?.first ?? line, last: line });
  return [...byId.values()];
}

const isOneOf = <Value>(value: Value, wanted: Value | readonly Value[] | undefined): boolean =>
  wanted === undefined || (Array.isArray(wanted) ? wanted.includes(value) : wanted === value);

function fulfils({ first, last }: Ended, expected: Expected): boolean {
  return (
    isOneOf(last.kind, expected.kind) &&
    isOneOf<string>(last.confidence, expected.confidence) &&
    isOneOf(last.accountId, expected.account) &&
    isOneOf(last.orderId, expected.orderId) &&
    isOneOf(last.merchantId, expected.merchantId) &&
    isOneOf<string | undefined>(last.scope?.kind, expected.scope?.kind) &&
    isOneOf(last.scope?.key, expected.scope?.key) &&
    (expected.paymentIds ?? []).every((id) => last.paymentIds.includes(id)) &&
    (expected.payments === undefined || JSON.stringify(expected.payments) === JSON.stringify(last.paymentIds)) &&
    (expected.loss === undefined || isSameMoney(expected.loss, last.loss)) &&
    last.status === (expected.status ?? 'open') &&
    isWithin(first.at, expected.at)
  );
}

const isSameMoney = (left: Finding['loss'], right: Finding['loss']): boolean =>
  left === null || right === null ? left === right : left.minor === right.minor && left.currency === right.currency;

function isWithin(at: string, wanted: Expected['at']): boolean {
  if (wanted === undefined) return true;
  const [from, to] = typeof wanted === 'string' ? [wanted, wanted] : wanted;
  return Date.parse(from) <= Date.parse(at) && Date.parse(at) <= Date.parse(to);
}

function isForbidden({ forbid = [], allow = [] }: Scenario, { first, last }: Ended): boolean {
  if (forbid === 'others') return !allow.includes(last.kind);
  return forbid.some((entry) => {
    const wanted: Forbidden = typeof entry === 'string' ? { kind: entry } : entry;
    return (
      wanted.kind === last.kind &&
      isOneOf<string>(last.confidence, wanted.confidence) &&
      isOneOf(last.accountId, wanted.account) &&
      isOneOf(last.orderId, wanted.orderId) &&
      isOneOf(last.merchantId, wanted.merchantId) &&
      (wanted.paymentIds ?? []).every((id) => last.paymentIds.includes(id)) &&
      (wanted.after === undefined || Date.parse(first.at) > Date.parse(wanted.after))
    );
  });
}

function letterFaults({ events, deadLetters = [] }: Scenario, played: Played): readonly string[] {
  if (deadLetters === 'any') return [];
  const bad = events.flatMap((event, offset) => (isBad(event) ? [offset] : []));
  const faults = played.deadLetters
    .filter(({ offset }) => !bad.includes(offset % events.length))
    .map((letter) => `dead letter ${JSON.stringify(letter)}`);
  bad.forEach((offset, index) => {
    const wanted = deadLetters[index];
    const letter = played.deadLetters.find((found) => found.offset === offset);
    if (wanted === undefined) return;
    if (letter === undefined || !isOneOf(letter.reason, wanted.reason))
      faults.push(`no dead letter ${JSON.stringify(wanted)} of line ${offset}`);
    else if (wanted.lacks !== undefined && letter.bytes.includes(wanted.lacks))
      faults.push(`dead letter of line ${offset} shows ${wanted.lacks}`);
  });
  return faults;
}

import { NEVER, type InstantMs } from '#kernel/time';
import { findingId, findingOf, isOpen, type Claim } from '#detection/claim';
import type { Finding, FindingKind } from '#detection/finding';

/** What was last said under a finding's id, and by which detector about which subject. */
export interface Told {
  readonly detector: string;
  readonly subject: string;
  finding: Finding;
  /** Counts the lines said under this id. */
  revision: number;
  /** When the newest line became true: a told thing is forgotten some time after. */
  at: InstantMs;
}

/** A line to say: the told entry as it is after it. */
export type Say = (told: Told) => void;

/** Who claims it, about whom. */
export interface Speaker {
  readonly detector: string;
  readonly subject: string;
  readonly accountId: string;
  /** Facts before this instant were forgotten: their absence clears nothing. */
  readonly knowsSince: InstantMs;
  /** Whether a kind is off: what was told of it is left as it was told. */
  readonly isSilent?: (kind: FindingKind) => boolean;
}

/**
 * Compares what a detector claims now of one subject with what was told of it, updates the memory and says each difference: a new
 * claim is opened (and cleared at once when it was made good meanwhile), a changed one written again, one that is made good or no
 * longer holds cleared.
 */
export function tellDifferences(
  memory: Told[],
  { detector, subject, accountId, knowsSince, isSilent }: Speaker,
  assessed: readonly Claim[],
  say: Say,
): void {
  const claims = assessed.some(isVoid) ? assessed.filter((claim) => !isVoid(claim)) : assessed;
  const ids = claims.map((claim) => findingId(claim.kind, accountId, claim.money));
  for (const told of memory) {
    if (told.detector !== detector || told.subject !== subject || told.finding.status === 'cleared') continue;
    if (told.at < knowsSince || isSilent?.(told.finding.kind) === true) continue;
    if (!ids.includes(told.finding.findingId)) write(told, { ...told.finding, status: 'cleared' }, told.at, say);
  }
  claims.forEach((claim, index) => {
    const known = memory.find((told) => told.finding.findingId === ids[index]);
    if (known === undefined) open(memory, { detector, subject, accountId, knowsSince }, claim, say);
    else update(known, accountId, claim, say);
  });
}

/** Made good before or when it became true: it never was. */
const isVoid = ({ at, clearedAt }: Claim): boolean => clearedAt <= at;

function open(memory: Told[], { detector, subject, accountId }: Speaker, claim: Claim, say: Say): void {
  const told: Told = { detector, subject, finding: findingOf(claim, accountId, claim.at, 'open'), revision: 1, at: claim.at };
  memory.push(told);
  say(told);
  if (!isOpen(claim)) write(told, findingOf(claim, accountId, claim.at, 'cleared'), claim.clearedAt, say);
}

function update(told: Told, accountId: string, claim: Claim, say: Say): void {
  const isReopened = told.finding.status === 'cleared' && claim.at > told.at;
  const at = isReopened ? claim.at : Date.parse(told.finding.at);
  if (told.finding.status === 'open' || isOpen(claim)) {
    const status = isOpen(claim) ? 'open' : 'cleared';
    write(told, findingOf(claim, accountId, at, status), isOpen(claim) ? claim.at : claim.clearedAt, say);
  } else if (isReopened) {
    write(told, findingOf(claim, accountId, at, 'open'), claim.at, say);
    write(told, findingOf(claim, accountId, at, 'cleared'), claim.clearedAt, say);
  }
}

function write(told: Told, finding: Finding, at: InstantMs, say: Say): void {
  if (JSON.stringify(told.finding) === JSON.stringify(finding)) return;
  told.finding = finding;
  told.revision++;
  told.at = at === NEVER ? told.at : at;
  say(told);
}

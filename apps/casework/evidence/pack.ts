import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { defaultPolicy } from '#action/default-policy';
import type { Policy } from '#action/policy';
import type { LadderPack } from '#case/ladder-pack';
import type { RawEvents } from '#apps/casework/evidence/raw-events';
import type { Evidence } from '#apps/casework/evidence/evidence';
import { summaryPdf } from '#apps/casework/evidence/summary';

const json = (value: unknown): Uint8Array => strToU8(`${JSON.stringify(value, null, 2)}\n`);
const lines = (values: readonly unknown[]): Uint8Array => strToU8(values.map((value) => `${JSON.stringify(value)}\n`).join(''));

export interface PackParts {
  readonly raw: RawEvents;
  /** In force now. */
  readonly policy: Policy;
  readonly packs: readonly LadderPack[];
}

/** The document under which something was decided, where it is still at hand. */
const policyOf = (version: string, policy: Policy): object => {
  const document = [policy, defaultPolicy].find((known) => known.version === version) ?? null;
  return document === null ? { version, document, why: 'it is no longer in force, and not kept here' } : { version, document };
};

/**
 * One archive for a bank, an arbitrator or the buyer: a summary to read, the data to check, and a manifest with the SHA-256 of each file
 * and the head of the chain.
 */
export async function packEvidence(evidence: Evidence, { raw, policy, packs }: PackParts): Promise<Buffer> {
  const { case: subject, entries, openings, chain, policyVersions, disputeReasons, takenAt } = evidence;
  const { findings, payments, ...file } = subject;
  const files: Record<string, Uint8Array> = {
    'summary.pdf': await summaryPdf(evidence),
    'case.json': json(file),
    'findings.json': json(findings),
    'payments.json': json(payments),
    'timeline.ndjson': lines(entries),
    'openings.json': json(openings),
    'reason-codes.json': json(disputeReasons),
    'policies.json': json(policyVersions.map((version) => policyOf(version, policy))),
    'events.ndjson': lines(raw.events),
    ...Object.fromEntries(packs.map((pack, at) => [`steps/${at + 1}-${pack.step}.json`, json(pack)])),
  };
  const manifest = {
    number: subject.number,
    caseId: subject.caseId,
    revision: subject.revision,
    takenAt,
    chain,
    policyVersions,
    eventIds: [...new Set(findings.flatMap(({ eventIds }) => eventIds))],
    missingEvents: raw.missing,
    files: Object.entries(files).map(([name, bytes]) => ({ name, bytes: bytes.length, sha256: sha256(bytes) })),
  };
  return Buffer.from(zipSync({ 'manifest.json': json(manifest), ...files }));
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

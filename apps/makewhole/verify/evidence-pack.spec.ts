import { createHash } from 'node:crypto';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { sealEntries, emptyChain } from '#case/evidence';
import { formatInstant } from '#kernel/time';
import { verifyPack } from '#apps/makewhole/verify/evidence-pack';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const at = Date.UTC(2026, 5, 1);
const caseId = 'case-1';
const entries = ['opened', 'refund ordered', 'closed'].map((what, n) => ({
  at: at + n,
  by: 'makewhole',
  what,
  data: { minor: n },
}));

type Files = Record<string, Uint8Array>;

/** An archive as it is given out, of the lines given. */
function archive(change: (lines: Record<string, unknown>[]) => Record<string, unknown>[] = (lines) => lines): Uint8Array {
  const { sealed, head } = sealEntries(emptyChain(caseId), entries);
  const lines = change(sealed.map(({ caseId: _, ...line }) => ({ ...line, at: formatInstant(line.at) })));
  return zip({ 'timeline.ndjson': strToU8(lines.map((line) => JSON.stringify(line)).join('\n')) }, head);
}
function zip(files: Files, head: { sequence: number; hash: string }): Uint8Array {
  const named = Object.entries(files).map(([name, bytes]) => ({ name, bytes: bytes.length, sha256: sha256(bytes) }));
  const manifest = { caseId, number: 'MW-1', chain: { head }, files: named };
  return zipSync({ ...files, 'manifest.json': strToU8(JSON.stringify(manifest)) });
}
const faultsOf = (bytes: Uint8Array) => verifyPack(bytes).faults;

describe('an archive of evidence', () => {
  it('as it was written holds', () => {
    expect(verifyPack(archive())).toMatchObject({ number: 'MW-1', files: 2, lines: 3, faults: [] });
  });

  it('with a changed line does not, though its manifest fits', () => {
    const changed = archive(([first, ...rest]) => [{ ...first, data: { minor: 99 } }, ...rest]);
    expect(faultsOf(changed)).toEqual(['line 1 was changed after it was written']);
  });

  it('cut at its end, at its start or in the middle does not', () => {
    expect(faultsOf(archive((lines) => lines.slice(0, 2)))).toEqual([
      'the chain ends at line 2, not at line 3 as the manifest says',
    ]);
    expect(faultsOf(archive((lines) => lines.slice(1)))).toEqual(['lines are missing before line 2']);
    expect(faultsOf(archive(([first, , last]) => [first!, last!]))).toEqual(['lines are missing before line 3']);
  });

  it('with lines in another order, or one that stands on another, does not', () => {
    const lines = archive(([first, second, third]) => [first!, { ...second, previousHash: '0'.repeat(64) }, third!]);
    expect(faultsOf(lines)).toEqual(['line 2 does not follow the one before it', 'line 2 was changed after it was written']);
  });

  it('with a file that is changed, lost or new does not', () => {
    const files = unzipSync(archive());
    const lines = files['timeline.ndjson']!;
    expect(faultsOf(zipSync({ ...files, 'timeline.ndjson': strToU8(`${Buffer.from(lines).toString()}\n`) }))).toEqual([
      'timeline.ndjson is not the file that the manifest names',
    ]);
    expect(faultsOf(zipSync({ ...files, 'more.json': strToU8('{}') }))).toEqual(['more.json is not in the manifest']);
    const { 'timeline.ndjson': _, ...rest } = files;
    expect(() => verifyPack(zipSync(rest))).toThrow('it is no evidence of a case');
  });
});

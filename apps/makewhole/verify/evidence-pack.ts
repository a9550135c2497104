import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { canonicalJson } from '#apps/makewhole/verify/canonical-json';

interface Manifest {
  readonly caseId: string;
  readonly number: string;
  readonly chain: { readonly head: { readonly sequence: number; readonly hash: string } };
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}
interface Line {
  readonly sequence: number;
  readonly at: string;
  readonly by: string;
  readonly what: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly previousHash: string;
  readonly hash: string;
}
/** Of a personal value: with its salt it is shown to be what was written; without, it was erased. */
interface Opening {
  readonly sequence: number;
  readonly field: string;
  readonly committed: string;
  readonly salt?: string;
}

export interface PackVerdict {
  readonly number: string;
  readonly files: number;
  readonly lines: number;
  /** The end of the chain; to be compared with an anchor that was published outside. */
  readonly head: string;
  /** Each in a sentence; none: the pack is as it was written. */
  readonly faults: readonly string[];
}

/** The archive's largest file, unpacked. */
const BYTES_MAX = 256 * 1024 * 1024;

/**
 * Whether an archive of evidence is what its manifest says, and its lines are a chain that ends where the manifest says. Who wrote a whole
 * new chain passes here: compare `head` with an anchor. Throws on what is no such archive.
 */
export function verifyPack(archive: Uint8Array): PackVerdict {
  const files = unzipSync(archive, { filter: ({ originalSize }) => originalSize <= BYTES_MAX });
  const manifest = JSON.parse(textOf(files['manifest.json'])) as Manifest;
  const faults: string[] = [];
  for (const { name, bytes, sha256 } of manifest.files) {
    const file = files[name];
    if (file === undefined) faults.push(`${name} is missing`);
    else if (file.length !== bytes || sha256Of(file) !== sha256) faults.push(`${name} is not the file that the manifest names`);
  }
  const named = new Set(['manifest.json', ...manifest.files.map(({ name }) => name)]);
  for (const name of Object.keys(files)) if (!named.has(name)) faults.push(`${name} is not in the manifest`);
  const lines = linesOf(textOf(files['timeline.ndjson']));
  const openings = files['openings.json'] === undefined ? [] : (JSON.parse(textOf(files['openings.json'])) as Opening[]);
  faults.push(...chainFaults(manifest, lines, openings));
  return { number: manifest.number, files: named.size, lines: lines.length, head: manifest.chain.head.hash, faults };
}

function chainFaults({ caseId, chain }: Manifest, lines: readonly Line[], openings: readonly Opening[]): readonly string[] {
  const faults: string[] = [];
  const erased = erasedHashes(lines);
  let end = startOf(caseId, lines);
  for (const line of lines) {
    const { sequence } = line;
    const ofLine = openings.filter((opening) => opening.sequence === sequence);
    const hash = hashOf(caseId, line, ofLine);
    if (sequence !== end.sequence + 1) faults.push(`lines are missing before line ${sequence}`);
    else if (line.previousHash !== end.hash) faults.push(`line ${sequence} does not follow the one before it`);
    if (line.hash !== hash && erased.get(sequence) !== hash) faults.push(`line ${sequence} was changed after it was written`);
    end = { sequence, hash: line.hash };
  }
  const { head } = chain;
  if (end.sequence !== head.sequence || end.hash !== head.hash)
    faults.push(`the chain ends at line ${end.sequence}, not at line ${head.sequence} as the manifest says`);
  return faults;
}

function startOf(caseId: string, lines: readonly Line[]): { readonly sequence: number; readonly hash: string } {
  const before = (lines[0]?.sequence ?? 1) - 1;
  const cut = lines.find(({ what, data }) => what === 'history cut' && data['through'] === before);
  return cut === undefined
    ? { sequence: 0, hash: sha256Of(`makewhole case ${caseId}`) }
    : { sequence: before, hash: String(cut.data['hash']) };
}

/** What is left of lines whose personal values were erased, as a later line says. */
const erasedHashes = (lines: readonly Line[]): ReadonlyMap<number, string> =>
  new Map(
    lines
      .filter(({ what }) => what === 'personal data erased')
      .flatMap((by) =>
        ((by.data['lines'] ?? []) as { sequence: number; hash: string }[]).filter(({ sequence }) => sequence < by.sequence),
      )
      .map(({ sequence, hash }) => [sequence, hash]),
  );

function hashOf(caseId: string, { sequence, at, by, what, data, previousHash }: Line, openings: readonly Opening[]): string {
  const held = openings.map(({ field, salt, committed }) => [
    field,
    { committed: salt === undefined ? committed : sha256Of(canonicalJson([salt, data[field]])) },
  ]);
  const content = { ...data, ...(Object.fromEntries(held) as Record<string, unknown>) };
  return sha256Of(canonicalJson([previousHash, caseId, sequence, Date.parse(at), by, what, content]));
}

const linesOf = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

function textOf(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) throw new Error('the archive holds no manifest.json and timeline.ndjson: it is no evidence of a case');
  return Buffer.from(bytes).toString('utf8');
}

const sha256Of = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

import { findingKinds, type FindingKind } from '#detection/finding';
import { readLines } from '#apps/makewhole/replay/read-lines';
import { wrongUse } from '#apps/makewhole/failure';

/** What is known of a payment, an order or an account: a loss, or none. Held in memory, some two hundred bytes each. */
export interface Label {
  readonly about: 'paymentId' | 'orderId' | 'accountId';
  readonly id: string;
  /** Undefined: of any kind. */
  readonly kind: FindingKind | undefined;
  readonly isLoss: boolean;
}

const subjects = ['paymentId', 'orderId', 'accountId'] as const;
const verdicts = ['loss', 'fraud'] as const;
const known: readonly string[] = [...subjects, ...verdicts, 'kind'];
const LINE_BYTES_MAX = 10_000;
/** More would scroll the first ones away. */
const FAULTS_TOLD = 20;

/** Reads labels, one JSON object a line; every wrong line is told, with its number counted from 1. */
export async function readLabels(path: string): Promise<readonly Label[]> {
  const labels: Label[] = [];
  const faults: string[] = [];
  await readLines({
    input: path,
    option: '--labels',
    lineBytesMax: LINE_BYTES_MAX,
    onLine(bytes, line) {
      const text = bytes.toString('utf8').trim();
      if (text === '') return;
      const label = readLabel(text);
      if (typeof label === 'string') faults.push(`  line ${line + 1}: ${label}`);
      else labels.push(label);
    },
    onPiece: () => undefined,
  });
  if (faults.length === 0) return labels;
  const more = faults.length > FAULTS_TOLD ? [`  and ${faults.length - FAULTS_TOLD} more`] : [];
  throw wrongUse(
    `${path} holds no labels (makewhole backtest --help shows some):\n${[...faults.slice(0, FAULTS_TOLD), ...more].join('\n')}`,
  );
}

/** The label, or what is wrong with it. */
function readLabel(text: string): Label | string {
  const fields = parse(text);
  if (fields === undefined) return 'expected a JSON object';
  const about = subjects.filter((name) => fields[name] !== undefined);
  const verdict = verdicts.filter((name) => fields[name] !== undefined);
  const { kind } = fields;
  const stray = Object.keys(fields).find((name) => !known.includes(name));
  if (stray !== undefined) return `unknown field \`${stray}\`; known are ${known.join(', ')}`;
  if (about.length !== 1) return `expected one of ${subjects.join(', ')}`;
  if (verdict.length !== 1) return 'expected `loss` or `fraud`: true or false';
  const id = fields[about[0]!];
  const isLoss = fields[verdict[0]!];
  if (typeof id !== 'string' || id === '') return `\`${about[0]}\` is no text`;
  if (typeof isLoss !== 'boolean') return `\`${verdict[0]}\` is neither true nor false`;
  if (kind !== undefined && !findingKinds.includes(kind as FindingKind)) return `${JSON.stringify(kind)} is no kind of finding`;
  return { about: about[0]!, id, kind: kind as FindingKind | undefined, isLoss };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

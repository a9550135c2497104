import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CostMatrix, LabelledSeries } from './nab-score';

export interface NabCorpus {
  readonly series: readonly (LabelledSeries & { readonly values: readonly number[] })[];
  readonly profiles: Readonly<Record<string, CostMatrix>>;
}

/** A folder in the layout of numenta/NAB: `data/<group>/<series>.csv`, `labels/combined_windows.json`, `profiles.json` (also in `config/`). */
export function readNabCorpus(directory: string): NabCorpus | undefined {
  const profiles = ['profiles.json', 'config/profiles.json'].map((name) => join(directory, name)).find(existsSync);
  const windows = join(directory, 'labels', 'combined_windows.json');
  const data = join(directory, 'data');
  if (profiles === undefined || !existsSync(windows) || !existsSync(data)) return undefined;
  const labels = readJson<Record<string, [string, string][]>>(windows);
  return {
    series: folders(data).flatMap((group) =>
      readdirSync(join(data, group))
        .filter((file) => file.endsWith('.csv') && labels[`${group}/${file}`] !== undefined)
        .sort()
        .map((file) => readSeriesFile(join(data, group, file), group, file, labels[`${group}/${file}`] as [string, string][])),
    ),
    profiles: Object.fromEntries(
      Object.entries(readJson<Record<string, { CostMatrix: CostMatrix }>>(profiles)).map(([name, { CostMatrix }]) => [
        name,
        CostMatrix,
      ]),
    ),
  };
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;

const folders = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** NAB's times carry no zone; they are read as UTC. */
function readInstant(text: string): number {
  const instant = Date.parse(`${text.trim().slice(0, 19).replace(' ', 'T')}Z`);
  if (Number.isNaN(instant)) throw new Error(`not a time of NAB: ${text}`);
  return instant;
}

function readSeriesFile(path: string, group: string, file: string, labelled: readonly (readonly [string, string])[]) {
  const rows = readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line !== '');
  const times: number[] = [];
  const values: number[] = [];
  for (const row of rows) {
    const [time, value] = row.split(',') as [string, string];
    times.push(readInstant(time));
    values.push(Number(value));
  }
  const windows = labelled.map(([from, to]) => [readInstant(from), readInstant(to)] as const);
  return { name: `${group}/${file}`, group, times, values, windows };
}

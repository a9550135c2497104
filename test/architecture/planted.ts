import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(__dirname, '..', '..');
export const plantedRoot = join(__dirname, 'planted');

/** What the first line of each planted file says that it breaks: `path: rule`, sorted. */
export function plantedViolations(): readonly string[] {
  return readdirSync(plantedRoot, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => {
      const breaks = /^\/\/ breaks: (.+)$/m.exec(readFileSync(join(plantedRoot, path), 'utf8'));
      return (breaks?.[1] ?? '')
        .split(', ')
        .filter(Boolean)
        .map((rule) => `${path}: ${rule}`);
    })
    .sort();
}

interface CruiseOutput {
  readonly summary: { readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[] };
}

/** What dependency-cruiser finds below `directory`: `path: rule`, sorted, each once. */
export function cruise(directory: string, folders: readonly string[]): readonly string[] {
  const config = join(root, '.dependency-cruiser.cjs');
  const text = runTool(directory, 'dependency-cruiser/bin/dependency-cruise.mjs', [
    '--config',
    config,
    '--output-type',
    'json',
    ...folders,
  ]);
  const { summary } = JSON.parse(text) as CruiseOutput;
  return distinct(summary.violations.map((violation) => `${violation.from}: ${violation.rule.name}`));
}

interface LintedFile {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[];
}

/** What ESLint finds below `directory`: `path: rule`, sorted, each once. */
export function lint(directory: string): readonly string[] {
  const text = runTool(directory, 'eslint/bin/eslint.js', ['-c', join(root, 'eslint.config.mjs'), '--format', 'json', '.']);
  const files = JSON.parse(text) as readonly LintedFile[];
  return distinct(
    files.flatMap((file) =>
      file.messages.map((found) => `${relative(directory, file.filePath)}: ${found.ruleId ?? found.message}`),
    ),
  );
}

/** Runs a tool of node_modules and returns its stdout, also when it exits 1 because it found something. */
function runTool(directory: string, tool: string, args: readonly string[]): string {
  const script = join(root, 'node_modules', tool);
  try {
    return execFileSync(process.execPath, [script, ...args], { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 28 });
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (!stdout) throw error;
    return stdout;
  }
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

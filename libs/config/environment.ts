import { readFileSync } from 'node:fs';
import { KindGuard, Type, type TObject, type TSchema } from '@sinclair/typebox';
import type { SettingSpec, SettingValue } from '#kernel/setting';
import type { ConfigFault } from '#config/fault';
import { suggest } from '#config/suggestion';
import { isTree, type Tree } from '#config/tree';

export type Environment = Readonly<Record<string, string | undefined>>;

const prefix = 'MAKEWHOLE_';
const fileSuffix = '_FILE';

/** `gateway.rate.burst` → `MAKEWHOLE_GATEWAY_RATE_BURST`, `detectors.stuck-hold.mode` → `MAKEWHOLE_DETECTORS_STUCK_HOLD_MODE`. */
export const variableOf = (path: readonly string[]): string =>
  prefix + path.map((part) => part.replace(/[A-Z]|-/g, (at) => (at === '-' ? '_' : `_${at}`)).toUpperCase()).join('_');

export interface FromEnvironment {
  readonly tree: Tree;
  /** Path → variable, for messages. */
  readonly origin: ReadonlyMap<string, string>;
}

/** Without them variables of detectors are not looked at. */
export type DetectorSpecs = Readonly<Record<string, SettingSpec>> | undefined;

/**
 * The part of the configuration that the environment sets. What holds a secret may also be named by a file: `DATABASE_URL_FILE`. An unknown
 * `MAKEWHOLE_` variable is a fault.
 */
export function readEnvironment(
  schema: TObject,
  env: Environment,
  faults: ConfigFault[],
  detectors?: DetectorSpecs,
): FromEnvironment {
  const tree: Tree = {};
  const origin = new Map<string, string>();
  const known = new Set<string>();
  for (const { path, leaf } of [...leavesOf(schema, []), ...detectorLeaves(detectors ?? {})]) {
    const names = [leaf['env'] as string | undefined, variableOf(path)].filter((name) => name !== undefined);
    const variables = holdsSecret(leaf) ? [...names, ...names.map((name) => name + fileSuffix)] : names;
    for (const name of variables) known.add(name);
    const variable = variables.find((name) => env[name] !== undefined && env[name] !== '');
    if (variable === undefined) continue;
    const value = names.includes(variable) ? env[variable]! : readSecret(variable, env[variable]!, faults);
    if (value === undefined) continue;
    set(tree, path, parseVariable(leaf, variable, value, faults));
    origin.set(path.join('.'), variable);
  }
  for (const name of Object.keys(env)) {
    if (!name.startsWith(prefix) || known.has(name)) continue;
    if (detectors === undefined && name.startsWith(`${prefix}DETECTORS_`)) continue;
    const meant = suggest(name, [...known]);
    faults.push({
      where: name,
      message: `unknown variable${meant === undefined ? '; see `makewhole config print`' : `: did you mean ${meant}?`}`,
    });
  }
  return { tree, origin };
}

function holdsSecret(schema: TSchema): boolean {
  if (KindGuard.IsArray(schema)) return holdsSecret(schema.items);
  return schema['secret'] === true || (KindGuard.IsObject(schema) && Object.values(schema.properties).some(holdsSecret));
}

function readSecret(variable: string, path: string, faults: ConfigFault[]): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    faults.push({ where: variable, message: `${path} cannot be read (${code}): name a file that holds the value` });
    return undefined;
  }
}

function* leavesOf(schema: TObject, path: readonly string[]): Generator<{ path: readonly string[]; leaf: TSchema }> {
  for (const [name, inner] of Object.entries(schema.properties)) {
    if (KindGuard.IsObject(inner)) yield* leavesOf(inner, [...path, name]);
    else yield { path: [...path, name], leaf: inner };
  }
}

/** The mode of each detector and its settings: configuration knows them only by what the detectors declare. */
function* detectorLeaves(specs: NonNullable<DetectorSpecs>): Generator<{ path: readonly string[]; leaf: TSchema }> {
  for (const [name, spec] of Object.entries(specs)) {
    yield { path: ['detectors', name, 'mode'], leaf: Type.String() };
    for (const [setting, { default: value }] of Object.entries(spec))
      yield { path: ['detectors', name, setting], leaf: leafLike(value) };
  }
}

function leafLike(value: SettingValue): TSchema {
  if (typeof value === 'object') return Type.Record(Type.String(), Type.Number(), { default: {} });
  return typeof value === 'boolean' ? Type.Boolean() : Type.Number();
}

function parseVariable(leaf: TSchema, variable: string, value: string, faults: ConfigFault[]): unknown {
  if (leaf['words'] === true)
    return value
      .split(/[,\n]/)
      .map((word) => word.trim())
      .filter((word) => word !== '');
  if (leaf['type'] === 'boolean')
    return value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value;
  if ((leaf['type'] === 'integer' || leaf['type'] === 'number') && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (leaf['type'] !== 'array' && leaf['type'] !== 'object') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    faults.push({ where: variable, message: 'expected JSON' });
    return leaf['default'];
  }
}

function set(tree: Tree, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const inner = tree[name];
  const branch: Tree = isTree(inner) ? inner : {};
  tree[name] = branch;
  set(branch, rest, value);
}

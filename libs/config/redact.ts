import { KindGuard, type TSchema } from '@sinclair/typebox';
import type { Config } from '#config/config';
import { configSchema } from '#config/schema';
import { isTree } from '#config/tree';

/** The configuration fit to be shown: every secret as `***`, of URLs only the password. */
export const redact = (config: Config): Readonly<Record<string, unknown>> =>
  redactValue(configSchema, config) as Readonly<Record<string, unknown>>;

function redactValue(schema: TSchema | undefined, value: unknown): unknown {
  if (schema === undefined) return value;
  if (KindGuard.IsObject(schema) && isTree(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redactValue(schema.properties[name], inner)]));
  }
  if (KindGuard.IsArray(schema) && Array.isArray(value)) return value.map((item) => redactValue(schema.items, item));
  return schema['secret'] === true && typeof value === 'string' ? redactText(value) : value;
}

function redactText(value: string): string {
  if (value === '') return '';
  if (!value.includes('://') || !URL.canParse(value)) return '***';
  const url = new URL(value);
  if (url.password !== '') url.password = '***';
  for (const name of url.searchParams.keys()) if (/password|secret|key/i.test(name)) url.searchParams.set(name, '***');
  return url.toString();
}

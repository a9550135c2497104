import { dataSchemas } from '#event/types';

/** An event as the model reads it: parsed by `JSON.parse`, looked at by name. */
export interface ModelEvent {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly accountId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A record of the log, whichever log it is; of one partition in its order. */
export interface ModelRecord {
  readonly value: Buffer | string | null;
  readonly appendedAt: number;
}

export interface ModelInput {
  readonly events: readonly ModelEvent[];
  readonly applied: number;
  readonly duplicates: number;
  /** Records that no service may apply: not an event, a conflict, or dated into the future. */
  readonly refused: number;
}

const futureToleranceMs = 5 * 60_000;

/** Sorts the records of the log into events, redeliveries and what cannot be applied, with one Map and no window. */
export function readEvents(records: Iterable<ModelRecord>): ModelInput {
  const seen = new Map<string, string>();
  const events: ModelEvent[] = [];
  let duplicates = 0;
  let refused = 0;
  for (const record of records) {
    const event = parseEvent(record.value);
    if (!event || event.at > record.appendedAt + futureToleranceMs) {
      refused++;
      continue;
    }
    const identity = JSON.stringify([event.source, event.id]);
    const content = canonical([event.type, event.at, event.data]);
    const known = seen.get(identity);
    if (known === undefined) {
      seen.set(identity, content);
      events.push(event);
    } else if (known === content) duplicates++;
    else refused++;
  }
  return { events, applied: events.length, duplicates, refused };
}

function parseEvent(value: Buffer | string | null): ModelEvent | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(String(value));
  } catch {
    return undefined;
  }
  if (!isObject(parsed) || !isObject(parsed['data'])) return undefined;
  const { specversion, source, id, type, time, data } = parsed;
  if (specversion !== '1.0' || !isText(source) || !isText(id) || !isText(type) || !isText(time)) return undefined;
  if (!(type in dataSchemas) || !moneyIsWhole(data)) return undefined;
  const at = Date.parse(time);
  if (Number.isNaN(at)) return undefined;
  const accountId = data['accountId'];
  const needsAccount = !/^(statement|merchant|payout)\./.test(type);
  if (needsAccount && !isText(accountId)) return undefined;
  return { source, id, type, at, accountId: isText(accountId) ? accountId : '', data };
}

/** Every `{ minor, currency }` anywhere inside: the shape that poison most likely breaks. */
function moneyIsWhole(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(moneyIsWhole);
  if (!isObject(value)) return true;
  if ('minor' in value && (!Number.isSafeInteger(value['minor']) || !/^[A-Z]{3}$/.test(String(value['currency'])))) return false;
  return Object.values(value).every(moneyIsWhole);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const fields = Object.keys(value).sort();
  return `{${fields.map((field) => `${JSON.stringify(field)}:${canonical(value[field])}`).join(',')}}`;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0;

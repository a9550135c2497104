import { accountStage, type Decoded } from '#detection/account-stage';
import type { AccountState } from '#detection/account-state';
import type { Outgoing } from '#detection/emission';
import { slimTypes, unpackSlimEvent, type SlimEvent, type SlimType } from '#detection/scope-event';
import { defaultDetectionSettings } from '#detection/settings';
import type { Cell } from '#ledger/packing';

export type DecodedEvent = Extract<Decoded, { kind: 'event' }>;

const RECORD = { value: Buffer.alloc(0), headers: undefined };
const { decode } = accountStage();

export function decoded(event: object): DecodedEvent {
  const one = decode({ value: Buffer.from(JSON.stringify(event)), headers: undefined });
  if (one.kind !== 'event') throw new Error(JSON.stringify(one));
  return one;
}

/** What events, applied as one partition would, and what fell due up to `until`, tell the other scopes: as rows, in the order told. */
export function slimRows(
  events: readonly DecodedEvent[],
  wanted: ReadonlySet<SlimType>,
  until = -Infinity,
): readonly (readonly Cell[])[] {
  const stage = accountStage(defaultDetectionSettings, { slimTypes: wanted });
  const states = new Map<string, AccountState>();
  const shared = stage.newShared();
  const out: Outgoing[] = [];
  let watermark = -Infinity;
  for (const { key, at, event } of events) {
    let state = states.get(key);
    if (state === undefined) states.set(key, (state = stage.newState(key)));
    watermark = Math.max(watermark, at - stage.latenessMs);
    if (stage.nextDeadline(state) <= watermark) stage.fire(state, shared, watermark, out);
    stage.apply(state, event, shared, watermark, RECORD, out);
  }
  for (const state of states.values()) stage.fire(state, shared, until, out);
  return out.flatMap((one) => (one.kind === 'slim' ? [one.cells] : []));
}

/** The same of events as data, read. */
export const slimTold = (
  events: readonly object[],
  { wanted = slimTypes, until }: { readonly wanted?: Iterable<SlimType>; readonly until?: string } = {},
): readonly SlimEvent[] =>
  slimRows(events.map(decoded), new Set(wanted), until === undefined ? undefined : Date.parse(until)).map((cells) =>
    unpackSlimEvent(cells, 0),
  );

/** As lines: `scope/key type: data`. */
export const slimLines = (events: readonly SlimEvent[]): readonly string[] =>
  events.map(({ scope, key, type, data }) => `${scope}/${key} ${type}: ${data.join(' ')}`);

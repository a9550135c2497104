import { accountStage } from '#detection/account-stage';
import type { Outgoing } from '#detection/emission';
import { slimTypes, unpackSlimEvent, type SlimEvent, type SlimType } from '#detection/scope-event';
import { defaultDetectionSettings } from '#detection/settings';
import type { ToldEvent } from './told-events';

/** What one buyer's events, and what fell due up to `until`, tell the other scopes. */
export function slimTold(
  events: readonly ToldEvent[],
  { wanted = slimTypes, until }: { readonly wanted?: readonly SlimType[]; readonly until?: string } = {},
): readonly SlimEvent[] {
  const stage = accountStage(defaultDetectionSettings, { slimTypes: new Set(wanted) });
  const state = stage.newState('buyer');
  const coverage = stage.newShared();
  const out: Outgoing[] = [];
  const bytes = { value: null, headers: undefined };
  for (const told of events) {
    const decoded = stage.decode({ value: Buffer.from(JSON.stringify(told)), headers: undefined });
    if (decoded.kind !== 'event') throw new Error(JSON.stringify(decoded));
    stage.apply(state, decoded.event, coverage, decoded.at, bytes, out);
  }
  if (until !== undefined) stage.fire(state, coverage, Date.parse(until), out);
  return out.flatMap((one) => (one.kind === 'slim' ? [unpackSlimEvent(one.cells, 0)] : []));
}

/** As lines: `scope/key type: data`. */
export const slimLines = (events: readonly SlimEvent[]): readonly string[] =>
  events.map(({ scope, key, type, data }) => `${scope}/${key} ${type}: ${data.join(' ')}`);

import { accountStage } from '#detection/account-stage';
import type { Finding } from '#detection/finding';
import { createScopeDetectors, wantedTypes } from '#detection/scope-detectors';
import { scopeStage } from '#detection/scope-stage';
import { defaultDetectionSettings } from '#detection/settings';
import { minutes, type InstantMs } from '#kernel/time';
import { AccountReplay, type ReplayOutputs } from '#apps/makewhole/replay/account-replay';
import { messageOf, timeOf } from '#apps/makewhole/replay/message';
import { ScopeReplay } from '#apps/makewhole/replay/scope-replay';
import type { AnyEvent } from '#event/event';
import type { Emission } from '#stream/stage';

export interface ReplayedScores {
  /** By payment. */
  readonly scores: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
}

/** What `makewhole replay --scores` would say of these events, with default settings. */
export function replayScores(events: Iterable<unknown>, until: InstantMs): ReplayedScores {
  const scores = new Map<string, number>();
  const findings: Finding[] = [];
  const note = ({ emission }: { readonly emission: Emission }): void => {
    const message = messageOf(emission);
    if (message?.type === 'finding') findings.push(message.finding);
  };
  const detectors = createScopeDetectors(defaultDetectionSettings);
  const scopes = new ScopeReplay(() => scopeStage(detectors, { tellsScores: true }), {
    said: note,
    score: (line) => {
      const { paymentId, score } = line as { paymentId: string; score: number };
      scores.set(paymentId, score);
    },
  });
  const refused = (line: number, reason: string): never => {
    throw new Error(`event ${line} of the evaluation was refused: ${reason}`);
  };
  const outputs: ReplayOutputs<AnyEvent> = {
    said: note,
    slim: (emission) => scopes.hear(emission),
    deadLetter: ({ offset }, { reason, pointer }) => refused(offset, `${reason} ${pointer ?? ''}`),
    quarantine: ({ offset }) => refused(offset, 'in the future'),
    timeOf,
  };
  const stage = accountStage(defaultDetectionSettings, { slimTypes: wantedTypes(detectors, { tellsScores: true }) });
  const replay = new AccountReplay(stage, outputs, { statesMax: 200_000, futureMs: minutes(5) });
  let offset = 0;
  for (const event of events)
    replay.record({
      offset: offset++,
      key: null,
      value: Buffer.from(JSON.stringify(event)),
      headers: undefined,
      appendedAt: until,
    });
  scopes.finish(replay.finish(until));
  return { scores, findings };
}

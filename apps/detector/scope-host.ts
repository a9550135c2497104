import type { Config } from '#config/config';
import type { DetectorModes } from '#detection/mode';
import { createScopeDetectors } from '#detection/scope-detectors';
import { scopeStage } from '#detection/scope-stage';
import { type DetectionSettings, detectionSettings, detectorModes } from '#detection/settings';
import { PostgresStageStore } from '#postgres/stage-store';
import { failpoint } from '#stream/failpoint';
import { unpackSlim } from '#stream/slim-record';
import { type EngineLimits, engineLimits } from '#stream/stage-engine';
import { type HostListener, inlineHost, type StageHost } from '#stream/stage-host';
import { workerEntry } from '#stream/worker-entry';
import { workerHost } from '#stream/worker-host';
import { DEAD_LETTERS } from '#apps/detector/detector-host';

export const SCOPES_SCHEMA = 'scopes';
export const SCOPE_EVENTS = 'scope-events';

/** All that the thread of the scope stage needs, as plain data. */
export interface ScopeThread {
  readonly databaseUrl: string;
  readonly settings: DetectionSettings;
  readonly modes: DetectorModes;
  readonly latenessMs: number;
  readonly limits: EngineLimits;
  readonly failpoint: string;
}

export function scopeThread(config: Config, databaseUrl: string): ScopeThread {
  const { stream } = config;
  return {
    databaseUrl,
    settings: detectionSettings(config.detectors),
    modes: detectorModes(config.detectors),
    latenessMs: stream.latenessMs,
    failpoint: config.failpoint,
    limits: {
      ...engineLimits,
      hotStatesMax: SCOPE_LIMITS.hotStatesMax,
      coldBytesMax: SCOPE_LIMITS.coldBytesMax,
      checkpointMs: stream.checkpointMs,
      commitIntervalMs: stream.commitMs,
      uncommittedMax: SCOPE_LIMITS.recordsMax,
      flushedMax: SCOPE_LIMITS.flushedMax,
    },
  };
}

/** A record holds what one commit of the account stage says to one group of keys: some hundred events under load. */
const SCOPE_LIMITS = {
  hotStatesMax: 100_000,
  coldBytesMax: 16 * 1024 * 1024,
  recordsMax: 600,
  /** Changed states that are not waited with any longer, since they are all stored together. */
  flushedMax: 20_000,
} as const;

/** The scope stage on this thread. */
export function scopeThreadHost(thread: ScopeThread, listener: HostListener): StageHost {
  const { settings, modes, latenessMs } = thread;
  const stage = scopeStage(createScopeDetectors(settings, modes), { modes, latenessMs, unpack: unpackSlim });
  const store = new PostgresStageStore({
    url: thread.databaseUrl,
    schema: SCOPES_SCHEMA,
    topic: SCOPE_EVENTS,
    deadLetterTopic: DEAD_LETTERS,
  });
  const points = {
    beforeCommit: () => failpoint('scopes.before-commit'),
    afterCommit: () => failpoint('scopes.after-commit'),
  };
  return inlineHost({ stage, store, limits: thread.limits, ...points }, listener);
}

/** On a thread of its own where the account stage has threads, otherwise on this one. */
export function scopeHost(
  workers: number,
  thread: ScopeThread,
  listener: HostListener,
  onDeath: (error: Error) => void,
): StageHost {
  if (workers === 0) return scopeThreadHost(thread, listener);
  return workerHost({ count: 1, ...workerEntry(__dirname, 'scope-worker'), data: thread, onDeath }, listener);
}

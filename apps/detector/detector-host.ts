import type { Config } from '#config/config';
import { accountStage } from '#detection/account-stage';
import type { DetectorModes } from '#detection/mode';
import { createScopeDetectors, wantedTypes } from '#detection/scope-detectors';
import { type DetectionSettings, detectionSettings, detectorModes } from '#detection/settings';
import { PostgresStageStore } from '#postgres/stage-store';
import { failpoint } from '#stream/failpoint';
import { type EngineLimits, engineLimits } from '#stream/stage-engine';
import { type HostListener, inlineHost, type StageHost } from '#stream/stage-host';
import { workerEntry } from '#stream/worker-entry';
import { workerHost } from '#stream/worker-host';

export const DETECTOR_SCHEMA = 'detector';
export const PAYMENT_EVENTS = 'payment-events';
export const FINDINGS = 'findings';
export const DEAD_LETTERS = 'dead-letters';

/** All that a thread of the detector needs, as plain data. */
export interface DetectorThread {
  readonly databaseUrl: string;
  readonly settings: DetectionSettings;
  readonly modes: DetectorModes;
  readonly ignoredTypes: readonly string[];
  readonly latenessMs: number;
  readonly limits: EngineLimits;
  readonly failpoint: string;
  /** Record keys that lead to every partition of `findings`. */
  readonly everyPartition: readonly string[];
}

/** What configuration says, divided among `workers` threads that share the partitions of the topic. */
export function detectorThread(config: Config, databaseUrl: string, everyPartition: readonly string[]): DetectorThread {
  const { stream, gateway, log } = config;
  const threads = Math.max(1, stream.workers);
  return {
    databaseUrl,
    settings: detectionSettings(config.detectors),
    modes: detectorModes(config.detectors),
    ignoredTypes: gateway.ignoredTypes,
    latenessMs: stream.latenessMs,
    failpoint: config.failpoint,
    everyPartition,
    limits: {
      ...engineLimits,
      futureMs: stream.futureMs,
      hotStatesMax: Math.ceil(stream.statesMax / threads),
      coldBytesMax: Math.ceil(COLD_BYTES / log.partitions.paymentEvents),
      checkpointMs: stream.checkpointMs,
      commitIntervalMs: stream.commitMs,
      uncommittedMax: stream.commitEvents * 3,
    },
  };
}

/** Of encoded states over all partitions of a process: with them a million accounts need no query (measured, docs/benchmarks.md). */
const COLD_BYTES = 384 * 1024 * 1024;

/** The account stage on this thread. */
export function threadHost(thread: DetectorThread, listener: HostListener): StageHost {
  const { settings, modes, ignoredTypes, latenessMs, everyPartition } = thread;
  const slimTypes = wantedTypes(createScopeDetectors(settings, modes));
  const stage = accountStage(settings, { modes, ignoredTypes, latenessMs, everyPartition, slimTypes });
  const store = new PostgresStageStore({
    url: thread.databaseUrl,
    schema: DETECTOR_SCHEMA,
    topic: PAYMENT_EVENTS,
    deadLetterTopic: DEAD_LETTERS,
  });
  const points = {
    beforeCommit: () => failpoint('detector.before-commit'),
    afterCommit: () => failpoint('detector.after-commit'),
  };
  return inlineHost({ stage, store, limits: thread.limits, ...points }, listener);
}

/** The account stage on as many worker threads as configuration says; on this one when that is none. */
export function detectorHost(
  workers: number,
  thread: DetectorThread,
  listener: HostListener,
  onDeath: (error: Error) => void,
): StageHost {
  if (workers === 0) return threadHost(thread, listener);
  return workerHost({ count: workers, ...workerEntry(__dirname, 'worker'), data: thread, onDeath }, listener);
}

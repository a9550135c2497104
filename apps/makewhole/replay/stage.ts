import type { Config } from '#config/config';
import { accountStage } from '#detection/account-stage';
import { createScopeDetectors, wantedTypes } from '#detection/scope-detectors';
import { scopeStage } from '#detection/scope-stage';
import { detectionSettings, detectorModes } from '#detection/settings';
import { unpackSlim } from '#stream/slim-record';

/** The account stage as a configuration wants it. `tellsScores`: the stage of the other scopes says the score of each payment. */
export function stageOf(config: Config, tellsScores = false): ReturnType<typeof accountStage> {
  return accountStage(detectionSettings(config.detectors), {
    ignoredTypes: config.gateway.ignoredTypes,
    maxBytes: config.gateway.eventBytesMax,
    latenessMs: config.stream.latenessMs,
    modes: detectorModes(config.detectors),
    slimTypes: wantedTypes(scopeDetectorsOf(config), { tellsScores }),
  });
}

/** The stage of the other scopes. `tellsScores`: it says the score of each payment too. */
export function scopeStageOf(config: Config, tellsScores = false): ReturnType<typeof scopeStage> {
  const { latenessMs } = config.stream;
  const modes = detectorModes(config.detectors);
  return scopeStage(scopeDetectorsOf(config), { latenessMs, modes, unpack: unpackSlim, tellsScores });
}

/** Whether some detector that is on scores payments. */
export const hasScores = (config: Config): boolean => scopeDetectorsOf(config).some(({ scores }) => scores === true);

const scopeDetectorsOf = (config: Config) =>
  createScopeDetectors(detectionSettings(config.detectors), detectorModes(config.detectors));

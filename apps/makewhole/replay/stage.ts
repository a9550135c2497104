import type { Config } from '#config/config';
import { accountStage } from '#detection/account-stage';
import { detectionSettings, detectorModes } from '#detection/settings';

/** The account stage as a configuration wants it. */
export function stageOf(config: Config): ReturnType<typeof accountStage> {
  return accountStage(detectionSettings(config.detectors), {
    ignoredTypes: config.gateway.ignoredTypes,
    maxBytes: config.gateway.eventBytesMax,
    latenessMs: config.stream.latenessMs,
    modes: detectorModes(config.detectors),
  });
}

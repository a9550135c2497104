import type { Config } from '#config/config';
import { accountStage } from '#detection/account-stage';
import type { DetectionSettings } from '#detection/settings';

/** The account stage as a configuration wants it. */
export function stageOf(config: Config): ReturnType<typeof accountStage> {
  const settings = Object.fromEntries(Object.entries(config.detectors).map(([name, detector]) => [name, detector.settings]));
  return accountStage(settings as unknown as DetectionSettings, {
    ignoredTypes: config.gateway.ignoredTypes,
    maxBytes: config.gateway.eventBytesMax,
    latenessMs: config.stream.latenessMs,
  });
}

import { merchantAnomaly } from '#detection/merchant-anomaly';
import { cardTesting } from '#detection/card-testing';
import { credentialStuffing } from '#detection/credential-stuffing';
import { insiderAbuse } from '#detection/insider-abuse';
import { isOff, type DetectorModes } from '#detection/mode';
import { paymentOutage } from '#detection/payment-outage';
import type { AnyScopeDetector } from '#detection/scope-detector';
import type { SlimType } from '#detection/scope-event';
import { score } from '#detection/score-detector';
import type { DetectionSettings } from '#detection/settings';

const everyDetector = (settings: DetectionSettings): readonly AnyScopeDetector[] => [
  paymentOutage(settings['payment-outage']),
  merchantAnomaly(settings['merchant-anomaly']),
  score({ compromisedMerchant: settings['compromised-merchant'], spendOutlier: settings['spend-outlier'] }),
  credentialStuffing(settings['credential-stuffing']) as AnyScopeDetector,
  cardTesting('network', settings['card-testing']) as AnyScopeDetector,
  cardTesting('merchant', settings['card-testing']) as AnyScopeDetector,
  insiderAbuse(settings['insider-abuse']) as AnyScopeDetector,
];

/** The detectors of the scopes other than the account that are not off, with their settings bound. */
export const createScopeDetectors = (settings: DetectionSettings, modes: DetectorModes = {}): readonly AnyScopeDetector[] =>
  everyDetector(settings).filter(({ name }) => !isOff(modes, name));

/** The types of slim events that some detector listens to: only those are told. Each score asks for every payment event in full. */
export function wantedTypes(detectors: readonly AnyScopeDetector[], { tellsScores = false } = {}): ReadonlySet<SlimType> {
  const wanted = new Set(detectors.flatMap(({ listens }) => listens));
  if (tellsScores) wanted.delete('recapture');
  return wanted;
}

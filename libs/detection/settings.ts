import { defaultsOf, type SettingSpec, type SettingValue, type SettingValues } from '#kernel/setting';
import { accountTakeoverSettings } from '#detection/account-takeover-settings';
import { cardTestingSettings } from '#detection/card-testing';
import { credentialStuffingSettings } from '#detection/credential-stuffing';
import { insiderAbuseSettings } from '#detection/insider-abuse';
import { duplicateChargeSettings } from '#detection/duplicate-charge-settings';
import type { DetectorMode, DetectorModes } from '#detection/mode';
import { frozenFundsSettings } from '#detection/frozen-funds';
import { impossibleTravelSettings } from '#detection/impossible-travel';
import { holdSettings } from '#expectation/hold-clock';
import { limitSettings } from '#detection/limit-caps';
import { merchantAnomalySettings } from '#detection/merchant-anomaly-settings';
import { notDeliveredSettings } from '#detection/not-delivered';
import { overCaptureSettings } from '#detection/over-capture';
import { paymentOutageSettings } from '#detection/payment-outage-settings';
import { paymentUnconfirmedSettings } from '#detection/payment-unconfirmed';
import { refundAmountWrongSettings } from '#detection/refund-amount-wrong';
import { compromisedMerchantSettings } from '#detection/compromised-merchant';
import { spendOutlierSettings } from '#detection/spend-outlier';
import { statementSettings } from '#detection/statement-settings';
import { refundOverdueSettings } from '#detection/refund-overdue-settings';

/** Every detector's settings, by detector: what configuration may name under `detectors`. */
export const detectorSettings = {
  'duplicate-charge': duplicateChargeSettings,
  'paid-by-other-means': {},
  'stuck-hold': holdSettings,
  'payment-unconfirmed': paymentUnconfirmedSettings,
  'frozen-funds': frozenFundsSettings,
  'refund-overdue': refundOverdueSettings,
  'refund-amount-wrong': refundAmountWrongSettings,
  'amount-differs-from-order': overCaptureSettings,
  'account-takeover': accountTakeoverSettings,
  'impossible-travel': impossibleTravelSettings,
  'refund-wrong-instrument': {},
  'refund-failed': {},
  'undisclosed-fee': {},
  'not-delivered': notDeliveredSettings,
  'paid-out-before-delivery': {},
  'balance-differs': {},
  'statement-without-order': statementSettings,
  'order-without-statement': statementSettings,
  'statement-amount-differs': {},
  'limit-exceeded': limitSettings,
  'buyer-complaint': {},
  'payment-outage': paymentOutageSettings,
  'merchant-anomaly': merchantAnomalySettings,
  score: {},
  'spend-outlier': spendOutlierSettings,
  'compromised-merchant': compromisedMerchantSettings,
  'credential-stuffing': credentialStuffingSettings,
  'card-testing': cardTestingSettings,
  'insider-abuse': insiderAbuseSettings,
} as const satisfies Readonly<Record<string, SettingSpec>>;

export type DetectionSettings = {
  readonly [Name in keyof typeof detectorSettings]: SettingValues<(typeof detectorSettings)[Name]>;
};

export const defaultDetectionSettings = Object.fromEntries(
  Object.entries(detectorSettings).map(([name, spec]) => [name, defaultsOf<SettingSpec>(spec)]),
) as unknown as DetectionSettings;

/** Configuration's detectors (checked values by name) as the stage takes them. */
export function detectionSettings(
  configured: Readonly<Record<string, { readonly settings: Readonly<Record<string, SettingValue>> }>>,
): DetectionSettings {
  return Object.fromEntries(
    Object.entries(detectorSettings).map(([name, spec]) => [
      name,
      { ...defaultsOf<SettingSpec>(spec), ...configured[name]?.settings },
    ]),
  ) as unknown as DetectionSettings;
}

/** Configuration's modes as the stage takes them: those that are not live. */
export const detectorModes = (configured: Readonly<Record<string, { readonly mode: DetectorMode }>>): DetectorModes =>
  Object.fromEntries(Object.entries(configured).flatMap(([kind, { mode }]) => (mode === 'live' ? [] : [[kind, mode]])));

/** What was told of a series: one alert an incident, and a habit of alerting that must be exceeded. */
export interface AlertSilence {
  /** Points seen. */
  seen: number;
  silentUntil: number;
  /** The surprise that was told last. */
  told: number;
  /** Alerts of late, fading to a half within 420 points. */
  habit: number;
}

export const noAlerts = (): AlertSilence => ({ seen: 0, silentUntil: 0, told: 0, habit: 0 });

/** After an alert: silent for this share of what was seen. A series that was watched for long has the longer incidents and the more
 * chances of a false alarm; within 0.02 … 0.05 NAB differs by 2 points, a fixed 100 points loses 2.5. */
const silentShare = 0.04;
const silentMin = 30;
const silentMax = 500;
/** A surprise larger than the one told by this much (a factor of 3 in rarity) breaks the silence: the incident became another. */
const worse = 0.5;
const habitFade = 1 / 600;
/** Surprise asked more for each doubling of the habit: a series with an odd point every night is odd by habit. */
const habitPrice = 0.1;

export interface Judged {
  /** The surprise after the price of habit. */
  readonly surprise: number;
  readonly silent: boolean;
}

/** What of a point's surprise may be told now. `threshold` and `surprise` in powers of ten of rarity. */
export function judgeAlert(silence: AlertSilence, surprise: number, threshold: number): Judged {
  silence.seen += 1;
  silence.habit *= 1 - habitFade;
  const priced = surprise - habitPrice * Math.log2(1 + silence.habit);
  const silent = silence.seen < silence.silentUntil && priced <= silence.told + worse;
  if (silent || priced < threshold) return { surprise: priced, silent };
  silence.habit += 1;
  silence.told = priced;
  silence.silentUntil = silence.seen + Math.min(silentMax, Math.max(silentMin, silentShare * silence.seen));
  return { surprise: priced, silent };
}

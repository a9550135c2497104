import { binOf, count, halve, type LogHistogram } from '#detection/statistics/log-histogram';

/** Sightings after which older ones count half: what was normal a few thousand points ago fades. Flat between 1,500 and 12,000. */
const remembered = 6000;

/**
 * How surprising a magnitude is after those counted so far: -log10 of the share that was at least as large, 0 = ordinary, 2 = one in a
 * hundred, at most about 4 within what was seen. Half a sighting is added above, so that a first sighting is not impossible; beyond the
 * largest sighting the share falls as 1 / magnitude (a Pareto tail, the heavy one that money and load have). Then it is counted.
 */
export function tailSurprise(histogram: LogHistogram, magnitude: number): number {
  const bin = binOf(histogram, magnitude);
  const { first, weights, zero, total, binsPerOctave } = histogram;
  let above = 0;
  let same = 0;
  if (bin === undefined) {
    above = total - zero;
    same = zero;
  } else {
    for (let at = Math.max(0, bin - first); at < weights.length; at += 1) {
      if (first + at === bin) same = weights[at] as number;
      else above += weights[at] as number;
    }
  }
  const largest = first + weights.length - 1;
  const beyond = bin !== undefined && weights.length > 0 ? Math.max(0, bin - largest) / binsPerOctave : 0;
  const share = ((above + same / 2 + 0.5) / (total + 1)) * 2 ** -beyond;
  count(histogram, magnitude);
  if (histogram.total >= remembered) halve(histogram);
  return -Math.log10(share);
}

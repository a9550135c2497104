/**
 * How often each magnitude was seen, in bins of equal ratio: bin b holds magnitudes near 2^(b / binsPerOctave), and zero has a bin of
 * its own. Weights are multiples of 1/16, so that the text of a histogram stays short and a sum has no rounding error.
 */
export interface LogHistogram {
  readonly binsPerOctave: number;
  /** Bin of `weights[0]`; meaningless while `weights` is empty. */
  first: number;
  weights: number[];
  zero: number;
  total: number;
}

/** Bins lie within 2^-40 … 2^40 (about 1e-12 … 1e12); what lies beyond counts in the outermost: the bound of the state. */
const octavesEachSide = 40;

export const emptyHistogram = (binsPerOctave: number): LogHistogram => ({
  binsPerOctave,
  first: 0,
  weights: [],
  zero: 0,
  total: 0,
});

/** `undefined` for zero and what cannot be told from it. */
export function binOf({ binsPerOctave }: LogHistogram, magnitude: number): number | undefined {
  if (magnitude <= 2 ** -octavesEachSide) return undefined;
  const bound = octavesEachSide * binsPerOctave;
  return Math.min(bound, Math.round(Math.log2(magnitude) * binsPerOctave));
}

export function count(histogram: LogHistogram, magnitude: number): void {
  histogram.total += 1;
  const bin = binOf(histogram, magnitude);
  if (bin === undefined) histogram.zero += 1;
  else {
    const { weights } = histogram;
    if (weights.length === 0) histogram.first = bin;
    for (; histogram.first > bin; histogram.first -= 1) weights.unshift(0);
    while (histogram.first + weights.length <= bin) weights.push(0);
    const at = bin - histogram.first;
    weights[at] = (weights[at] as number) + 1;
  }
}

/** Old sightings count half from now on; a sixteenth of one is forgotten. */
export function halve(histogram: LogHistogram): void {
  const half = (weight: number): number => Math.floor(weight * 8) / 16;
  histogram.zero = half(histogram.zero);
  histogram.weights = histogram.weights.map(half);
  const { weights } = histogram;
  while (weights.length > 0 && weights[weights.length - 1] === 0) weights.pop();
  const leading = weights.findIndex((weight) => weight > 0);
  if (leading > 0) {
    weights.splice(0, leading);
    histogram.first += leading;
  }
  histogram.total = weights.reduce((sum, weight) => sum + weight, histogram.zero);
}

/** The magnitude below which the share `q` (0 … 1) of what was counted lies, within half a bin; `undefined` for an empty histogram. */
export function quantile(histogram: LogHistogram, q: number): number | undefined {
  if (histogram.total === 0) return undefined;
  const rank = q * histogram.total;
  let below = histogram.zero;
  if (below >= rank && below > 0) return 0;
  let last = 0;
  for (const [at, weight] of histogram.weights.entries()) {
    if (weight === 0) continue;
    below += weight;
    last = 2 ** ((histogram.first + at) / histogram.binsPerOctave);
    if (below >= rank) return last;
  }
  return last;
}

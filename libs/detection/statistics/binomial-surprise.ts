/**
 * How surprising it is that `hits` of `trials` hit when each does with probability `expected`: powers of ten, 6 = at most one in a million.
 * 0 when no more than expected hit. Chernoff's bound, n · KL(hits/trials ‖ expected): never more than the exact tail's surprise, and at
 * most a few powers of ten less.
 */
export function binomialSurprise(hits: number, trials: number, expected: number): number {
  const share = hits / trials;
  if (trials <= 0 || share <= expected) return 0;
  const miss = share >= 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - expected));
  return (trials * (share * Math.log(share / expected) + miss)) / Math.LN10;
}

/** A share as it may be taken for the expectation of few trials: the prior's own trials are added, and one standard deviation. */
export function cautiousShare(hits: number, trials: number, prior: { readonly share: number; readonly trials: number }): number {
  const all = trials + prior.trials;
  const share = (hits + prior.share * prior.trials) / all;
  return Math.min(0.999, share + Math.sqrt((share * (1 - share)) / all));
}

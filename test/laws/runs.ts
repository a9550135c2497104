/** How many cases the properties try, and from which seed: fixed, so that a build that passed once passes again. */
export interface Exploration {
  /** Cases of each property; undefined: as many as the property asks for. */
  readonly runs: number | undefined;
  readonly seed: number;
}

/** Any number would do: it never changes, so that nothing but the code decides whether the tests pass. */
export const FIXED_SEED = 20_260_601;

/** What `npm run test:laws` asked for, by environment; without it the fixed seed and each property's own number of cases. */
export function exploration(environment: NodeJS.ProcessEnv = process.env): Exploration {
  const { LAWS_RUNS: runs, LAWS_SEED: seed } = environment;
  return { runs: runs === undefined ? undefined : Number(runs), seed: seed === undefined ? FIXED_SEED : Number(seed) };
}

/** The number of cases of one property: its own, unless the laws are being explored. */
export const runs = (usual: number): { readonly numRuns: number } => ({ numRuns: exploration().runs ?? usual });

/** What a test of a property may take, in milliseconds: without end while the laws are being explored. */
export const patience = (usualMs: number): number => (exploration().runs === undefined ? usualMs : EXPLORING_MS);
export const EXPLORING_MS = 24 * 3_600_000;

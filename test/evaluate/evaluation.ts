import type { Figure } from '#test/bench/figure';

export interface EvaluationResult {
  /** What the goals speak of, for the table. */
  readonly figures: readonly Figure[];
  /** Everything measured, for the JSON. */
  readonly measured: Readonly<Record<string, unknown>>;
}

/** One protocol over the product's own code. */
export interface Evaluation {
  readonly name: string;
  readonly about: string;
  /** The folder of `../shared/data` that it reads; without it, it makes its own data. */
  readonly folder?: string;
  /** `undefined` when the data is not in `directory`. */
  run(directory: string, tell: (line: string) => void): EvaluationResult | undefined;
}

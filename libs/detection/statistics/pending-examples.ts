import { hashText } from '#kernel/hash';
import type { InstantMs } from '#kernel/time';

/** A payment that was scored and waits for its label. */
export interface PendingExample {
  /** Of its id: 32 bits, so that among the few that are kept no two are alike by chance. */
  readonly mark: number;
  readonly at: InstantMs;
  /** What the model saw of it. */
  readonly places: readonly number[];
}

/**
 * The examples of one key that wait for a label. At most `EXAMPLES_MAX`: when there are more, one in two is dropped (by its mark, which is
 * chance enough and the same at each replay), and those kept count double.
 */
export interface PendingExamples {
  readonly examples: PendingExample[];
  /** One in 2^`thinned` is kept. */
  thinned: number;
}

export const EXAMPLES_MAX = 48;

export const newPendingExamples = (): PendingExamples => ({ examples: [], thinned: 0 });

export const markOf = (paymentId: string): number => hashText(paymentId, 0x5c07e);

export function keepExample(pending: PendingExamples, example: PendingExample): void {
  if (!isKept(example.mark, pending.thinned)) return;
  pending.examples.push(example);
  while (pending.examples.length > EXAMPLES_MAX) {
    pending.thinned++;
    retain(pending, ({ mark }) => isKept(mark, pending.thinned));
  }
}

/** How many payments one kept example stands for. */
export const exampleWeight = ({ thinned }: PendingExamples): number => 2 ** thinned;

export const findExample = ({ examples }: PendingExamples, mark: number): PendingExample | undefined =>
  examples.find((example) => example.mark === mark);

/** Takes out the oldest one dated up to `until`. */
export function takeSettled(pending: PendingExamples, until: InstantMs): PendingExample | undefined {
  const [oldest] = pending.examples;
  if (oldest === undefined || oldest.at > until) return undefined;
  pending.examples.shift();
  // Room came free: new ones may be kept more densely again.
  if (pending.thinned > 0 && pending.examples.length < EXAMPLES_MAX / 4) pending.thinned--;
  return oldest;
}

export function dropExample(pending: PendingExamples, example: PendingExample): void {
  const at = pending.examples.indexOf(example);
  if (at >= 0) pending.examples.splice(at, 1);
}

const isKept = (mark: number, thinned: number): boolean => thinned === 0 || (mark & ((1 << Math.min(thinned, 30)) - 1)) === 0;

function retain(pending: PendingExamples, keeps: (example: PendingExample) => boolean): void {
  const kept = pending.examples.filter(keeps);
  pending.examples.length = 0;
  pending.examples.push(...kept);
}

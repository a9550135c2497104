import { NEVER, type InstantMs } from '#kernel/time';
import { withItem } from '#ledger/short-list';

/** When silence next changes what a detector says of a subject. */
export interface Deadline {
  at: InstantMs;
  readonly detector: string;
  readonly subject: string;
}

/** Sets, moves or (with `NEVER`) removes the deadline of one detector and subject. */
export function setDeadline(state: { deadlines: Deadline[] }, detector: string, subject: string, at: InstantMs): void {
  const { deadlines } = state;
  for (let index = 0; index < deadlines.length; index++) {
    const deadline = deadlines[index] as Deadline;
    if (deadline.subject !== subject || deadline.detector !== detector) continue;
    if (at !== NEVER) deadline.at = at;
    else {
      deadlines[index] = deadlines[deadlines.length - 1] as Deadline;
      deadlines.pop();
    }
    return;
  }
  if (at !== NEVER) state.deadlines = withItem(deadlines, { at, detector, subject });
}

export function earliest(deadlines: readonly Deadline[]): Deadline | undefined {
  let first: Deadline | undefined;
  for (const deadline of deadlines) if (first === undefined || isEarlier(deadline, first)) first = deadline;
  return first;
}

/** By time; of those at one instant in the order of their names, so that replays fire alike. */
const isEarlier = (left: Deadline, right: Deadline): boolean => {
  if (left.at !== right.at) return left.at < right.at;
  if (left.detector !== right.detector) return left.detector < right.detector;
  return left.subject < right.subject;
};

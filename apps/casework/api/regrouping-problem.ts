import { formatInstant } from '#kernel/time';
import type { AppealError } from '#case/buyer-acts';
import type { MergeError } from '#case/merge-cases';
import type { SplitError } from '#case/split-case';
import { ProblemException } from '#http/problem';

const problem = (name: string, title: string, detail: string): ProblemException =>
  new ProblemException(409, { name, title, detail });

/** What a buyer is told: what they can do, not what staff can. */
export const appealProblem = (error: AppealError): ProblemException =>
  error.kind === 'still-open'
    ? problem('still-open', 'The case is open', 'it is still being looked at: write to us with …/message or …/complaint')
    : regroupingProblem(error);

/** Why cases were not regrouped, and what to do about it. */
export function regroupingProblem(error: MergeError | SplitError | AppealError): ProblemException {
  switch (error.kind) {
    case 'same-case':
      return problem('same-case', 'A case cannot take itself in', 'name the other case in caseId');
    case 'not-open':
      return problem('already-closed', 'A case is closed', 'only open cases are merged or split: reopen it first');
    case 'another-buyer':
      return problem('another-buyer', 'The cases are not of one buyer', 'cases of different buyers, or of none, stay apart');
    case 'no-such-finding':
      return problem(
        'no-such-finding',
        'The case does not hold this finding',
        `${error.findingId} is in another case, or in none`,
      );
    case 'nothing-left':
      return problem('nothing-left', 'One side would have nothing open', 'both cases need a finding that is open');
    case 'same-money':
      return problem(
        'same-money',
        'These findings are about the same money',
        `${error.findingIds.join(' and ')} stay in one case: apart, the money could be paid back twice`,
      );
    case 'still-open':
      return problem('still-open', 'The case is open', 'add a note or decide about it as it is');
    case 'too-late':
      return problem('too-late', 'The time for an appeal is over', `it ended at ${formatInstant(error.until)}`);
    case 'nothing-decided':
      return problem('nothing-decided', 'There is nothing to appeal against', 'the case healed by itself: file a new complaint');
    case 'gave-it-away':
      return problem('gave-it-away', 'The case goes on as another', `see case ${error.to}`);
  }
}

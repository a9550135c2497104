import type { ApprovalError } from '#action/approve';
import { ProblemException } from '#http/problem';
import { nothingThere } from '#apps/casework/api/case-desk';

/** Why an approval or a rejection was not taken, and what to do about it. */
export function approvalProblem(error: ApprovalError): ProblemException {
  switch (error.kind) {
    case 'no-such-action':
      return nothingThere();
    case 'not-awaiting-approval':
      return new ProblemException(409, {
        name: 'not-awaiting-approval',
        title: 'The action does not wait for approval',
        detail: `it is ${error.state}: nothing is left to decide`,
      });
    case 'proposer-cannot-approve':
      return new ProblemException(403, {
        name: 'four-eyes',
        title: 'Four eyes: nobody approves what they proposed',
        detail: `${error.proposedBy} proposed it: ask a colleague with role approver`,
      });
    case 'operator-limit':
      return new ProblemException(429, {
        name: 'operator-limit',
        title: 'One person lets out no more than this in the time',
        detail: `${error.person} has reached the limit of ${error.limit.minutes} minutes: ask a colleague, or wait; the action waits, too`,
      });
    case 'unknown-payment':
      return new ProblemException(409, {
        name: 'unknown-payment',
        title: 'Nothing is known of the payment that the money would leave',
        detail: `no event of payment ${error.paymentId} reached this case: see that its events are sent (and no dead letters), then approve again; the action waits`,
      });
    case 'already-approved-by-you':
      return new ProblemException(409, {
        name: 'four-eyes',
        title: 'Four eyes: you have approved it already',
        detail: 'it waits for another person: ask a colleague with role approver',
      });
  }
}

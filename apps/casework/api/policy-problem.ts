import type { PolicyFault } from '#action/policy-document';
import type { PolicyLifeError } from '#action/policy-version';
import { ProblemException } from '#http/problem';

/** Why a step in the life of a policy was not taken, and what to do about it. */
export function policyProblem(error: PolicyLifeError): ProblemException {
  switch (error.kind) {
    case 'wrong-state':
      return new ProblemException(409, {
        name: 'wrong-policy-state',
        title: 'The policy is not in a state for this',
        detail: `it is ${error.state}, and would have to be ${error.needed.join(' or ')}`,
      });
    case 'author-cannot-approve':
      return new ProblemException(403, {
        name: 'four-eyes',
        title: 'Four eyes: nobody approves a policy that they wrote',
        detail: `${error.authors.join(', ')} wrote it: ask a colleague with role approver`,
      });
    case 'no-rollback-asked':
      return new ProblemException(409, {
        name: 'no-rollback-asked',
        title: 'Nobody has asked to go back to this policy',
        detail: 'POST …/rollback with a reason asks; then another person agrees',
      });
    case 'asker-cannot-approve':
      return new ProblemException(403, {
        name: 'four-eyes',
        title: 'Four eyes: nobody agrees to what they asked for',
        detail: `${error.by} asked for it: ask a colleague with role approver, or use the emergency right`,
      });
  }
}

export const invalidPolicy = (faults: readonly PolicyFault[]): ProblemException =>
  new ProblemException(400, {
    name: 'invalid-policy',
    title: 'The policy is wrong',
    detail: `${faults.length} fault(s)`,
    members: {
      errors: faults.map(({ pointer, expected }) => ({ pointer: `/document${pointer}`, detail: `expected ${expected}` })),
    },
  });

export const versionTaken = (version: string): ProblemException =>
  new ProblemException(409, {
    name: 'version-taken',
    title: 'There is a policy of this version already',
    detail: `${version} stays as it is: give the document another version, or revise it while it is a draft`,
  });

/** What was read must be what is approved: somebody may have revised it in between. */
export function requireIfMatch(ifMatch: string | undefined): string {
  if (ifMatch !== undefined && ifMatch.trim() !== '*') return ifMatch;
  throw new ProblemException(428, {
    name: 'if-match-needed',
    title: 'Say which draft you mean',
    detail: 'send If-Match with the ETag of the policy as you read it: it may have been revised since',
  });
}

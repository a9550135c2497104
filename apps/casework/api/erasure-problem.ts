import { formatInstant } from '#kernel/time';
import { ProblemException } from '#http/problem';
import type { ErasureBar } from '#apps/casework/privacy/erase-account';
import type { Erasure } from '#apps/casework/store/erasure-rows';

/** Why a buyer cannot be erased now, and what to do about it. */
export function barProblem(bar: ErasureBar): ProblemException {
  switch (bar.kind) {
    case 'case-open':
      return new ProblemException(409, {
        name: 'case-open',
        title: 'A case of the buyer is open',
        detail: `its evidence is needed: close ${bar.numbers.join(', ')} first`,
      });
    case 'legal-hold':
      return new ProblemException(409, {
        name: 'legal-hold',
        title: 'The buyer is on legal hold',
        detail: `${bar.by} holds it (${bar.reason}): an approver ends the hold first, with POST …/legal-hold/end`,
      });
    case 'too-early':
      return new ProblemException(409, {
        name: 'retention-runs',
        title: 'The buyer may still appeal',
        detail: `ask again after ${formatInstant(bar.until)}; retention.erasureWaitMs says how long`,
        members: { until: formatInstant(bar.until) },
      });
  }
}

export const fourEyes = (requestedBy: string): ProblemException =>
  new ProblemException(403, {
    name: 'four-eyes',
    title: 'Four eyes: nobody carries out an erasure that they asked for',
    detail: `${requestedBy} asked for it: ask a colleague with role approver`,
  });

export const nothingAwaits = (): ProblemException =>
  new ProblemException(404, {
    name: 'not-found',
    title: 'Nobody asked for an erasure of this buyer',
    detail: 'POST /v1/accounts/{id}/erasure asks for one',
  });

export const alreadyDecided = ({ state, decidedBy, decidedAt }: Erasure): ProblemException =>
  new ProblemException(409, {
    name: 'already-decided',
    title: state === 'done' ? 'The buyer was erased' : 'The erasure was rejected',
    detail: `by ${decidedBy ?? ''} at ${formatInstant(decidedAt ?? 0)}; for what came since, ask anew`,
  });

export const noHold = (): ProblemException =>
  new ProblemException(409, { name: 'no-legal-hold', title: 'No legal hold runs', detail: 'there is nothing to end' });

import type { CaseNotice } from '#case/case';
import type { ChainHead } from '#case/evidence';
import type { CaseFile } from '#case/case-file';
import type { Finding } from '#detection/finding';

/** What casework puts on the `cases` topic at each change of a case: data of a CloudEvent of type `makewhole.case`, its id `<caseId>:<revision>`. */
export interface CaseMessage {
  readonly case: CaseFile;
  readonly revision: number;
  /** Empty for a change that nobody outside need hear of. */
  readonly notices: readonly CaseNotice[];
  /** Those that the notices name. */
  readonly findings: readonly Finding[];
  /** Where its chain ended when this was told: kept outside, it shows a chain that was cut or written anew. */
  readonly evidence: Pick<ChainHead, 'sequence' | 'hash'>;
}

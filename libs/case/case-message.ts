import type { CaseNotice } from '#case/case';
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
}

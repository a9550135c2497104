import type { Request } from 'express';
import { ProblemException } from '#http/problem';

/** A case and all that hangs on it change together: its revision is the ETag of the case and of its actions. */
export const entityTag = (revision: number): string => `"${revision}"`;

/** Refuses with 412 when `If-Match` names another revision. Without the header the caller takes the case as it is. */
export function requireMatch(ifMatch: string | undefined, revision: number, what = 'case'): void {
  if (ifMatch === undefined || ifMatch.trim() === '*' || tagsOf(ifMatch).includes(entityTag(revision))) return;
  throw new ProblemException(412, {
    name: 'changed-meanwhile',
    title: `The ${what} was changed in the meantime`,
    detail: `it is at ${entityTag(revision)}, you sent ${ifMatch}: read it again, then decide anew`,
    headers: { etag: entityTag(revision) },
  });
}

/** Whether the reader has this revision already: answer 304. */
export function isUnchanged(request: Request, revision: number): boolean {
  const held = tagsOf((request.get('if-none-match') ?? '').replaceAll('W/', ''));
  return held.includes(entityTag(revision)) || held.includes('*');
}

const tagsOf = (header: string): readonly string[] => header.split(',').map((tag) => tag.trim());

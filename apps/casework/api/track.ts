import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { InstantMs } from '#kernel/time';
import { type BuyerView, buyerView } from '#case/buyer-view';
import { type Language, languages } from '#case/buyer-words';
import type { Case } from '#case/case';
import { toCaseFile } from '#case/case-file';
import { readCaseNumber } from '#case/number';
import { ProblemException } from '#http/problem';
import { readCase } from '#apps/casework/store/case-rows';
import { readEntries } from '#apps/casework/store/entry-rows';
import type { Store } from '#apps/casework/store/store';
import { readForBuyer } from '#apps/casework/store/secret-rows';

/** More lines than that no buyer reads; the oldest tell how it began. */
const LINES_MAX = 1_000;

/** The case of a number, and the one that it goes on as. */
export interface BuyersCase {
  readonly asked: Case;
  readonly current: Case;
}

/** By number and secret; says nothing of which of the two was wrong. */
export async function caseOfBuyer(db: Store, typed: string, request: Request, inQuery: string | undefined): Promise<BuyersCase> {
  const number = readCaseNumber(typed);
  const found = number === undefined ? undefined : await readForBuyer(db, number);
  const presented = createHash('sha256')
    .update(secretOf(request) ?? inQuery ?? '')
    .digest();
  const known = Buffer.from(found?.sha256 ?? '0'.repeat(64), 'hex');
  if (!timingSafeEqual(presented, known) || found === undefined || found.sha256 === null) throw unknownCase();
  return { asked: found.held, current: await goesOnAs(db, found.held) };
}

/** A case that was merged, or that was opened again as another, goes on there; it is of the same buyer. */
async function goesOnAs(db: Store, held: Case): Promise<Case> {
  const given = held.handedOver?.at(-1);
  if (held.findings.length > 0 || given === undefined) return held;
  const next = await readCase(db, given.to);
  return next === undefined ? held : goesOnAs(db, next);
}

const secretOf = (request: Request): string | undefined =>
  request.get('x-case-secret') ?? /^bearer (.+)$/i.exec(request.get('authorization') ?? '')?.[1];

export async function viewForBuyer(db: Store, caseId: string, language: Language, now: InstantMs): Promise<BuyerView> {
  const held = await readCase(db, caseId);
  if (held === undefined) throw unknownCase();
  const current = await goesOnAs(db, held);
  const lines = await readEntries(db, current.caseId, { afterSequence: 0, limit: LINES_MAX });
  const { closedAt, needed } = current;
  return buyerView({ file: toCaseFile(current), closedAt, needed, lines, language, now });
}

/** What was asked for, else the first of the browser's languages that we speak, else English. */
export function languageOf(request: Request, asked: string | undefined): Language {
  const wanted = asked ?? request.acceptsLanguages(['en', 'zh', 'zh-CN', 'zh-Hans', 'zh-TW', 'zh-Hant', 'en-GB', 'en-US']);
  return languages.find((language) => wanted !== false && wanted.startsWith(language)) ?? 'en';
}

const unknownCase = (): ProblemException =>
  new ProblemException(404, {
    name: 'not-found',
    title: 'There is no case with this number and secret',
    detail: 'compare both with what you were given; the platform gives out a new secret on request',
  });

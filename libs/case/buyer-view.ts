import { formatMoney } from '#kernel/money-format';
import { days, formatInstant, type InstantMs } from '#kernel/time';
import {
  byWhen,
  howItEnded,
  type Language,
  neededFromYou,
  provisionalCredit,
  type Said,
  warnings,
  whatHappened,
  whatWasDone,
  whereItStands,
} from '#case/buyer-words';
import type { CaseFile } from '#case/case-file';
import type { AccrualKind, CaseEntry } from '#case/case';

/** How long after the end of a case its buyer may appeal. [ours] */
export const APPEAL_MS = days(60);

/** Of a case, all that its buyer may see: no findings' figures, no names of staff, no notes. */
export interface BuyerView {
  readonly number: string;
  readonly language: Language;
  readonly stage: CaseFile['stage'];
  readonly status: CaseFile['status'];
  readonly outcome: CaseFile['outcome'];
  readonly openedAt: string;
  /** Still to come back. */
  readonly loss: CaseFile['loss'];
  readonly whatHappened: readonly string[];
  readonly whereItStands: string;
  /** What we owe the buyer next, and by when; null when nothing is running. */
  readonly next: { readonly clock: string; readonly text: string; readonly by: string } | null;
  readonly clocks: readonly { readonly name: string; readonly text: string; readonly dueAt: string; readonly state: string }[];
  readonly neededFromYou: readonly string[];
  readonly history: readonly { readonly at: string; readonly text: string }[];
  readonly appeal: { readonly possible: boolean; readonly until: string | null };
  readonly warnings: readonly string[];
}

export interface BuyerViewParts {
  readonly file: CaseFile;
  readonly closedAt: InstantMs | null;
  /** What staff asked of the buyer, in their own words. */
  readonly needed: string | undefined;
  readonly lines: readonly CaseEntry[];
  readonly language: Language;
  readonly now: InstantMs;
}

export function buyerView({ file, closedAt, needed, lines, language, now }: BuyerViewParts): BuyerView {
  const { number, stage, status, outcome, openedAt, loss } = file;
  const say = (said: Said): string => said[language];
  const clocks = file.clocks.map(({ name, dueAt, state }) => ({ name, text: say(byWhen[name]), dueAt, state }));
  const running = clocks.filter(({ state }) => state === 'running').sort((left, right) => (left.dueAt < right.dueAt ? -1 : 1));
  const [next] = running;
  const until = closedAt === null || !mayAppeal(file) ? null : closedAt + APPEAL_MS;
  return {
    ...{ number, language, stage, status, outcome, openedAt, loss },
    whatHappened: file.kinds.map((kind) => say(whatHappened[kind])),
    whereItStands: standing(file, language),
    next: next === undefined ? null : { clock: next.name, text: next.text, by: next.dueAt },
    clocks,
    neededFromYou: stage === 'awaiting_buyer' ? [...(needed === undefined ? [] : [needed]), say(neededFromYou)] : [],
    history: lines.flatMap(({ at, ...line }) => {
      const text = toldOf(line, language);
      return text === undefined ? [] : [{ at: formatInstant(at), text }];
    }),
    appeal: { possible: until !== null && now <= until, until: until === null ? null : formatInstant(until) },
    warnings: warnings.map(say),
  };
}

export const standing = ({ stage, outcome }: Pick<CaseFile, 'stage' | 'outcome'>, language: Language): string =>
  stage === 'closed' ? howItEnded[outcome ?? 'healed'][language] : whereItStands[stage][language];

/** What people decided may be looked at again; what healed by itself needs no appeal, what was merged goes on elsewhere. */
const mayAppeal = ({ outcome }: CaseFile): boolean =>
  outcome === 'rejected' || outcome === 'withdrawn' || outcome === 'made_whole';

const toldLines: Readonly<Record<string, Said>> = {
  'case opened': { en: 'The case was opened.', zh: '立案。' },
  'case opened again': { en: 'The case was opened again.', zh: '案件重新开启。' },
  'case investigating': { en: 'Someone began to look at it.', zh: '开始调查。' },
  'case awaiting_buyer': { en: 'We asked you for something.', zh: '请您补充材料。' },
  'case resolving': { en: 'It was decided.', zh: '已有结论。' },
  'case closed': { en: 'The case was closed.', zh: '结案。' },
  'case reopened': { en: 'The case was opened again.', zh: '案件重新开启。' },
  'case absorbed': { en: 'Another case of yours was joined to it.', zh: '您的另一个案件并入本案。' },
  'credit final': { en: 'The provisional credit is yours for good.', zh: '暂时入账的款项归您所有。' },
  'credited and healed': {
    en: 'The loss was put right another way as well. We take nothing back without telling you five business days before.',
    zh: '您的损失已通过其他方式弥补。如需收回暂时入账的款项，我们会提前五个工作日告知您。',
  },
  'credit to reverse': {
    en: 'The provisional credit is to be taken back. You hear from us five business days before.',
    zh: '暂时入账的款项将被收回。我们会提前五个工作日告知您。',
  },
  'buyer wrote': { en: 'You wrote to us.', zh: '您给我们留言。' },
  'buyer complained': { en: 'You complained.', zh: '您提出了投诉。' },
};

interface Done {
  readonly kind: keyof typeof whatWasDone;
  readonly accrual?: AccrualKind;
  readonly amount?: { readonly minor: number; readonly currency: string };
}

/** A line of the timeline as its buyer is told of it; undefined for what is no concern of theirs. */
function toldOf({ what, by, data }: Omit<CaseEntry, 'at'>, language: Language): string | undefined {
  if (what === 'file added') return by === 'buyer' ? { en: 'You sent a file.', zh: '您提交了材料。' }[language] : undefined;
  if (what !== 'action confirmed') return toldLines[what]?.[language];
  const { kind, accrual, amount } = data as unknown as Done;
  const done = (accrual === 'provisional-credit' ? provisionalCredit : whatWasDone[kind])?.[language];
  if (done === undefined) return undefined;
  return amount === undefined ? `${done}.` : `${done}: ${formatMoney(amount)}`;
}

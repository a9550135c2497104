import { formatMoney } from '#kernel/money-format';
import { days, formatInstant, type InstantMs } from '#kernel/time';
import { byWhen, type Language, languages, subjects, warnings, whatHappened } from '#case/buyer-words';
import { standing } from '#case/buyer-view';
import type { CaseFile } from '#case/case-file';

/** Contact details that were changed within this time may be those of a thief. [ours; exchanges hold for up to 72 h, facts.md] */
export const CONTACT_SETTLED_MS = days(7);

/** What the platform, which knows how to reach the buyer, passes on to them. It holds no link at all. */
export interface BuyerNotice {
  /** Send it to the contact details as they were at this instant, never to newer ones. */
  readonly contactsAsOf: string;
  readonly texts: Readonly<Record<Language, { readonly subject: string; readonly lines: readonly string[] }>>;
}

export function buyerNotice(file: CaseFile, at: InstantMs): BuyerNotice {
  const texts = languages.map((language) => {
    const next = file.clocks
      .filter(({ state }) => state === 'running')
      .toSorted((left, right) => (left.dueAt < right.dueAt ? -1 : 1))[0];
    const lines = [
      // A newer process may know kinds that this one does not.
      ...file.kinds.filter((kind) => Object.hasOwn(whatHappened, kind)).map((kind) => whatHappened[kind][language]),
      ...file.loss.map(formatMoney),
      standing(file, language),
      ...(next === undefined ? [] : [`${byWhen[next.name][language]}: ${next.dueAt.slice(0, 10)}`]),
      ...warnings.map((said) => said[language]),
    ];
    return [language, { subject: `${subjects[language]} ${file.number}`, lines }] as const;
  });
  return {
    contactsAsOf: formatInstant(at - CONTACT_SETTLED_MS),
    texts: Object.fromEntries(texts) as unknown as BuyerNotice['texts'],
  };
}

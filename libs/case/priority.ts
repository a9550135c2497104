import { minorUnitDigits } from '#kernel/currency';
import type { Case } from '#case/case';
import { creditsToReverse } from '#case/credit';
import { lossOfCase } from '#case/loss';
import { standingFindings } from '#case/suppression';

/**
 * Which of two cases comes first, from 0 to 100: loss counts up to 40 (ten for each power of ten whole units of its currency, so that
 * no rate of exchange is needed), certainty up to 30, the clock up to 30. It changes with the case alone, never by itself: a clock
 * counts once it is missed, a credit that people have to reverse is as urgent as what is certain, and within equal priority the
 * case whose clock ends first comes first. [ours]
 */
export function priorityOf(subject: Case): number {
  const open = standingFindings(subject).filter(({ status }) => status === 'open');
  const isCertain = open.some(({ confidence }) => confidence === 'certain') || creditsToReverse(subject).length > 0;
  const certainty = isCertain ? 30 : open.length > 0 ? 15 : 0;
  const missed = subject.clocks.filter(({ state }) => state === 'missed').length;
  return lossWeight(subject) + certainty + Math.min(30, missed * 10);
}

function lossWeight(subject: Case): number {
  const magnitudes = lossOfCase(subject).map(({ minor, currency }) => Math.log10(minor / 10 ** minorUnitDigits(currency)));
  return Math.round(Math.min(40, 10 * Math.max(0, ...magnitudes)));
}

import { days } from '#kernel/time';
import { count, emptyHistogram, quantile } from '#detection/statistics/log-histogram';
import { exceedsLimit, limitOf, trackQuantile } from '#detection/statistics/tracked-quantile';
import { readOnlineRetail, type RefundLine } from '#test/online-retail/invoices';
import type { Evaluation } from './evaluation';

/** The data begins on 2010-12-01. */
const learntUntil = Date.UTC(2011, 5, 1);
const late = 0.05;

interface Lag {
  readonly refundedAt: number;
  readonly days: number;
}

/** One for each refund of one purchase, however many lines it took back, in order of time. */
function lagsOf(lines: readonly RefundLine[]): Lag[] {
  const instant = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);
  const refunds = new Map<string, Lag>();
  for (const { refund_invoice, refund_ts, orig_invoice, orig_ts } of lines) {
    if (orig_invoice === '') continue;
    const refundedAt = instant(refund_ts);
    refunds.set(`${refund_invoice}/${orig_invoice}`, { refundedAt, days: (refundedAt - instant(orig_ts)) / days(1) });
  }
  return [...refunds.values()].sort((one, other) => one.refundedAt - other.refundedAt);
}

export const refundLag: Evaluation = {
  name: 'refund-lag',
  about: 'Online Retail: share of refunds later than the learnt 95 % lag, learnt on six months, judged on the rest',
  folder: 'online_retail',
  run(directory) {
    const data = readOnlineRetail(directory);
    if (data === undefined) return undefined;
    const lags = lagsOf(data.refundLines);
    const learnt = lags.filter(({ refundedAt }) => refundedAt < learntUntil);
    const rest = lags.filter(({ refundedAt }) => refundedAt >= learntUntil);
    const percentLater = (later: number): number => (100 * later) / rest.length;

    const frozen = emptyHistogram(32);
    for (const lag of learnt) count(frozen, lag.days);
    const frozenLimit = quantile(frozen, 1 - late) ?? NaN;

    const tracked = trackQuantile(late);
    for (const lag of learnt) exceedsLimit(tracked, lag.days, late);
    const learntLimit = limitOf(tracked) ?? NaN;
    const later = rest.filter((lag) => exceedsLimit(tracked, lag.days, late) === true).length;

    const followed = percentLater(later);
    return {
      figures: [
        { name: 'refunds later than the followed 95 % lag', value: followed, unit: '%', goal: { atMost: 7 } },
        { name: '… and not less than', value: followed, unit: '%', goal: { atLeast: 3 } },
        {
          name: 'refunds later than the lag frozen after six months',
          value: percentLater(rest.filter((lag) => lag.days > frozenLimit).length),
          unit: '%',
        },
      ],
      measured: {
        refunds: { learnt: learnt.length, judged: rest.length },
        limitDays: { frozen: frozenLimit, followedAtSixMonths: learntLimit, followedAtEnd: limitOf(tracked) },
      },
    };
  },
};

import { days, hours } from '#kernel/time';
import { newSpend, type Spend } from '#detection/spend';
import { spendSignals } from '#detection/spend-signals';

const NOW = Date.UTC(2026, 5, 1);
const spend = (more: Partial<Spend> = {}): Spend => ({ ...newSpend(), lastAt: NOW, labelledAt: NOW, ...more });

describe('the signals of a payment', () => {
  it('tell what is usual in its currency, and nothing of another one', () => {
    const currencies = [{ currency: 'EUR', amounts: { n: 12, mean: 5000, deviation: 900 } }];
    expect(spendSignals(spend({ currencies }), 'EUR', NOW, false).slice(0, 3)).toEqual([12, 5000, 900]);
    expect(spendSignals(spend({ currencies }), 'USD', NOW, false).slice(0, 3)).toEqual([0, 0, 0]);
  });

  it('halve what was unusual in twelve hours and in seven days, and what was charged back in fourteen days', () => {
    const past = spend({ unusualDay: 2, unusualWeek: 2, labelled: 2 });
    const after = (ms: number) => spendSignals(past, 'EUR', NOW + ms, false);
    expect(after(hours(12)).slice(3, 5)).toEqual([1, 1.90625]);
    expect(after(days(7))[4]).toBe(1);
    expect(after(days(14))[6]).toBe(1);
  });

  it('tell how much more often than usual the buyer pays, once four payments are known', () => {
    const activity = (more: Partial<Spend>, ms = 0) => spendSignals(spend(more), 'EUR', NOW + ms, false)[5];
    expect(activity({ payments: 3, recent: 9, gapHours: 12 })).toBe(0);
    // Every 12 hours: half of the count is left after 6, so that 6 / 12 / ln 2 = 0.7213 payments are usual at any time.
    expect(activity({ payments: 4, recent: 6 / 12 / Math.LN2, gapHours: 12 })).toBe(0);
    expect(activity({ payments: 4, recent: 9, gapHours: 12 })).toBeCloseTo(Math.log(9.1 / 0.8213), 1);
    expect(activity({ payments: 4, recent: 9, gapHours: 12 }, hours(6))).toBeCloseTo(Math.log(4.6 / 0.8213), 1);
    expect(activity({ payments: 4, recent: 9, gapHours: 0 })).toBeCloseTo(Math.log(9.1 / (6 / 0.05 / Math.LN2 + 0.1)), 1);
  });

  it('say whether the payment was told before', () => {
    expect([true, false].map((isRepeat) => spendSignals(spend(), 'EUR', NOW, isRepeat)[7])).toEqual([1, 0]);
  });
});

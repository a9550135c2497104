import { days, hours } from '#kernel/time';
import { merchantLabels, newMerchantScore, noteBad, type MerchantScore } from '#detection/score-merchant';
import { newLabelLag, noteLag } from '#detection/statistics/label-lag';

const DAY = Math.floor(Date.UTC(2026, 0, 5) / days(1));
const START = days(DAY);
/** Labels that come at once: those of yesterday and before are known. */
const atOnce = newLabelLag();
for (let at = 0; at < 10; at++) noteLag(atOnce, 0);

const merchantOf = (...counts: readonly (readonly [day: number, count: number])[]): MerchantScore => {
  const merchant = newMerchantScore();
  for (const [day, count] of counts) merchant.days.push({ day: DAY + day, count, bad: 0 });
  return merchant;
};
const run = ({ firstBadAt, newestBadAt }: MerchantScore) =>
  [firstBadAt, newestBadAt].map((at) => (at < 0 ? -1 : (at - START) / days(1)));

describe('a fraud that is blamed on a merchant', () => {
  const after = (...bad: readonly (readonly [day: number, blame?: number])[]) => {
    const merchant = newMerchantScore();
    for (const [day, blame = 1] of bad) noteBad(merchant, START + days(day), blame);
    return merchant;
  };

  it('begins a run, or makes it longer to either side, whatever the order', () => {
    expect(run(after())).toEqual([-1, -1]);
    expect(run(after([0]))).toEqual([0, 0]);
    expect(run(after([0], [5], [3]))).toEqual([0, 5]);
    expect(run(after([5], [0]))).toEqual([0, 5]);
  });

  it('begins another run once three weeks have passed without one', () => {
    expect(run(after([0], [21]))).toEqual([0, 21]);
    expect(run(after([0], [21.5]))).toEqual([21.5, 21.5]);
    expect(run(after([30], [9.5]))).toEqual([9.5, 30]);
    expect(run(after([30], [9]))).toEqual([30, 30]);
  });

  it('by less than a half begins none, and counts on its day', () => {
    expect(run(after([0, 0.49]))).toEqual([-1, -1]);
    expect(run(after([0, 0.5]))).toEqual([0, 0]);
    expect(after([0.2, 0.25], [0.9, 0.5]).days).toEqual([{ day: DAY, count: 0, bad: 0.75 }]);
  });

  it('of a day that is too old is not counted', () => {
    expect(after([60], [0]).days.map(({ day }) => day - DAY)).toEqual([60]);
  });
});

describe('what a merchant’s labels say', () => {
  it('is nothing as long as there are none', () => {
    const none = { shareNow: 0, share: 0, newest: 30, first: 0, cleanSince: 0 };
    expect(merchantLabels(merchantOf([0, 50]), atOnce, START + days(9))).toEqual(none);
    expect(merchantLabels(newMerchantScore(), atOnce, START)).toEqual(none);
  });

  it('are the days since the first and the newest fraud, and its share of the month', () => {
    const merchant = merchantOf([0, 9], [4, 10]);
    noteBad(merchant, START + hours(12), 1);
    noteBad(merchant, START + days(4), 1);
    const told = merchantLabels(merchant, atOnce, START + days(10));
    expect(told).toMatchObject({ newest: 6, first: 9.5, cleanSince: 0 });
    // Two of nineteen, and a clean one to be careful.
    expect(told.share).toBeCloseTo(2 / (9 + 10 + 1), 12);
    // Today weighs 1, half of that five days ago.
    const [first, newest] = [2 ** (-10 / 5), 2 ** (-6 / 5)];
    expect(told.shareNow).toBeCloseTo((first! + newest!) / (9 * first! + 10 * newest! + 0.5), 9);
  });

  it('weighs as today the newest day whose labels have come', () => {
    const merchant = merchantOf([0, 4]);
    noteBad(merchant, START, 1);
    // Before any label came they are taken to come within a week: eight days on.
    expect(merchantLabels(merchant, newLabelLag(), START + days(8)).shareNow).toBeCloseTo(1 / (4 + 0.5), 9);
    expect(merchantLabels(merchant, newLabelLag(), START + days(13)).shareNow).toBeCloseTo(0.5 / (4 * 0.5 + 0.5), 9);
  });

  it('counts a day’s payments by the labels that have come, and at least its frauds', () => {
    const merchant = merchantOf([0, 8]);
    noteBad(merchant, START, 1);
    expect(merchantLabels(merchant, atOnce, START).share).toBeCloseTo(1 / (4 + 1), 12);
    expect(merchantLabels(merchant, newLabelLag(), START + days(1)).share).toBeCloseTo(1 / (1 + 1), 12);
  });

  it('counts what was clean since the newest fraud', () => {
    const merchant = merchantOf([0, 5], [1, 3], [2, 4]);
    noteBad(merchant, START, 1);
    noteBad(merchant, START + days(2), 0.25);
    expect(merchantLabels(merchant, atOnce, START + days(5)).cleanSince).toBe(3 + 4 - 0.25);
  });

  it('is the share of a month and no longer', () => {
    const merchant = merchantOf([0, 5], [20, 4]);
    noteBad(merchant, START, 1);
    expect(merchantLabels(merchant, atOnce, START + days(30)).share).toBeCloseTo(1 / (9 + 1), 12);
    expect(merchantLabels(merchant, atOnce, START + days(31)).share).toBe(0);
  });

  it('with blame but no fraud has neither a first nor a newest', () => {
    const merchant = merchantOf([0, 5]);
    noteBad(merchant, START, 0.25);
    expect(merchantLabels(merchant, atOnce, START + days(5))).toMatchObject({ newest: 30, first: 0, cleanSince: 0 });
    expect(merchantLabels(merchant, atOnce, START + days(5)).share).toBeCloseTo(0.25 / 6, 12);
  });

  it('are of a run still, when its days are no longer kept', () => {
    const merchant = merchantOf([60, 5]);
    Object.assign(merchant, { firstBadAt: START, newestBadAt: START + days(2) });
    expect(merchantLabels(merchant, atOnce, START + days(61))).toEqual({
      ...{ shareNow: 0, share: 0, newest: 59, first: 61, cleanSince: 5 },
    });
  });

  it('are those of every day with fraud, by how much there was, among days without', () => {
    const merchant = merchantOf([0, 6], [1, 6], [2, 6]);
    noteBad(merchant, START + days(1), 0.25);
    expect(merchantLabels(merchant, atOnce, START + days(6)).share).toBeCloseTo(0.25 / 19, 12);
    for (const blame of [1, 0.75]) noteBad(merchant, START + days(1), blame);
    const weights = [6, 5, 4].map((age) => 2 ** (-age / 5));
    expect(merchantLabels(merchant, atOnce, START + days(6)).shareNow).toBeCloseTo(
      (2 * weights[1]!) / (6 * (weights[0]! + weights[1]! + weights[2]!) + 0.5),
      9,
    );
  });

  it('of a fraud that is dated later than what is asked is of now', () => {
    const merchant = merchantOf([0, 5]);
    noteBad(merchant, START + hours(9), 1);
    expect(merchantLabels(merchant, atOnce, START)).toMatchObject({ newest: 0, first: 0 });
  });
});

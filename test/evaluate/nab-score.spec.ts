import { normaliseScore, probation, scoreSeries, type CostMatrix, type LabelledSeries } from '#test/evaluate/nab-score';

const standard: CostMatrix = { tpWeight: 1, fpWeight: 0.11, fnWeight: 1 };
const times = Array.from({ length: 1_000 }, (_, at) => at * 1_000);
const series = (windows: readonly (readonly [number, number])[]): LabelledSeries => ({
  name: 'g/s',
  group: 'g',
  times,
  windows: windows.map(([first, last]) => [times[first]!, times[last]!]),
});
const alertsAt = (...at: number[]): number[] => times.map((_, index) => (at.includes(index) ? 1 : 0));
const two = series([
  [300, 399],
  [700, 799],
]);
const judge = (scores: readonly number[], of: LabelledSeries = two) => scoreSeries(of, scores, 0.5, standard);

describe('the scoring rules of NAB', () => {
  it('a detector that never speaks has 0, one that finds each window at once and nothing else has 100', () => {
    expect(normaliseScore(judge(alertsAt()).score, 2, 2, standard)).toBe(0);
    expect(normaliseScore(judge(alertsAt(300, 700)).score, 2, 2, standard)).toBeCloseTo(100, 10);
  });

  it('a missed window costs its weight, and twice that where missing is rewarded least', () => {
    expect(judge(alertsAt(300)).score).toBeCloseTo(1 - 1, 10);
    expect(scoreSeries(two, alertsAt(300), 0.5, { ...standard, fnWeight: 2 }).score).toBeCloseTo(1 - 2, 10);
  });

  it('an early detection counts more than a late one, by the sigmoid of its place in the window', () => {
    const middle = (2 / (1 + Math.exp(-2.5)) - 1) / (2 / (1 + Math.exp(-5)) - 1);
    expect(judge(alertsAt(350, 700)).score).toBeCloseTo(middle + 1, 10);
    expect(judge(alertsAt(399, 700)).score).toBeGreaterThan(1);
  });

  it('a window counts once, by its earliest detection', () => {
    expect(judge(alertsAt(300, 320, 360, 399, 700)).score).toBeCloseTo(2, 10);
  });

  it('a false alarm far from any window before it costs its whole weight, one shortly behind a window less', () => {
    expect(judge(alertsAt(200, 300, 700)).score).toBeCloseTo(2 - 0.11, 10);
    const behind = 2 / (1 + Math.exp(5 * (10 / 99))) - 1;
    expect(judge(alertsAt(300, 409, 700)).score).toBeCloseTo(2 + 0.11 * behind, 10);
    expect(judge(alertsAt(300, 699, 700)).score).toBeCloseTo(2 - 0.11, 2);
  });

  it('nothing is scored in the probationary period: 15 % of a series, of 5,000 values at most', () => {
    expect([probation(4_032), probation(1_127), probation(22_695)]).toEqual([604, 169, 750]);
    expect(judge(alertsAt(0, 149, 300, 700)).score).toBeCloseTo(2, 10);
    const early = series([[100, 199]]);
    expect(judge(alertsAt(120), early)).toMatchObject({ detected: 0, scored: 1 });
    expect(judge(alertsAt(160), early)).toMatchObject({ detected: 1 });
    expect(judge(alertsAt(), series([[10, 60]]))).toMatchObject({ score: 0, scored: 0 });
  });

  it('a window that names no row is an error, not a window without detections', () => {
    expect(() => judge(alertsAt(), { ...two, windows: [[1, 2]] })).toThrow('names no row');
  });
});

import { generateSeries } from '#test/evaluate/generated-series';
import { scoreCorpus, scoresOf } from '#test/evaluate/nab';

const standard = { tpWeight: 1, fpWeight: 0.11, fnWeight: 1 };

describe('the series statistic on generated series', () => {
  const series = generateSeries(20_261_128);
  const result = scoreCorpus(series, new Map(series.map((one) => [one.name, scoresOf(one)])), standard);

  it('scores what it was measured to score, under the rules of NAB: this bar may only rise', () => {
    expect(result.score).toBeGreaterThanOrEqual(83);
  });

  it('raises few false alarms: this bar may only fall', () => {
    expect(result.falseAlarms).toBeLessThanOrEqual(12);
  });
});

import { judgeAlert, noAlerts } from '#detection/statistics/alert-silence';

const THRESHOLD = 2;
/** A series of which `seen` points were ordinary. */
const after = (seen: number) => {
  const silence = noAlerts();
  for (let at = 0; at < seen; at++) judgeAlert(silence, 0, THRESHOLD);
  return silence;
};
/** Points until a surprise of `again` is told once more after one of 3. */
const silentFor = (seen: number, again = 3): number => {
  const silence = after(seen);
  judgeAlert(silence, 3, THRESHOLD);
  for (let points = 1; ; points++) {
    const told = silence.told;
    judgeAlert(silence, again, THRESHOLD);
    if (silence.told !== told) return points;
  }
};

describe('an alert', () => {
  it('is told from the threshold on', () => {
    expect(judgeAlert(after(100), 2, THRESHOLD)).toEqual({ surprise: 2, silent: false });
    const silence = after(100);
    judgeAlert(silence, 1.99, THRESHOLD);
    expect(silence).toEqual({ seen: 101, silentUntil: 0, told: 0, habit: 0 });
    judgeAlert(silence, 2, THRESHOLD);
    expect(silence).toEqual({ seen: 102, silentUntil: 132, told: 2, habit: 1 });
  });

  it('is followed by silence for one in twenty-five of what was seen, 30 points at least and 500 at most', () => {
    expect([100, 749, 1_000, 12_499, 50_000].map((seen) => silentFor(seen))).toEqual([30, 30, 41, 500, 500]);
  });

  it('breaks the silence where it is rarer by a factor of three', () => {
    const silence = after(1_000);
    judgeAlert(silence, 3, THRESHOLD);
    expect(judgeAlert(silence, 3.55, THRESHOLD).silent).toBe(true);
    expect(judgeAlert(silence, 3.7, THRESHOLD).silent).toBe(false);
    expect(silence.told).toBeCloseTo(3.6, 2);
  });

  it('that is a habit is asked a tenth of a power of ten more for each doubling, half of which fades within 420 points', () => {
    const silence = { ...after(100), habit: 3 };
    const priced = judgeAlert(silence, 2, 5);
    expect(priced.surprise).toBeCloseTo(2 - 0.1 * Math.log2(1 + 3 * (1 - 1 / 600)), 12);
    for (let at = 1; at < 416; at++) judgeAlert(silence, 0, 5);
    expect(silence.habit).toBeCloseTo(1.5, 2);
  });
});

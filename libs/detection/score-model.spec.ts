import { scoreInputs, scoreModel } from '#detection/score-model';

type Name = (typeof scoreInputs)[number]['name'];

/** What each part that is not zero adds before anything was learnt, to a hundredth; no label is older than a month. */
function prior(given: Partial<Record<Name, number>>): Record<string, number> {
  const parts = new Float64Array(scoreModel.parts.length);
  const values = scoreInputs.map(({ name }) => given[name] ?? (name === 'newest' ? 30 : 0));
  const logOdds = scoreModel.logOdds(scoreModel.newState(), scoreModel.placesOf(values), parts);
  expect(logOdds).toBeCloseTo(-6 + parts.reduce((sum, part) => sum + part, 0), 9);
  const told = scoreModel.parts.map((part, at) => [part, Math.round(parts[at]! * 100) / 100] as const);
  return Object.fromEntries(told.filter(([, added]) => added !== 0));
}

describe('the prior of a score', () => {
  it('is the base alone where nothing is unusual', () => {
    expect(prior({})).toEqual({});
    expect(prior({ hour: 23, amountCoarse: 3 })).toEqual({});
  });

  it.each([
    [1, undefined],
    [1.6, 1.25],
    [2.2, 2.5],
    [9, 2.5],
  ])('an amount at %p of the currency’s scale', (amount, added) => {
    expect(prior({ amount })['amount']).toBe(added);
  });

  it.each([
    [2, 2, 4, undefined],
    [5, 0, 0, 1],
    [8, 0, 0, 2],
    [0, 3, 0, 0.23],
    [0, 5, 0, 0.7],
    [0, 5, 1, 1.2],
    [0, 5, 2, 1.7],
    [0, 7, 4, 1.7],
  ])('an amount %p (coarsely %p) deviations above the buyer’s, after %p others in a week', (unusual, coarse, week, added) => {
    expect(prior({ unusual, unusualCoarse: coarse, unusualWeek: week })['account-amount']).toBe(added);
  });

  it.each([
    [1, 0.75],
    [2, 1.5],
    [5, 1.5],
  ])('%p unusual payments in a day', (unusualDay, added) => {
    expect(prior({ unusualDay })).toEqual({ 'account-burst': added });
  });

  it.each([
    [-3, {}],
    [1, {}],
    [2, { 'account-activity': 0.33 }],
    [4, { 'account-activity': 1 }],
  ])('a buyer who pays e to the power of %p as often as usual', (activity, added) => {
    expect(prior({ activity })).toEqual(added);
  });

  it.each([
    [1, 5, 0.5],
    [2, 3, 0.33],
    [5, 5, 1],
    [5, 2, undefined],
    [0, 7, undefined],
  ])('a buyer with %p charged-back payments, %p deviations above the usual', (accountLabels, unusualCoarse, added) => {
    expect(prior({ accountLabels, unusualCoarse })['account-labels']).toBe(added);
  });

  it.each([
    [0.05, undefined],
    [0.2, 1.8],
    [0.3, 3],
    [0.9, 3],
  ])('a share of %p of fraud at the merchant just now', (shareNow, added) => {
    expect(prior({ shareNow })['merchant-labels']).toBe(added);
  });

  it.each([
    [0.05, 0, undefined],
    [0.1, 0, 0.67],
    [0.2, 0, 2],
    [0.9, 10, 2],
    [0.2, 14, 0.8],
    [0.2, 25, -1],
  ])('a share of %p over the month, the newest %p days ago', (share, newest, added) => {
    expect(prior({ share, newest })['merchant-labels']).toBe(added);
  });

  it.each([
    [0, 0, undefined],
    [3.5, 0, 1],
    [7, 0, 2],
    [35, 0, 2],
    [7, 2, 0.5],
    [14, 5, -1],
  ])('a first fraud %p days ago, %p clean payments since', (first, cleanSince, added) => {
    expect(prior({ first, cleanSince })['merchant-labels']).toBe(added);
  });

  it.each([
    [1, {}],
    [2.5, { 'merchant-amount': 0.5 }],
    [4, { 'merchant-amount': 1 }],
  ])('an amount %p widths above what the merchant takes', (merchantAmount, added) => {
    expect(prior({ merchantAmount })).toEqual(added);
  });

  it('an hour and its amount can be learnt, at every second hour', () => {
    const state = scoreModel.newState();
    const at = (hour: number) =>
      scoreModel.placesOf(scoreInputs.map(({ name }) => (name === 'hour' ? hour : name === 'newest' ? 30 : 0)));
    const night = scoreModel.logOdds(state, at(2));
    scoreModel.learn(state, at(2), 1, 1);
    const learnt = (hour: number) => scoreModel.logOdds(state, at(hour)) - night;
    expect(learnt(4)).toBeGreaterThan(0);
    expect(learnt(24)).toBe(learnt(4));
    expect(learnt(3)).toBeCloseTo((learnt(2) + learnt(4)) / 2, 6);
    expect(learnt(2)).toBeGreaterThan(learnt(3));
  });
});

import { AdditiveModel, chance } from '#detection/statistics/additive-model';

const inputs = [
  { name: 'one', knots: [0, 1, 2, 4] },
  { name: 'other', knots: [-1, 0, 1] },
];
const terms = [
  { part: 'alone', input: 'one', prior: (one: number) => one },
  { part: 'pair', input: 'one', by: 'other', prior: (one: number, other: number) => one * other },
];
const make = () => new AdditiveModel({ inputs, terms, base: -1, rate: 0.3, stiffness: 0.5 });
const model = make();
const logOdds = (state: ReturnType<typeof model.newState>, ...values: number[]) => model.logOdds(state, model.placesOf(values));

it('between its knots the prior is linear in one input and bilinear in two', () => {
  const made = make();
  const of = (...values: number[]) => made.logOdds(made.newState(), made.placesOf(values));
  expect(of(1.5, 0.5)).toBeCloseTo(-1 + 1.5 + 1.5 * 0.5, 6);
  expect(of(3, -0.25)).toBeCloseTo(-1 + 3 + 3 * -0.25, 6);
  expect([made.newState().weights.length, made.parts]).toEqual([1 + 4 + 12, ['alone', 'pair']]);
});

it('beyond its knots it is flat, and what is not known counts as the lowest', () => {
  const state = model.newState();
  expect(logOdds(state, 99, 1)).toBe(logOdds(state, 4, 1));
  expect(logOdds(state, -99, 1)).toBe(logOdds(state, 0, 1));
  expect(logOdds(state, NaN, 1)).toBe(logOdds(state, 0, 1));
});

it('the parts and the base add up to the log-odds', () => {
  const state = model.newState();
  const parts = new Float64Array(2);
  const sum = model.logOdds(state, model.placesOf([1.5, 0.5]), parts);
  expect(sum).toBeCloseTo(-1 + parts[0]! + parts[1]!, 12);
  expect(model.parts).toEqual(['alone', 'pair']);
});

it('a step is AdaGrad on the logistic loss, as worked out by hand', () => {
  const state = model.newState();
  const p = chance(logOdds(state, 1.5, 0));
  model.learn(state, model.placesOf([1.5, 0]), 1, 2);
  // Corners 1 and 2 of the first term have half a share each.
  const slope = (p - 1) * 2 * 0.5;
  const step = (0.3 * slope) / Math.sqrt(0.5 + slope * slope);
  expect(state.weights[1 + 1]).toBeCloseTo(1 - step, 5);
  expect(state.weights[1 + 2]).toBeCloseTo(2 - step, 5);
  expect(state.weights[1 + 0]).toBe(0);
  const ofBase = (p - 1) * 2;
  expect(state.weights[0]).toBeCloseTo(-1 - (0.3 * ofBase) / Math.sqrt(0.5 + ofBase * ofBase), 5);
});

it('learns the share of each cell from examples of it', () => {
  const state = model.newState();
  // Fraud: three in four where one = 2 and other = 1; one in ten elsewhere.
  for (let round = 0; round < 4_000; round++) {
    model.learn(state, model.placesOf([2, 1]), round % 4 === 0 ? 0 : 1, 1);
    model.learn(state, model.placesOf([0, 1]), round % 10 === 0 ? 1 : 0, 1);
    model.learn(state, model.placesOf([2, -1]), round % 10 === 0 ? 1 : 0, 1);
  }
  expect(chance(logOdds(state, 2, 1))).toBeCloseTo(0.75, 1);
  expect(chance(logOdds(state, 0, 1))).toBeCloseTo(0.1, 1);
  expect(chance(logOdds(state, 2, -1))).toBeCloseTo(0.1, 1);
});

it('is the same after it was stored; a state of another layout starts from the prior', () => {
  const state = model.newState();
  for (let at = 0; at < 50; at++) model.learn(state, model.placesOf([at % 5, (at % 3) - 1]), at % 2 ? 1 : 0, 1);
  expect(model.decode(model.encode(state))).toEqual(state);
  const smaller = new AdditiveModel({ inputs, terms: terms.slice(0, 1), base: -1, rate: 0.3, stiffness: 0.5 });
  expect(model.decode(smaller.encode(smaller.newState()))).toEqual(model.newState());
});

it('a term of an input that it does not have is our bug', () => {
  const of = (term: object) => () =>
    new AdditiveModel({ inputs, terms: [{ part: 'x', input: 'one', ...term }], base: 0, rate: 1, stiffness: 1 });
  expect(of({ input: 'nothing' })).toThrow('the model has no input nothing');
  expect(of({ by: 'nothing' })).toThrow('the model has no input nothing');
});

it('each knot has its own place, in 64 steps to the next', () => {
  expect([-1, 0, 0.5, 1, 1.999, 2, 3, 3.999, 4, 5].map((value) => model.placesOf([value])[0])).toEqual([
    0, 0, 32, 64, 127, 128, 160, 191, 192, 192,
  ]);
  expect([-2, -1, -0.5, 0, 0.25, 1].map((value) => model.placesOf([0, value])[1])).toEqual([0, 0, 32, 64, 80, 128]);
});

it('the parts are those of one example: what was there before is written over; terms of one part are one', () => {
  const state = model.newState();
  const parts = new Float64Array([7, 7]);
  model.logOdds(state, model.placesOf([2, 1]), parts);
  expect([...parts]).toEqual([2, 2]);
  const joined = new AdditiveModel({
    ...{ inputs, base: 0, rate: 1, stiffness: 1 },
    terms: [
      { part: 'all', input: 'one', prior: (one: number) => one },
      { part: 'rest', input: 'other' },
      { part: 'all', input: 'other', prior: (other: number) => 10 * other },
    ],
  });
  joined.logOdds(joined.newState(), joined.placesOf([2, 1]), parts);
  expect([joined.parts, [...parts]]).toEqual([
    ['all', 'rest'],
    [12, 0],
  ]);
});

it('a step on a pair of inputs moves its four corners by their shares', () => {
  const state = model.newState();
  const places = model.placesOf([0.25, 0.5]);
  const before = chance(model.logOdds(state, places));
  model.learn(state, places, 0, 1);
  const prior = model.newState();
  const moved = (at: number) => prior.weights[at]! - state.weights[at]!;
  const step = (share: number) => (0.3 * before * share) / Math.sqrt(0.5 + (before * share) ** 2);
  // Corners of (one, other): offset 5, rows of three; one lies a quarter from 0 to 1, other half from 0 to 1.
  expect([5, 6, 7, 8, 9, 10].map(moved).map((by) => Number(by.toFixed(4)))).toEqual(
    [0, step(0.375), step(0.375), 0, step(0.125), step(0.125)].map((by) => Number(by.toFixed(4))),
  );
  expect(moved(11)).toBe(0);
});

it('what was learnt counts: the next step of the same kind is smaller', () => {
  const state = model.newState();
  const places = model.placesOf([1, 0]);
  const steps = Array.from({ length: 3 }, () => {
    const before = state.weights[0]!;
    model.learn(state, places, 1, 1);
    return state.weights[0]! - before;
  });
  expect(steps[0]).toBeGreaterThan(steps[1]!);
  expect(steps[1]).toBeGreaterThan(steps[2]!);
});

it('its text is the weights and the summed slopes, four bytes each', () => {
  const state = model.newState();
  model.learn(state, model.placesOf([1, 0]), 1, 1);
  const bytes = Buffer.from(model.encode(state), 'base64');
  expect(bytes.length).toBe(8 * (1 + 4 + 12));
  expect(bytes.readFloatLE(0)).toBe(state.weights[0]);
  expect(bytes.readFloatLE(4 * 17)).toBe(state.slopes[0]);
  expect(model.decode(bytes.subarray(4).toString('base64'))).toEqual(model.newState());
});

it('a pair may have the first input as its second', () => {
  const swapped = new AdditiveModel({
    ...{ inputs, base: 0, rate: 0.3, stiffness: 0.5 },
    terms: [{ part: 'pair', input: 'other', by: 'one', prior: (other: number, one: number) => 10 * other + one }],
  });
  const state = swapped.newState();
  const parts = new Float64Array(1);
  expect(state.weights).toHaveLength(1 + 3 * 4);
  expect(swapped.logOdds(state, swapped.placesOf([1.5, 0.5]), parts)).toBeCloseTo(10 * 0.5 + 1.5, 5);
  expect(parts[0]).toBeCloseTo(6.5, 5);
  expect(swapped.logOdds(state, swapped.placesOf([4, 1]))).toBeCloseTo(14, 5);
});

it('the prior is asked at the knots, and only there', () => {
  const asked: string[] = [];
  const prior = (one: number, other: number) => {
    asked.push(`${one} ${other}`);
    return 0;
  };
  const terms = [
    { part: 'alone', input: 'other', prior },
    { part: 'pair', input: 'other', by: 'one', prior },
  ];
  new AdditiveModel({ inputs, terms, base: 0, rate: 1, stiffness: 1 }).newState();
  const alone = [-1, 0, 1].map((other) => `${other} 0`);
  const pairs = [-1, 0, 1].flatMap((other) => [0, 1, 2, 4].map((one) => `${other} ${one}`));
  expect(asked).toEqual([...alone, ...pairs]);
});

it('at the last knots it is their own value, also of the last term', () => {
  expect(logOdds(model.newState(), 4, 1)).toBeCloseTo(-1 + 4 + 4, 6);
  const last = new AdditiveModel({
    ...{ inputs, base: 0, rate: 0.3, stiffness: 0.5 },
    terms: [{ part: 'x', input: 'one', prior: (one: number) => one }],
  });
  expect(last.logOdds(last.newState(), last.placesOf([4, 0]))).toBe(4);
});

it('a corner that an example does not touch keeps its value, also where the prior counts for nothing', () => {
  const light = new AdditiveModel({ inputs, terms, base: -1, rate: 0.3, stiffness: 0 });
  const state = light.newState();
  light.learn(state, light.placesOf([1, 0]), 1, 1);
  expect([...state.weights].every(Number.isFinite)).toBe(true);
  const moved = [...state.weights].flatMap((weight, at) => (weight === light.newState().weights[at] ? [] : [at]));
  // The base, the second corner of the first term, and of the pair's second row the second.
  expect(moved).toEqual([0, 2, 5 + 3 + 1]);
  // The first step is as long as the rate, whatever the slope.
  expect(state.weights[0]).toBeCloseTo(-1 + 0.3, 6);
});

it('the chance is even at log-odds of zero, three in four at those of three', () => {
  expect([chance(0), chance(Math.log(3)), chance(-Math.log(3))]).toEqual([
    0.5,
    expect.closeTo(0.75, 12),
    expect.closeTo(0.25, 12),
  ]);
});

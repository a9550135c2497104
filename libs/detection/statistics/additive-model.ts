/**
 * A logistic model that adds up terms, each a piecewise linear function of one input or a bilinear one of two, and learns its corner
 * values from each labelled example at once (AdaGrad: Duchi et al. 2011; additive terms with pairs: Lou et al. 2013, "GA2M"). Each
 * term's contribution stands for itself, which is what an operator is shown.
 */
export interface Input {
  readonly name: string;
  /** Ascending: where the function bends. Beyond the ends it is flat. */
  readonly knots: readonly number[];
}

export interface Term {
  /** Terms of the same part are shown as one. */
  readonly part: string;
  readonly input: string;
  readonly by?: string;
  /** The log-odds at the knots before anything was learnt. */
  readonly prior?: (input: number, by: number) => number;
}

/** A knot's place is kept in 64 steps between two knots, so that an example is a few small integers. */
const STEPS = 64;

interface Grid {
  readonly at: number;
  readonly width: number;
  readonly by: number;
  readonly height: number;
  readonly offset: number;
}

export interface AdditiveModelSettings {
  readonly inputs: readonly Input[];
  readonly terms: readonly Term[];
  /** The log-odds with nothing known. */
  readonly base: number;
  readonly rate: number;
  /** How many units of squared slope the prior counts for: the greater, the longer it holds. */
  readonly stiffness: number;
}

/** Weights and summed squared slopes: the first is the base's. */
export interface ModelState {
  readonly weights: Float32Array;
  readonly slopes: Float32Array;
}

export class AdditiveModel {
  readonly parts: readonly string[];
  private readonly grids: readonly Grid[];
  private readonly partOf: readonly number[];
  private readonly size: number;
  private readonly touched: Int32Array;
  private readonly shares: Float64Array;
  private count = 0;

  constructor(private readonly settings: AdditiveModelSettings) {
    const { inputs, terms } = settings;
    const placeOf = (name: string): number => {
      const at = inputs.findIndex((input) => input.name === name);
      if (at < 0) throw new Error(`the model has no input ${name}`);
      return at;
    };
    let offset = 1;
    this.grids = terms.map(({ input, by }) => {
      const at = placeOf(input);
      const other = by === undefined ? -1 : placeOf(by);
      const width = (inputs[at] as Input).knots.length;
      const height = other < 0 ? 1 : (inputs[other] as Input).knots.length;
      const grid = { at, width, by: other, height, offset };
      offset += width * height;
      return grid;
    });
    this.size = offset;
    this.parts = [...new Set(terms.map(({ part }) => part))];
    this.partOf = terms.map(({ part }) => this.parts.indexOf(part));
    this.touched = new Int32Array(1 + 4 * terms.length);
    this.shares = new Float64Array(1 + 4 * terms.length);
  }

  newState(): ModelState {
    const { inputs, terms, base, stiffness } = this.settings;
    const weights = new Float32Array(this.size);
    weights[0] = base;
    terms.forEach(({ prior }, term) => {
      if (prior === undefined) return;
      const { at, width, by, height, offset } = this.grids[term] as Grid;
      for (let x = 0; x < width; x++)
        for (let y = 0; y < height; y++)
          weights[offset + x * height + y] = prior(knotOf(inputs, at, x), by < 0 ? 0 : knotOf(inputs, by, y));
    });
    return { weights, slopes: new Float32Array(this.size).fill(stiffness) };
  }

  /** An input's value as a place among its knots: `place / 64` knots from the first. */
  private placeOf(input: number, value: number): number {
    const { knots } = this.settings.inputs[input] as Input;
    const last = knots.length - 1;
    if (!(value > (knots[0] as number))) return 0;
    if (value >= (knots[last] as number)) return last * STEPS;
    let at = 0;
    while (value >= (knots[at + 1] as number)) at++;
    const low = knots[at] as number;
    return at * STEPS + Math.floor(((value - low) / ((knots[at + 1] as number) - low)) * STEPS);
  }

  /** An example: a place for each input. */
  placesOf(values: readonly number[]): readonly number[] {
    const places: number[] = [];
    for (let at = 0; at < values.length; at++) places.push(this.placeOf(at, values[at] as number));
    return places;
  }

  /** Log-odds of an example (a place for each input); `parts` receives what each part adds to the base. */
  logOdds({ weights }: ModelState, places: ArrayLike<number>, parts?: Float64Array): number {
    this.spread(places);
    const { touched, shares, grids, partOf } = this;
    if (parts !== undefined) parts.fill(0);
    let sum = weights[0] as number;
    let at = 1;
    for (let term = 0; term < grids.length; term++) {
      const end = at + ((grids[term] as Grid).by < 0 ? 2 : 4);
      let added = 0;
      for (; at < end; at++) added += (weights[touched[at] as number] as number) * (shares[at] as number);
      sum += added;
      if (parts !== undefined) parts[partOf[term] as number] = (parts[partOf[term] as number] as number) + added;
    }
    return sum;
  }

  /** One step towards the label. `weight`: for how many examples it stands. */
  learn(state: ModelState, places: ArrayLike<number>, label: 0 | 1, weight: number): void {
    const error = (chance(this.logOdds(state, places)) - label) * weight;
    const { weights, slopes } = state;
    const { rate } = this.settings;
    for (let at = 0; at < this.count; at++) {
      const slope = error * (this.shares[at] as number);
      if (slope === 0) continue;
      const place = this.touched[at] as number;
      slopes[place] = (slopes[place] as number) + slope * slope;
      weights[place] = (weights[place] as number) - (rate * slope) / Math.sqrt(slopes[place] as number);
    }
  }

  encode({ weights, slopes }: ModelState): string {
    return Buffer.concat([bytesOf(weights), bytesOf(slopes)]).toString('base64');
  }

  /** A state of another layout starts anew from the prior: what it had learnt is of other inputs. */
  decode(text: string): ModelState {
    const bytes = Buffer.from(text, 'base64');
    const state = this.newState();
    if (bytes.length !== 8 * this.size) return state;
    for (let at = 0; at < this.size; at++) {
      state.weights[at] = bytes.readFloatLE(4 * at);
      state.slopes[at] = bytes.readFloatLE(4 * (this.size + at));
    }
    return state;
  }

  /** Corner values that the example touches, and each one's share. */
  private spread(places: ArrayLike<number>): void {
    const { touched, shares, grids } = this;
    touched[0] = 0;
    shares[0] = 1;
    let count = 1;
    for (let term = 0; term < grids.length; term++) {
      const { at, width, by, height, offset } = grids[term] as Grid;
      const x = places[at] as number;
      const left = Math.min(x >> 6, width - 2);
      const right = (x - left * STEPS) / STEPS;
      if (by < 0) {
        touched[count] = offset + left;
        shares[count++] = 1 - right;
        touched[count] = offset + left + 1;
        shares[count++] = right;
        continue;
      }
      const y = places[by] as number;
      const low = Math.min(y >> 6, height - 2);
      const high = (y - low * STEPS) / STEPS;
      const corner = offset + left * height + low;
      touched[count] = corner;
      shares[count++] = (1 - right) * (1 - high);
      touched[count] = corner + 1;
      shares[count++] = (1 - right) * high;
      touched[count] = corner + height;
      shares[count++] = right * (1 - high);
      touched[count] = corner + height + 1;
      shares[count++] = right * high;
    }
    this.count = count;
  }
}

export const chance = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

const knotOf = (inputs: readonly Input[], input: number, at: number): number => (inputs[input] as Input).knots[at] as number;

function bytesOf(numbers: Float32Array): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, at) => bytes.writeFloatLE(number, 4 * at));
  return bytes;
}

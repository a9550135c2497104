import { Random } from '#simulator/random';
import { minutes } from '#kernel/time';
import type { NabCorpus } from './nab-corpus';

type Series = NabCorpus['series'][number];
type Shape = (at: number, random: () => number) => number;
type Fault = (value: number, at: number, since: number) => number;

/** Values a day: one every ten minutes. */
const dayOf = 144;
const noise = (random: () => number): number => random() + random() + random() - 1.5;
const bump = (at: number): number => Math.max(0, Math.sin((2 * Math.PI * (at % dayOf)) / dayOf));

/** Kinds of series that a payment route or a server shows, each with its noise: unit is arbitrary. */
const shapes: Readonly<Record<string, Shape>> = {
  daily: (at, random) => 40 + 30 * bump(at) + 3 * noise(random),
  weekly: (at, random) => (Math.floor(at / dayOf) % 7 < 5 ? 10 + 60 * bump(at) : 8) + 2 * noise(random),
  failures: (at, random) => Math.max(0, 0.03 + 0.02 * bump(at) + 0.012 * noise(random)),
  flat: (_, random) => 5 + 0.2 * noise(random),
};

/** Odd by habit, and no fault can be told from it: only false alarms can be raised. */
const bursts: Shape = (_, random) => (random() < 0.03 ? 20 + 60 * random() : 2 * random());

/** What goes wrong for a while. */
const faults: Readonly<Record<string, Fault>> = {
  jump: (value) => value * 2.5 + 1,
  stuck: (value, _, since) => (since < 30 ? 0 : value),
  spike: (value, _, since) => (since < 4 ? value * 6 + 10 : value),
  noisy: (value, at) => value * (at % 2 === 0 ? 0.3 : 1.9),
};

const length = 14 * dayOf;
const windowLength = 100;

/** Each shape without a fault and with each of them, at a place that the seed draws; a window of 100 values about it. */
export function generateSeries(seed: number): Series[] {
  const random = new Random(seed);
  return Object.entries({ ...shapes, bursts }).flatMap(([shape, valueAt]) =>
    [undefined, ...(valueAt === bursts ? [] : Object.entries(faults))].map((fault) => {
      const start = random.between(5 * dayOf, 12 * dayOf);
      const times = Array.from({ length }, (_, at) => Date.UTC(2026, 2, 2) + at * minutes(10));
      const values = times.map((_, at) => {
        const value = valueAt(at, () => random.next());
        const wrong = fault !== undefined && at >= start && at < start + 50;
        return wrong ? fault[1](value, at, at - start) : value;
      });
      const windows = fault === undefined ? [] : [[times[start - 10], times[start - 10 + windowLength]] as [number, number]];
      return { name: `${shape}/${fault?.[0] ?? 'none'}`, group: shape, times, values, windows };
    }),
  );
}

import { boundedPlan, catalogue, faultsOn, randomPlan } from './catalogue';
import { logKinds } from './log-under-test';
import { seededRandom } from './seeded-random';

describe('the catalogue of faults', () => {
  it('names each fault once', () => {
    expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
  });

  it('gives CI every fault on the embedded log but a second process of each consumer, and on three brokers the loss of one', () => {
    const planned = boundedPlan('postgres').flatMap(({ name }) => name.split(' + '));
    const left = faultsOn('postgres')
      .map(({ name }) => name)
      .filter((name) => !planned.includes(name));
    expect(left).toEqual(['two processes of casework', 'two processes of actuator']);
    expect(boundedPlan('cluster').map(({ name }) => name)).toEqual(['one of three brokers killed']);
  });

  it('hurts nothing twice at once', () => {
    for (const log of logKinds) {
      const plan = randomPlan(log, seededRandom(1));
      const random = Array.from({ length: 200 }, () => plan.next().value);
      for (const { targets } of [...boundedPlan(log), ...random]) expect(new Set(targets).size).toBe(targets.length);
    }
  });

  it('plays the same faults for the same seed', () => {
    const names = (seed: number): readonly string[] => {
      const plan = randomPlan('kafka', seededRandom(seed));
      return Array.from({ length: 50 }, () => plan.next().value.name);
    };
    expect(names(7)).toEqual(names(7));
    expect(names(7)).not.toEqual(names(8));
  });
});

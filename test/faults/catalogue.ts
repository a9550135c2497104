import { together, type Fault } from './fault';
import type { LogKind } from './log-under-test';
import type { SeededRandom } from './seeded-random';
import { serviceFaults } from './service-faults';
import { storageFaults } from './storage-faults';
import { streamFaults } from './stream-faults';

/** Every way of hurting an installation that these tests know. */
export const catalogue: readonly Fault[] = [...streamFaults, ...serviceFaults, ...storageFaults];

/** Those that can be tried on a log. */
export const faultsOn = (log: LogKind): readonly Fault[] => catalogue.filter(({ logs }) => logs.includes(log));

/**
 * What CI has time for, by log: each line is one round. On the embedded log every kind of fault, on one broker those that meet Kafka, on
 * three the loss of one.
 */
const rounds: Readonly<Record<LogKind, readonly (readonly string[])[]>> = {
  postgres: [
    ['poison of every kind', 'kill -9 gateway', 'kill -9 casework'],
    ['kill -9 detector', 'kill -9 actuator', 'kill -9 providers'],
    [
      'failpoint detector.before-commit',
      'failpoint casework.after-commit',
      'failpoint actuator.before-call',
      'failpoint gateway.after-append',
    ],
    [
      'failpoint detector.after-commit',
      'failpoint casework.before-commit',
      'failpoint actuator.after-call',
      'failpoint gateway.before-append',
    ],
    ['failpoint relay.before-append in detector', 'failpoint relay.after-append in casework'],
    ['failpoint scopes.before-commit', 'failpoint actuator.before-store', 'kill -9 providers'],
    [
      'failpoint relay.after-append in detector',
      'failpoint relay.before-append in casework',
      'failpoint relay.after-append in actuator',
    ],
    ['failpoint scopes.after-commit', 'failpoint relay.before-append in actuator'],
    ['zombie detector', 'zombie casework'],
    ['two processes of detector', 'zombie actuator'],
    ['postgres killed and restarted'],
    ["answer to the detector's commit lost"],
    ['answer to COMMIT lost'],
    ['answer to an append lost'],
  ],
  kafka: [
    ['poison of every kind', 'failpoint relay.after-append in detector', 'failpoint gateway.after-append'],
    ['broker killed and restarted'],
    ['zombie detector', 'kill -9 casework', 'failpoint actuator.after-call', 'kill -9 providers'],
  ],
  cluster: [['one of three brokers killed']],
};

/** Throws on a name that is not in the catalogue, so that a renamed fault does not drop out of CI. */
export const boundedPlan = (log: LogKind): readonly Fault[] =>
  rounds[log].map((names) => together(names.map((name) => named(log, name))));

function named(log: LogKind, name: string): Fault {
  const fault = faultsOn(log).find((candidate) => candidate.name === name);
  if (!fault) throw new Error(`no fault on ${log} is called ${name}`);
  return fault;
}

/** Those whose name contains `text`; `a + b` is both at once, by their whole names. */
export const faultsCalled = (log: LogKind, text: string): readonly Fault[] => {
  const names = text.split(' + ');
  return names.length > 1
    ? [together(names.map((name) => named(log, name)))]
    : faultsOn(log).filter(({ name }) => name.includes(text));
};

/** Without end: each fault in its turn, often with others that hurt something else. */
export function* randomPlan(log: LogKind, random: SeededRandom): Generator<Fault> {
  for (;;)
    for (const first of random.shuffle(faultsOn(log))) {
      const struck = [first];
      for (const other of random.shuffle(faultsOn(log)).slice(0, random.between(0, 2)))
        if (!struck.some(({ targets }) => targets.some((target) => other.targets.includes(target)))) struck.push(other);
      yield together(struck);
    }
}

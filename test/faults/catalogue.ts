import type { Fault } from './fault';
import type { LogKind } from './log-under-test';
import { serviceFaults } from './service-faults';
import { storageFaults } from './storage-faults';
import { streamFaults } from './stream-faults';

/** Every way of hurting an installation that these tests know. */
export const catalogue: readonly Fault[] = [...streamFaults, ...serviceFaults, ...storageFaults];

/** Those that can be tried on a log. */
export const faultsOn = (log: LogKind): readonly Fault[] => catalogue.filter(({ logs }) => logs.includes(log));

/** What CI has time for: on the embedded log all of the first, on Kafka what touches the log, on three brokers the loss of one. */
export function boundedPlan(log: LogKind): readonly string[] {
  if (log === 'cluster') return ['one of three brokers killed'];
  if (log === 'kafka')
    return [
      'poison of every kind',
      'broker killed and restarted',
      'zombie detector',
      'failpoint relay.after-append in detector',
      'kill -9 gateway',
    ];
  return faultsOn('postgres')
    .map(({ name }) => name)
    .filter((name) => !/^(two processes of (casework|actuator)|zombie casework|failpoint relay\..* in casework)$/.test(name));
}

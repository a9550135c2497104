import { addWorkingDays, resumeWorkingDays } from '#kernel/working-days';
import { days, type InstantMs, NEVER } from '#kernel/time';
import type { Setting, SettingValues } from '#kernel/setting';
import type { Jurisdiction, Place } from '#case/calendar';
import type { Case, Clock, ClockName, ServiceClock } from '#case/case';
import { rungsFor } from '#case/ladder';
import type { FindingKind } from '#detection/finding';

const workingDays = (count: number, doc: string, source: string): Setting<number> => ({
  unit: 'working_days',
  default: count,
  min: 1,
  max: 260,
  doc,
  source,
});

/** How long the platform has, counted from the case's opening, where no rule of the place says otherwise. */
export const clockSettings = {
  acknowledge: workingDays(3, 'the buyer hears that the case exists', 'PSD2 complaints handling, facts.md'),
  answer: workingDays(15, 'the buyer hears what was decided', 'PSD2 article 101, facts.md'),
  resolve: workingDays(35, 'the case is closed', 'PSD2 article 101: at most 35 business days, facts.md'),
  pay: workingDays(10, 'the money is back with the buyer', 'US Reg E provisional credit, facts.md'),
} as const;

export type ClockSettings = SettingValues<typeof clockSettings>;
const serviceClocks = Object.keys(clockSettings) as readonly ServiceClock[];

interface LegalClock {
  readonly where: Jurisdiction;
  /** Of these alone; of all when absent. */
  readonly kinds?: readonly FindingKind[];
  readonly clock: ServiceClock;
  readonly count: number;
  readonly unit?: 'days';
}

/** Clocks of law, where they are shorter or count otherwise than ours. Source: facts.md, "Clocks of complaint". */
const legalClocks: readonly LegalClock[] = [
  { where: 'CN', clock: 'answer', count: 7 },
  { where: 'CN', clock: 'resolve', count: 15 },
  { where: 'EU', kinds: ['account-takeover'], clock: 'pay', count: 1 },
  { where: 'US', clock: 'resolve', count: 45, unit: 'days' },
];

/** Clocks of a case that opens: service and law, and (for a buyer) the first step of the ladder. */
export function startClocks(
  from: InstantMs,
  settings: ClockSettings,
  place: Place,
  { kinds, hasBuyer }: { readonly kinds: readonly FindingKind[]; readonly hasBuyer: boolean },
): readonly Clock[] {
  const services = serviceClocks.map((name): Clock => {
    const law = legalClocks.find(
      ({ where, clock, kinds: of }) =>
        clock === name && where === place.jurisdiction && (of === undefined || of.some((kind) => kinds.includes(kind))),
    );
    if (law?.unit === 'days') return { name, dueAt: from + days(law.count), state: 'running', unit: 'days' };
    const count = Math.min(settings[name], law?.count ?? settings[name]);
    return { name, dueAt: addWorkingDays(from, count, place.calendar), state: 'running' };
  });
  const [first] = rungsFor(kinds, place.jurisdiction);
  return hasBuyer ? [...services, ladderClock(first!, from, place)] : services;
}

export const ladderClock = (
  { step, workingDays: count }: { readonly step: ClockName; readonly workingDays: number },
  from: InstantMs,
  { calendar }: Place,
): Clock => ({ name: step, dueAt: addWorkingDays(from, count, calendar), state: 'running' });

/** The buyer is awaited: what still runs stands still. What is past already was missed before the buyer was asked. */
export const pauseClocks = (clocks: readonly Clock[], now: InstantMs): readonly Clock[] =>
  clocks.map((clock) => (clock.state === 'running' && now <= clock.dueAt ? { ...clock, state: 'paused', pausedAt: now } : clock));

/** The buyer has answered: what was left at the pause is left now, in the clock's own days. */
export const resumeClocks = (clocks: readonly Clock[], now: InstantMs, { calendar }: Place): readonly Clock[] =>
  clocks.map((clock) => {
    if (clock.state !== 'paused') return clock;
    const { pausedAt = now, ...rest } = clock;
    const span = { pausedAt, dueAt: clock.dueAt, resumedAt: now };
    const dueAt = clock.unit === 'days' ? clock.dueAt + (now - pausedAt) : resumeWorkingDays(span, calendar);
    return { ...rest, state: 'running', dueAt };
  });

/** What was to be done is done: a clock is met, or missed when it is already past. One that stands still has time left. */
export const meetClocks = (clocks: readonly Clock[], names: readonly ClockName[], now: InstantMs): readonly Clock[] =>
  clocks.map((clock) => {
    if (!names.includes(clock.name) || clock.state === 'met' || clock.state === 'missed') return clock;
    return { ...clock, state: clock.state === 'paused' || now <= clock.dueAt ? 'met' : 'missed' };
  });

export const meetAllClocks = (clocks: readonly Clock[], now: InstantMs): readonly Clock[] =>
  meetClocks(
    clocks,
    clocks.map(({ name }) => name),
    now,
  );

/** Running clocks whose time has passed; empty when nothing changes. */
export const overdueClocks = (subject: Case, now: InstantMs): readonly Clock[] =>
  subject.clocks.filter((clock) => clock.state === 'running' && clock.dueAt < now);

/** The next instant at which a clock of the case is missed by silence. */
export const nextClockAt = (subject: Case): InstantMs =>
  subject.clocks.reduce((next, clock) => (clock.state === 'running' ? Math.min(next, clock.dueAt) : next), NEVER);

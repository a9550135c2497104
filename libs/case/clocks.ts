import { type InstantMs, NEVER } from '#kernel/time';
import type { Setting, SettingValues } from '#kernel/setting';
import type { Case, Clock, ClockName } from '#case/case';

const workingDays = (count: number, doc: string, source: string): Setting<number> => ({
  unit: 'working_days',
  default: count,
  min: 1,
  max: 260,
  doc,
  source,
});

/** How long the platform has, counted from the case's opening. */
export const clockSettings = {
  acknowledge: workingDays(3, 'the buyer hears that the case exists', 'PSD2 complaints handling, facts.md'),
  answer: workingDays(15, 'the buyer hears what was decided', 'PSD2 article 101, facts.md'),
  resolve: workingDays(35, 'the case is closed', 'PSD2 article 101: at most 35 business days, facts.md'),
  pay: workingDays(10, 'the money is back with the buyer', 'US Reg E provisional credit, facts.md'),
} as const;

export type ClockSettings = SettingValues<typeof clockSettings>;
const clockNames = Object.keys(clockSettings) as readonly ClockName[];

/** The instant at the end of so many working days; the calendar is the caller's choice. */
export type AddWorkingDays = (from: InstantMs, count: number) => InstantMs;

export const startClocks = (from: InstantMs, settings: ClockSettings, addWorkingDays: AddWorkingDays): readonly Clock[] =>
  clockNames.map((name) => ({ name, dueAt: addWorkingDays(from, settings[name]), state: 'running' }));

/** What was to be done is done: a running clock is met, or missed when it is already past. */
export const meetClocks = (clocks: readonly Clock[], names: readonly ClockName[], now: InstantMs): readonly Clock[] =>
  clocks.map((clock) =>
    clock.state === 'running' && names.includes(clock.name) ? { ...clock, state: now <= clock.dueAt ? 'met' : 'missed' } : clock,
  );

export const meetAllClocks = (clocks: readonly Clock[], now: InstantMs): readonly Clock[] => meetClocks(clocks, clockNames, now);

/** Running clocks whose time has passed; empty when nothing changes. */
export const overdueClocks = (subject: Case, now: InstantMs): readonly Clock[] =>
  subject.clocks.filter((clock) => clock.state === 'running' && clock.dueAt < now);

/** The next instant at which a clock of the case is missed by silence. */
export const nextClockAt = (subject: Case): InstantMs =>
  subject.clocks.reduce((next, clock) => (clock.state === 'running' ? Math.min(next, clock.dueAt) : next), NEVER);

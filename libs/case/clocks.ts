import { addBusinessHours, addWorkingDays, businessHoursBetween, type Pause, resumeWorkingDays } from '#kernel/working-days';
import { days, type InstantMs, NEVER } from '#kernel/time';
import type { Setting, SettingValues } from '#kernel/setting';
import type { Jurisdiction, Place } from '#case/calendar';
import type { Case, Clock, ClockName, ServiceClock } from '#case/case';
import { type Rung, rungsFor } from '#case/ladder';
import type { FindingKind } from '#detection/finding';

const workingDays = (count: number, doc: string, source: string): Setting<number> => ({
  unit: 'working_days',
  default: count,
  min: 1,
  max: 260,
  doc,
  source,
});

const wholeHours = (count: number, max: number) => ({ unit: 'count' as const, default: count, min: 0, max });

/** How long the platform has, counted from the case's opening, where no rule of the place says otherwise. */
export const clockSettings = {
  acknowledge: workingDays(3, 'the buyer hears that the case exists', 'PSD2 complaints handling, facts.md'),
  answer: workingDays(15, 'the buyer hears what was decided', 'PSD2 article 101, facts.md'),
  resolve: workingDays(35, 'the case is closed', 'PSD2 article 101: at most 35 business days, facts.md'),
  pay: workingDays(10, 'the money is back with the buyer', 'US Reg E provisional credit, facts.md'),
  acknowledgeHours: {
    ...wholeHours(0, 240),
    doc: 'business hours in place of `acknowledge`; 0: by working days',
    source: 'ours',
  },
  opens: { ...wholeHours(9, 23), doc: 'the hour (UTC) at which a business day begins', source: 'ours' },
  closes: { ...wholeHours(17, 24), doc: 'the hour (UTC) at which it ends', source: 'ours' },
  platform_complaint: workingDays(15, 'the platform answers a complaint', 'China: 7 to 15 working days, facts.md'),
  consumer_association: workingDays(20, 'the consumer association has dealt with it', 'ours'),
  mediation: workingDays(30, 'mediation is over', 'ours'),
  arbitration: workingDays(60, 'arbitration is over', 'ours'),
  court: workingDays(120, 'a court has decided', 'ours'),
  police: workingDays(30, 'the police have answered', 'ours'),
} as const;

export type ClockSettings = SettingValues<typeof clockSettings>;
const serviceClocks: readonly ServiceClock[] = ['acknowledge', 'answer', 'resolve', 'pay'];

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
  const services = serviceClocks.map((name) => serviceClock(name, from, settings, { place, kinds }));
  const [first] = rungsFor(kinds, place.jurisdiction);
  return hasBuyer ? [...services, ladderClock(first!, from, settings, place)] : services;
}

/** What decides which law a case is under. */
export interface Ground {
  readonly place: Place;
  readonly kinds: readonly FindingKind[];
}

const lawOf = (name: ServiceClock, { place, kinds }: Ground): LegalClock | undefined =>
  legalClocks.find(
    ({ where, clock, kinds: of }) =>
      clock === name && where === place.jurisdiction && (of === undefined || of.some((kind) => kinds.includes(kind))),
  );

function serviceClock(name: ServiceClock, from: InstantMs, settings: ClockSettings, ground: Ground): Clock {
  const law = lawOf(name, ground);
  const { place } = ground;
  if (law?.unit === 'days') return { name, dueAt: from + days(law.count), state: 'running', unit: 'days' };
  if (name === 'acknowledge' && settings.acknowledgeHours > 0) return officeClock(from, settings, place);
  const count = Math.min(settings[name], law?.count ?? settings[name]);
  return { name, dueAt: addWorkingDays(from, count, place.calendar), state: 'running' };
}

/**
 * A case came to know whose law holds, or what it is about: a clock of that law runs from then. It brings a running clock forward, never
 * back: what was promised stands. One that stands still keeps what was left of it.
 */
export const hastenClocks = (
  clocks: readonly Clock[],
  { before, after, from, settings }: { before: Ground; after: Ground; from: InstantMs; settings: ClockSettings },
): readonly Clock[] =>
  clocks.map((clock) => {
    const name = serviceClocks.find((service) => service === clock.name);
    if (name === undefined || clock.state !== 'running') return clock;
    const law = lawOf(name, after);
    if (law === undefined || law === lawOf(name, before)) return clock;
    const lawful = serviceClock(name, from, settings, after);
    return lawful.dueAt < clock.dueAt ? lawful : clock;
  });

function officeClock(from: InstantMs, { acknowledgeHours, opens, closes }: ClockSettings, { calendar }: Place): Clock {
  const office = { opens, closes: Math.max(closes, opens + 1) };
  const dueAt = addBusinessHours(from, acknowledgeHours, { calendar, ...office });
  return { name: 'acknowledge', dueAt, state: 'running', unit: 'business_hours', office };
}

export const ladderClock = ({ step }: Rung, from: InstantMs, settings: ClockSettings, { calendar }: Place): Clock => ({
  name: step,
  dueAt: addWorkingDays(from, settings[step], calendar),
  state: 'running',
});

/** The buyer is awaited: what still runs stands still. What is past already was missed before the buyer was asked. */
export const pauseClocks = (clocks: readonly Clock[], now: InstantMs): readonly Clock[] =>
  clocks.map((clock) => (clock.state === 'running' && now <= clock.dueAt ? { ...clock, state: 'paused', pausedAt: now } : clock));

/** The buyer has answered: what was left at the pause is left now, in the clock's own days. */
export const resumeClocks = (clocks: readonly Clock[], now: InstantMs, { calendar }: Place): readonly Clock[] =>
  clocks.map((clock) => {
    if (clock.state !== 'paused') return clock;
    const { pausedAt = now, ...rest } = clock;
    const span = { pausedAt, dueAt: clock.dueAt, resumedAt: now };
    return { ...rest, state: 'running', dueAt: resumedDue(clock, span, calendar) };
  });

function resumedDue({ unit, office }: Clock, span: Pause, calendar: Place['calendar']): InstantMs {
  const { pausedAt, dueAt, resumedAt } = span;
  if (unit === 'days') return dueAt + (resumedAt - pausedAt);
  if (unit === undefined || office === undefined) return resumeWorkingDays(span, calendar);
  const hours = { calendar, ...office };
  return addBusinessHours(resumedAt, businessHoursBetween(pausedAt, dueAt, hours), hours);
}

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

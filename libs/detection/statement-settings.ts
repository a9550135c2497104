import { durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { days } from '#kernel/time';

export const statementSettings = {
  matchDays: {
    unit: 'working_days',
    default: 10,
    min: 1,
    max: 60,
    doc: 'A statement line has its payment, and a payment its statement line, within these days.',
    source: 'facts: 10 working days',
  },
  nearMs: durationSetting(
    days(15),
    { min: days(1), max: days(90) },
    'A line that names nothing is a payment’s when it is of its sum and booked no further from it than this.',
    'ours',
  ),
} as const satisfies SettingSpec;

export type StatementSettings = SettingValues<typeof statementSettings>;

import type { SettingSpec, SettingValues } from '#kernel/setting';

export const statementSettings = {
  matchDays: {
    unit: 'working_days',
    default: 10,
    min: 1,
    max: 60,
    doc: 'A statement line has its payment, and a payment its statement line, within these days.',
    source: 'facts: 10 working days',
  },
} as const satisfies SettingSpec;

export type StatementSettings = SettingValues<typeof statementSettings>;

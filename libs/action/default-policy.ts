import type { Policy } from '#action/policy';

/**
 * Acts only on `certain` findings, and only where the remedy cannot make things worse: money taken that was not owed goes back, a
 * hold past its end is released, an account under takeover is frozen for a while. Where goods may still come, where a refund already
 * went somewhere, or where an outcome is not known, it asks a person. Everything else is watched.
 */
export const defaultPolicy: Policy = {
  version: 'default-1',
  rules: [
    {
      kinds: ['duplicate-charge', 'paid-by-other-means', 'amount-differs-from-order', 'refund-amount-wrong', 'refund-overdue'],
      confidence: ['certain'],
      decision: 'act',
      action: 'refund',
    },
    {
      kinds: [
        'duplicate-charge',
        'paid-by-other-means',
        'amount-differs-from-order',
        'refund-amount-wrong',
        'refund-overdue',
        'refund-wrong-instrument',
        'refund-failed',
        'undisclosed-fee',
        'not-delivered',
      ],
      confidence: ['certain', 'likely'],
      decision: 'ask',
      action: 'refund',
    },
    { kinds: ['stuck-hold'], confidence: ['certain'], decision: 'act', action: 'void' },
    { kinds: ['stuck-hold', 'payment-unconfirmed'], confidence: ['certain', 'likely'], decision: 'ask', action: 'void' },
    { kinds: ['frozen-funds'], confidence: ['certain', 'likely'], decision: 'ask', action: 'unfreeze' },
    { kinds: ['account-takeover'], confidence: ['certain'], decision: 'act', action: 'freeze' },
    {
      kinds: ['account-takeover', 'impossible-travel', 'credential-stuffing'],
      confidence: ['likely'],
      decision: 'ask',
      action: 'step_up',
    },
    { kinds: ['paid-out-before-delivery'], confidence: ['certain', 'likely'], decision: 'ask', action: 'hold_payout' },
  ],
  fourEyes: {
    above: { minor: { EUR: 50_000, USD: 50_000, GBP: 50_000, CNY: 400_000, INR: 5_000_000, JPY: 80_000 }, otherwise: 50_000 },
    people: 1,
  },
  budgetPerHour: {
    minor: { EUR: 2_000_000, USD: 2_000_000, GBP: 2_000_000, CNY: 16_000_000, INR: 200_000_000, JPY: 3_200_000 },
    otherwise: 2_000_000,
  },
  killSwitch: [],
  dryRun: false,
  freezeHours: 72,
  directDebitDays: 7,
  snoozes: [],
};

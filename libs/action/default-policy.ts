import type { Policy } from '#action/policy';

/**
 * Acts only on `certain` findings, and only where the remedy cannot make things worse: money taken that was not owed goes back, a
 * hold past its end is released, an account under takeover is frozen for a while and the contact of before is told. Where goods may
 * still come, where a refund already went somewhere, or where an outcome is not known, it asks a person. About merchants, networks and
 * operators it asks for what moves no money. What is watched has a case and its notices, and the reason here.
 */
export const defaultPolicy: Policy = {
  version: 'default-3',
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
        'limit-exceeded',
      ],
      confidence: ['certain', 'likely'],
      decision: 'ask',
      action: 'refund',
    },
    { kinds: ['stuck-hold'], confidence: ['certain'], decision: 'act', action: 'void' },
    { kinds: ['stuck-hold', 'payment-unconfirmed'], confidence: ['certain', 'likely'], decision: 'ask', action: 'void' },
    { kinds: ['frozen-funds'], confidence: ['certain', 'likely'], decision: 'ask', action: 'unfreeze' },
    { kinds: ['account-takeover'], confidence: ['certain'], decision: 'act', action: 'freeze', also: ['notify'] },
    { kinds: ['account-takeover'], confidence: ['likely'], decision: 'ask', action: 'step_up', also: ['hold_payout'] },
    // Of a network or a merchant: what comes from there, or is paid there, is challenged.
    {
      kinds: ['impossible-travel', 'spend-outlier', 'credential-stuffing', 'card-testing'],
      confidence: ['certain', 'likely'],
      decision: 'ask',
      action: 'step_up',
    },
    {
      kinds: ['paid-out-before-delivery', 'merchant-anomaly', 'compromised-merchant'],
      confidence: ['certain', 'likely'],
      decision: 'ask',
      action: 'hold_payout',
    },
    // The operator's access, until somebody has looked.
    { kinds: ['insider-abuse'], confidence: ['certain', 'likely'], decision: 'ask', action: 'freeze' },
    {
      kinds: [
        // The platform's books or its bank are to be put right first: no payment of it could be refunded.
        'balance-differs',
        'statement-without-order',
        'order-without-statement',
        'statement-amount-differs',
        // What is wrong is said by the findings that join its case, or by a person.
        'buyer-complaint',
        // Those who mend it hear by the notice; nobody's money is held.
        'payment-outage',
      ],
      confidence: ['certain', 'likely'],
      decision: 'watch',
    },
  ],
  accruals: [],
  fourEyes: {
    above: { minor: { EUR: 50_000, USD: 50_000, GBP: 50_000, CNY: 400_000, INR: 5_000_000, JPY: 80_000 }, otherwise: 50_000 },
    people: 1,
  },
  budgetPerHour: {
    minor: { EUR: 2_000_000, USD: 2_000_000, GBP: 2_000_000, CNY: 16_000_000, INR: 200_000_000, JPY: 3_200_000 },
    otherwise: 2_000_000,
  },
  // Two a minute for an hour: nobody looks at more than that.
  velocity: [{ per: 'operator', minutes: 60, countMax: 120 }],
  deny: [],
  allow: [],
  // action/breaker says why. Four hours: long enough that somebody looks.
  breaker: { times: 3, countMin: 50, historyHours: 24, openMinutes: 240 },
  killSwitch: [],
  dryRun: false,
  freezeHours: 72,
  directDebitDays: 7,
  snoozes: [],
};

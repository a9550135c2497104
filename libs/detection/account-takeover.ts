import type { Money } from '#kernel/money';
import { NEVER, type InstantMs } from '#kernel/time';
import { wonAt } from '#ledger/money-back';
import type { Ledger } from '#ledger/ledger';
import { capturedMinor, type Payment } from '#ledger/payment';
import type { Profile } from '#ledger/profile';
import type { AccountTakeoverSettings } from '#detection/account-takeover-settings';
import type { Claim } from '#detection/claim';
import type { Detector } from '#detection/detector';
import { suspiciousSteps, valueSteps, type Step } from '#detection/takeover-acts';

/** The account as a subject: there is one. */
export const THE_ACCOUNT = { id: 'account' } as const;

/**
 * Somebody else uses the account: a credential event, then a profile change, then value leaves, within a day. Two of the three in
 * this order are `likely`, all three `certain`; at the time of the second step, loss the captured payments of the value events
 * (null without one).
 *
 * Subject: the account. No deadline. Exempt: what follows a step-up that passed (one that passes later clears the finding, and so do
 * chargebacks decided for the buyer on all its payments),
 * credential events in a country to which travel was announced, payments that the merchant initiates. Steps that all come from a
 * device and a network which were the buyer's before are the buyer's own: two of them say nothing, three are `likely`. Weak where
 * the feed has no contexts, and for a buyer's first day. Source: facts, "Account takeover".
 */
export const accountTakeover = (settings: AccountTakeoverSettings): Detector<typeof THE_ACCOUNT> => ({
  name: 'account-takeover',
  subject: 'account',
  assess(_account, { ledger }, claims) {
    const { profile } = ledger;
    if (profile === null || profile.suspectAt === -NEVER) return NEVER;
    const steps = suspiciousSteps(profile, settings);
    let after = -NEVER;
    for (const start of steps) {
      if (start.at <= after) continue;
      const sequence = sequenceFrom(start, steps, ledger, profile, settings);
      if (sequence === undefined) continue;
      claims.push(claimOf(sequence));
      after = start.at + settings.windowMs;
    }
    return NEVER;
  },
  /** Older acts were forgotten, which answers nothing. */
  knowsSince: ({ profile }) => (profile === null || profile.acts.length < 24 ? -NEVER : (profile.acts[0]?.at ?? -NEVER)),
});

interface Sequence {
  readonly steps: readonly Step[];
  readonly parts: number;
  /** When the second part happened. */
  readonly at: InstantMs;
  readonly clearedAt: InstantMs;
  readonly isAllOwn: boolean;
}

function sequenceFrom(
  start: Step,
  suspicious: readonly Step[],
  ledger: Ledger,
  profile: Profile,
  settings: AccountTakeoverSettings,
): Sequence | undefined {
  const steppedUpAt = profile.acts.find(({ kind, at }) => kind === 'step-up' && at >= start.at)?.at ?? NEVER;
  const until = Math.min(start.at + settings.windowMs, steppedUpAt);
  const within = suspicious.filter(({ at }) => at >= start.at && at <= until);
  const profileStep = within.find(({ part }) => part === 'profile');
  const values = valueSteps(ledger, start.at, until, settings);
  const [firstValue] = [...values].sort((left, right) => left.at - right.at);
  const second = start.part === 'credential' && profileStep !== undefined ? profileStep : undefined;
  const parts = 1 + (second === undefined ? 0 : 1) + (firstValue === undefined ? 0 : 1);
  if (parts < 2) return undefined;
  const ordered = parts < 3 || values.some(({ at }) => at >= (second?.at ?? NEVER));
  const steps = [...within, ...values].sort((left, right) => left.at - right.at);
  const isAllOwn = within.every(({ isOwn }) => isOwn !== false) && within.some(({ isOwn }) => isOwn === true);
  if (isAllOwn && parts < 3) return undefined;
  return {
    steps,
    parts: ordered ? parts : 2,
    at: Math.min(second?.at ?? NEVER, firstValue?.at ?? NEVER),
    clearedAt: steppedUpAt <= start.at + settings.windowMs * 2 ? steppedUpAt : NEVER,
    isAllOwn,
  };
}

function claimOf({ steps, parts, at, clearedAt, isAllOwn }: Sequence): Claim {
  const [first] = steps as [Step, ...Step[]];
  const payments = [...new Set(steps.flatMap((step) => step.payments))].filter(({ captures }) => captures.length > 0);
  return {
    kind: 'account-takeover',
    confidence: parts === 3 && !isAllOwn ? 'certain' : 'likely',
    money: `takeover/${first.eventId}`,
    at,
    clearedAt: Math.min(clearedAt, payments.length === 0 ? NEVER : Math.max(...payments.map(wonAt))),
    merchantId: '',
    orderId: '',
    paymentIds: payments.map(({ id }) => id),
    loss: lossOf(payments),
    because: {
      rule: parts === 3 ? 'credential-then-profile-then-value' : 'two-steps-of-a-takeover',
      fields: [...new Set(steps.map(({ part }) => part))],
      figures: { steps: steps.length, parts, ...firstOfEach(steps) },
    },
    eventIds: steps.map(({ eventId }) => eventId),
  };
}

/** What the first step of each part was. */
const firstOfEach = (steps: readonly Step[]): Record<string, string> =>
  Object.fromEntries([...steps].reverse().map(({ part, what }) => [part, what]));

/** In the currency of the first payment: a takeover across currencies names the payments, and their sum where it has one. */
function lossOf(payments: readonly Payment[]): Money | null {
  const currency = payments[0]?.currency;
  if (currency === undefined || payments.some((payment) => payment.currency !== currency)) return null;
  return { minor: payments.reduce((sum, payment) => sum + capturedMinor(payment), 0), currency };
}

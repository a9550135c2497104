import type { Money } from '#kernel/money';
import { days, formatInstant, NEVER, type InstantMs } from '#kernel/time';
import { wonAt } from '#ledger/money-back';
import type { Ledger } from '#ledger/ledger';
import { capturedMinor, type Payment } from '#ledger/payment';
import { PROFILE_MAX, type Act, type LogIn, type Profile } from '#ledger/profile';
import type { AccountTakeoverSettings } from '#detection/account-takeover-settings';
import type { Claim } from '#detection/claim';
import type { Detector } from '#detection/detector';
import { isAnnounced } from '#detection/travel';
import { AFTER_DORMANCY, isDormant, suspiciousSteps, valueSteps, type Step } from '#detection/takeover-acts';

/** The account as a subject: there is one. */
export const THE_ACCOUNT = { id: 'account' } as const;

/**
 * Somebody else uses the account: a credential event, then a profile change, then value leaves, within a day. Two of the three in
 * this order are `likely`, all three `certain`; at the time of the second step, loss the captured payments of the value events
 * (null without one).
 *
 * Subject: the account. No deadline. Exempt: what follows a step-up that passed, until the next credential event (a step-up that passes
 * later clears the finding, and so do chargebacks decided for the buyer on all its payments), credential events, and changes with
 * none before them, in a country to which travel was announced, payments that the merchant initiates. Steps that all come from a
 * device and a network of the buyer's own are the buyer's: two of them say nothing, three are `likely`. So are three whose only
 * value is that of an account which slept: what is usual of it is not known any more. Weak where the feed has no contexts, and for
 * a buyer's first day. Source: facts, "Account takeover".
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
      if (start.at <= after || isProven(start, steps, profile, settings)) continue;
      const sequence = sequenceFrom(start, steps, ledger, profile, settings);
      if (sequence === undefined) continue;
      const claim = claimOf(sequence);
      if (start.at >= ledger.forgotAt - FRESH_MS || claim.clearedAt !== NEVER) claims.push(claim);
      after = sequence.until;
    }
    return NEVER;
  },
  /** Older acts, log-ins and purchases were forgotten, which answers nothing of what rested on them. */
  knowsSince: ({ profile, forgotAt }) =>
    profile === null
      ? -NEVER
      : Math.max(
          forgotAt - FRESH_MS + settings.windowMs,
          profile.acts.length < PROFILE_MAX.acts ? -NEVER : (profile.acts[0] as Act).at + settings.windowMs,
          profile.logIns.length < PROFILE_MAX.logIns ? -NEVER : (profile.logIns[0] as LogIn).at + settings.windowMs,
        ),
});

/**
 * [ours] A story older than this when purchases are forgotten stays as it was told, unless it is made good: what was usual of the
 * buyer then is no longer what was kept.
 */
const FRESH_MS = days(30);

interface Sequence {
  /** The window's end, or the step-up that passed in it: what follows is another story. */
  readonly until: InstantMs;
  readonly steps: readonly Step[];
  readonly parts: number;
  /** When the second part happened. */
  readonly at: InstantMs;
  readonly clearedAt: InstantMs;
  readonly isCertain: boolean;
}

/**
 * A change that nothing suspicious came before is the buyer's where travel to its country was announced, or a step-up had passed not long
 * before and no credential event came between.
 */
function isProven(start: Step, steps: readonly Step[], profile: Profile, { windowMs }: AccountTakeoverSettings): boolean {
  if (start.part !== 'profile') return false;
  const { acts } = profile;
  if (acts.some((act) => act.eventId === start.eventId && isAnnounced(profile, act))) return true;
  const proof = acts.findLast(({ kind, at }) => kind === 'step-up' && at <= start.at && at >= start.at - windowMs);
  return proof !== undefined && !steps.some(({ part, at }) => part === 'credential' && at > proof.at && at <= start.at);
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
  const wasDormant = start.part === 'credential' && start.from === 'strange' && isDormant(ledger, start.at, settings.dormantMs);
  const values = valueSteps(ledger, start.at, until, settings, wasDormant);
  const [firstValue] = [...values].sort((left, right) => left.at - right.at);
  const second = start.part === 'credential' ? profileStep : undefined;
  const parts = 1 + (second === undefined ? 0 : 1) + (firstValue === undefined ? 0 : 1);
  if (parts < 2) return undefined;
  const inOrder = values.filter(({ at }) => at >= (second?.at ?? NEVER));
  const steps = [...within, ...values].sort((left, right) => left.at - right.at);
  const isAllOwn = within.every(({ from }) => from === 'own' || from === 'unknown') && within.some(({ from }) => from === 'own');
  if (isAllOwn && parts < 3) return undefined;
  return {
    until,
    steps,
    parts: inOrder.length > 0 ? 3 : 2,
    at: Math.min(second?.at ?? NEVER, firstValue?.at ?? NEVER),
    clearedAt: steppedUpAt <= start.at + settings.windowMs * 2 ? steppedUpAt : NEVER,
    isCertain: !isAllOwn && inOrder.some(({ what }) => what !== AFTER_DORMANCY),
  };
}

function claimOf({ steps, parts, at, clearedAt, isCertain }: Sequence): Claim {
  const [first] = steps as [Step, ...Step[]];
  const payments = [...new Set(steps.flatMap((step) => step.payments))].filter(({ captures }) => captures.length > 0);
  return {
    kind: 'account-takeover',
    confidence: isCertain ? 'certain' : 'likely',
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
      figures: { steps: steps.length, parts, since: formatInstant(first.at), ...firstOfEach(steps) },
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

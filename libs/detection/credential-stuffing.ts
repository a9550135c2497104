import { defaultsOf, durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { hours, minutes, NEVER } from '#kernel/time';
import {
  byTime,
  crossingOf,
  isBurstIdle,
  membersOf,
  memberId,
  newBurst,
  noteMember,
  packBurst,
  sizeOf,
  unpackBurst,
  type Burst,
  type Member,
} from '#detection/burst';
import type { ScopeDetector } from '#detection/scope-detector';

export const credentialStuffingSettings = {
  windowMs: durationSetting(
    hours(1),
    { min: minutes(5), max: hours(24) },
    'Failed log-ins of different accounts from one address or device are counted over this time.',
    'ours',
  ),
  accountsMin: {
    unit: 'count',
    default: 10,
    min: 4,
    max: 200,
    doc: 'So many different accounts whose log-ins failed there, and did not work there afterwards, are an attack; half of them, with one that got in, are too.',
    source: 'ours: above what people behind one address mistype in an hour',
  },
} as const satisfies SettingSpec;

export type CredentialStuffingSettings = SettingValues<typeof credentialStuffingSettings>;
export const credentialStuffingDefaults = defaultsOf(credentialStuffingSettings);

const FAILED = 1;
const PASSED = 2;

/**
 * Somebody tries stolen pairs of name and password: from one address or device log-ins to many different accounts fail. `likely` at so
 * many accounts, or at half of them when another account was opened there that was new to the place; `possible` at half of them.
 * Never `certain`: people share addresses. No loss, since no payment follows from it by itself.
 *
 * Key: address or device. Who failed and came in mistyped, and does not count: when too few are left, the finding is cleared.
 * State: up to 256 accounts of two windows, about 40 bytes each. Events may come in any order; one that comes later than the
 * lateness counts from then on. Weak where many thousands share an address (carriers), and against attacks that use an address a
 * few times only. Source: facts, "Account takeover" (many failed log-ins, then one that works).
 */
export const credentialStuffing = ({ windowMs, accountsMin }: CredentialStuffingSettings): ScopeDetector<Burst> => ({
  name: 'credential-stuffing',
  scope: 'network',
  listens: ['login'],
  newState: newBurst,
  apply(burst, { type, at, accountId, eventId, data }, view) {
    if (type !== 'login') return;
    noteMember(burst, memberId(accountId), at, eventId, data[0] === 'failed' ? FAILED : PASSED, windowMs);
    const half = Math.ceil(accountsMin / 2);
    const crossing = crossingOf(burst, half, windowMs, view.now, hasFailed);
    if (crossing === null || at > crossing.at + windowMs) return;
    const members = membersOf(burst, windowMs);
    const failed = members.filter(hasFailed);
    // In without a failure: the pair of name and password was right.
    const guessed = members
      .filter(({ mark }) => mark === PASSED)
      .sort(byTime)
      .slice(0, 8);
    const isOpen = failed.length >= half;
    const accounts = sizeOf(failed.length, half);
    const isLikely = accounts >= accountsMin || guessed.length > 0;
    const eventIds = [...crossing.eventIds, ...guessed.map((member) => member.eventId)];
    const said = `${isOpen} ${isLikely} ${accounts} ${eventIds.join()}`;
    if (said === burst.said || (!isOpen && burst.said === '')) return;
    burst.said = said;
    view.say({
      kind: 'credential-stuffing',
      confidence: isLikely ? 'likely' : 'possible',
      money: 'log-ins',
      at: crossing.at,
      clearedAt: isOpen ? NEVER : at,
      merchantId: '',
      orderId: '',
      paymentIds: [],
      loss: null,
      because: {
        rule: guessed.length > 0 ? 'many-accounts-fail-and-some-open' : 'many-accounts-fail',
        fields: ['accountId', 'context'],
        figures: { accountsMin: accounts, opened: guessed.length, windowMs },
      },
      eventIds,
    });
  },
  encode: packBurst,
  decode: unpackBurst,
  isIdle: (burst, now) => isBurstIdle(burst, now, windowMs),
});

const hasFailed = ({ mark }: Member): boolean => mark === FAILED;

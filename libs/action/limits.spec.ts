import fc from 'fast-check';
import { leftUsual } from '#action/breaker';
import { CaseBook } from '#action/case-book';
import { defaultPolicy } from '#action/default-policy';
import { listingOf } from '#action/listing';
import { decisionFor, type Policy } from '#action/policy';
import { storedPolicy } from '#action/policy-document';
import { policyDocument, readPolicy } from '#action/policy-document';
import { buyerStanding, historyOf } from '#action/standing';
import { alsoCounting, countOf, exceededBy, nothingSpent, type Outgoing, type VelocityLimit } from '#action/velocity';
import type { Case } from '#case/case';
import { days, hours, minutes } from '#kernel/time';
import { factsOf, findingOf } from '#test/money/examples';

const now = Date.parse('2026-06-10T12:00:00Z');
const out = (minor: number, patch: Partial<Outgoing> = {}): Outgoing => ({
  amount: { minor, currency: 'EUR' },
  merchantId: 'shop-1',
  operators: ['ann'],
  ...patch,
});

describe('velocity', () => {
  it.each<[string, VelocityLimit, Partial<Outgoing>, boolean]>([
    ['the third within two of a merchant', { per: 'merchant', minutes: 60, countMax: 2 }, {}, true],
    ['one of another merchant', { per: 'merchant', minutes: 60, countMax: 2 }, { merchantId: 'shop-2' }, false],
    ['one of no merchant', { per: 'merchant', minutes: 60, countMax: 2 }, { merchantId: undefined }, false],
    ['the third by a person', { per: 'operator', minutes: 60, countMax: 2 }, { operators: ['bob', 'ann'] }, true],
    ['what policy does alone', { per: 'operator', minutes: 60, countMax: 0 }, { operators: [] }, false],
    ['more than the amount', { per: 'currency', minutes: 60, amountMax: { EUR: 299 } }, {}, true],
    ['just the amount', { per: 'currency', minutes: 60, amountMax: { EUR: 300 } }, {}, false],
    ['a currency without a limit', { per: 'currency', minutes: 60, amountMax: { USD: 1 } }, {}, false],
    ['what went out before the time began', { per: 'merchant', minutes: 1, countMax: 2 }, {}, false],
  ])('counts %s', (_what, limit, patch, exceeds) => {
    const before = [out(100), out(100)].map((one, at) => ({ ...one, at: now - minutes(at === 0 ? 0.5 : 5) }));
    expect(exceededBy([limit], out(100, patch), countOf(before, now)) !== undefined).toBe(exceeds);
  });

  it('however payments come, what goes out under a limit never exceeds it', () => {
    const payment = fc.record({ minor: fc.integer({ min: 1, max: 500 }), merchant: fc.constantFrom('a', 'b') });
    const limits: readonly VelocityLimit[] = [
      { per: 'merchant', minutes: 60, countMax: 5, amountMax: { EUR: 1_000 } },
      { per: 'currency', minutes: 60, amountMax: { EUR: 1_500 } },
    ];
    fc.assert(
      fc.property(fc.array(payment, { maxLength: 40 }), (payments) => {
        const sent: Outgoing[] = [];
        for (const { minor, merchant } of payments) {
          const next = out(minor, { merchantId: merchant });
          if (
            exceededBy(
              limits,
              next,
              alsoCounting(() => nothingSpent, sent),
            ) === undefined
          )
            sent.push(next);
        }
        const sum = (merchant?: string) =>
          sent
            .filter(({ merchantId }) => merchant === undefined || merchantId === merchant)
            .reduce((total, { amount }) => total + amount.minor, 0);
        expect(sum()).toBeLessThanOrEqual(1_500);
        for (const merchant of ['a', 'b']) {
          expect(sum(merchant)).toBeLessThanOrEqual(1_000);
          expect(sent.filter(({ merchantId }) => merchantId === merchant).length).toBeLessThanOrEqual(5);
        }
      }),
    );
  });
});

describe('lists', () => {
  it('name accounts, instruments and merchants until their end', () => {
    const listings = [
      { accountId: 'buyer-1', until: now, reason: 'over' },
      { instrument: 'card-1', until: now + 1, reason: 'stolen' },
    ];
    expect(listingOf(listings, { accountId: 'buyer-1', instruments: [] }, now)).toBeUndefined();
    expect(listingOf(listings, { accountId: 'buyer-1', instruments: [] }, now - 1)).toBe(listings[0]);
    expect(listingOf(listings, { accountId: 'x', instruments: ['card-1'] }, now)).toBe(listings[1]);
    expect(listingOf(listings, { accountId: null, merchantId: 'card-1', instruments: [] }, now)).toBeUndefined();
  });
});

describe('standing', () => {
  const held = (patch: Partial<Case>) => ({ openedAt: now, outcome: null, payments: [], ...patch }) as unknown as Case;
  const policy: Policy = storedPolicy({
    version: 'v',
    rules: [
      {
        ...{ kinds: ['duplicate-charge'], confidence: ['certain'], decision: 'act', action: 'refund' },
        ...{ buyer: { knownDaysMin: 30, refusedMax: 0 }, merchant: { openFindingsMax: 10 } },
      },
      { kinds: ['duplicate-charge'], confidence: ['certain'], decision: 'ask', action: 'refund' },
    ],
  });
  const good = { buyer: { knownDays: 30, cases: 5, confirmed: 5, refused: 0 }, merchant: { openFindings: 10 } };
  const decide = (standing?: object, more = {}) =>
    decisionFor(policy, findingOf(), { ...(standing === undefined ? {} : { standing }), ...more }).decision;

  it('decides which rule fits; one that is not known meets none, and the allow list asks for none', () => {
    expect(decide(good)).toBe('act');
    expect(decide({ ...good, buyer: { ...good.buyer, knownDays: 29 } })).toBe('ask');
    expect(decide({ ...good, buyer: { ...good.buyer, refused: 1 } })).toBe('ask');
    expect(decide({ ...good, merchant: { openFindings: 11 } })).toBe('ask');
    expect(decide({ buyer: good.buyer })).toBe('ask');
    expect(decide()).toBe('ask');
    expect(decide(undefined, { isAllowed: true })).toBe('act');
  });

  it('is what the other cases of a buyer say, and how long the buyer is known', () => {
    const others = [
      held({ outcome: 'rejected', openedAt: now - days(40) }),
      held({ outcome: 'healed' }),
      held({ outcome: 'made_whole' }),
      held({}),
    ];
    expect(buyerStanding(held({}), historyOf(others), now)).toEqual({ knownDays: 40, cases: 4, confirmed: 2, refused: 1 });
    const payments = [factsOf('pay-1', { capturedAt: now - days(3) - 1 })];
    expect(buyerStanding(held({ payments }), historyOf([]), now)).toMatchObject({ knownDays: 3, cases: 0 });
  });

  it('makes everything ask while the breaker is open, but for those on the allow list', () => {
    expect(decide(good, { breakerOpen: true })).toBe('ask');
    expect(decide(good, { breakerOpen: true, isAllowed: true })).toBe('act');
    const takeover = findingOf({ kind: 'account-takeover' });
    expect(decisionFor(defaultPolicy, takeover, { breakerOpen: true }).decision).toBe('ask');
  });
});

describe('the breaker', () => {
  const settings = { times: 3, countMin: 5, historyHours: 24, openMinutes: 60 };
  const hour = (ago: number, count: number, minor: number) => ({ hourAt: now - hours(ago), currency: 'EUR', count, minor });
  const last = (count: number, minor: number) => [{ currency: 'EUR', count, minor }];
  const past = [hour(5, 10, 1_000), hour(30, 4, 8_000)];

  it('opens above thrice the busiest hour, in number or in amount, once there is history and enough to count', () => {
    const left = (count: number, minor: number, since: number | null = now - hours(24)) =>
      leftUsual(settings, past, since, last(count, minor), now) !== undefined;
    expect([left(30, 24_000), left(31, 0), left(5, 24_001), left(4, 90_000)]).toEqual([false, true, true, false]);
    expect([left(31, 0, now - hours(24) + 1), left(31, 0, null)]).toEqual([false, false]);
    expect(leftUsual({ ...settings, times: 0 }, past, 0, last(900, 900), now)).toBeUndefined();
    expect(leftUsual(settings, past, 0, [{ currency: 'JPY', count: 5, minor: 1 }], now)).toMatchObject({ usualCount: 0 });
  });

  it('in a replay opens amid a flood, asks from then on, and closes by its end', () => {
    const policy: Policy = { ...defaultPolicy, breaker: { ...settings, countMin: 4 } };
    const book = new CaseBook({ policy });
    let count = 0;
    const lose = (at: number): string => {
      count += 1;
      const [accountId, paymentIds] = [`b-${count}`, [`p-${count}`, `q-${count}`]];
      const finding = findingOf({ findingId: `f-${count}`, accountId, orderId: `o-${count}`, paymentIds });
      const payments = paymentIds.map((paymentId) => factsOf(paymentId, { accountId }));
      book.feed({ type: 'finding', finding, payments }, at);
      return book.cases().find((one) => one.accountId === accountId)!.actions[0]!.state;
    };
    const start = now - days(2);
    expect([lose(start), lose(start + hours(30))]).toEqual(['approved', 'approved']);
    const flood = Array.from({ length: 6 }, (_, n) => lose(now + n));
    expect(flood).toEqual(['approved', 'approved', 'approved', 'awaiting_approval', 'awaiting_approval', 'awaiting_approval']);
    expect(lose(now + minutes(59))).toBe('awaiting_approval');
    expect(lose(now + minutes(61))).toBe('approved');
  });
});

describe('limits as a document', () => {
  it('are read, written whole and read again; faults have their places', () => {
    const document = {
      version: 'v9',
      velocity: [{ per: 'merchant', minutes: 60, countMax: 20, amountMax: { EUR: 500_000 } }],
      deny: [{ instrument: 'card-1', until: '2026-12-31T00:00:00Z', reason: 'stolen' }],
      allow: [{ merchantId: 'shop-1', until: '2026-12-31T00:00:00Z', reason: 'agreed' }],
      breaker: { times: 4 },
      killSwitch: ['refund', 'not-delivered'],
    };
    const policy = storedPolicy(document);
    expect(policy.breaker).toEqual({ ...defaultPolicy.breaker, times: 4 });
    expect(storedPolicy(JSON.parse(JSON.stringify(policyDocument(policy))))).toEqual(policy);
    const wrong = readPolicy({
      version: 'v9',
      velocity: [{ per: 'planet' }],
      deny: [{ accountId: 'a', merchantId: 'b', until: 'soon' }],
      breaker: { times: -1, colour: 'red' },
      rules: [{ kinds: [], confidence: [], decision: 'watch', buyer: {}, merchant: { size: 3 } }],
    });
    expect(wrong.ok ? [] : wrong.error.map(({ pointer }) => pointer).sort()).toEqual([
      '/breaker/colour',
      '/breaker/times',
      '/deny/0',
      '/deny/0/reason',
      '/deny/0/until',
      '/rules/0/buyer',
      '/rules/0/merchant/size',
      '/velocity/0',
      '/velocity/0/minutes',
      '/velocity/0/per',
    ]);
  });
});

import { balanceDiffers } from '#detection/balance-differs';
import { NEVER } from '#kernel/time';
import { SIDE_MAX } from '#ledger/side-facts';
import { asked } from '#test/scenarios/asked';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { eur, told, type ToldEvent } from '#test/scenarios/told-events';

const time = (day: number) => new Date(Date.UTC(2026, 0, day, 9)).toISOString();
const at = (day: number) => Date.parse(time(day));
const shown = (day: number, minor: number) => told('wallet.balance_reported', time(day), { balance: eur(minor) });
const moved = (how: 'credited' | 'debited', day: number, minor: number) =>
  told(`wallet.${how}`, time(day), { entryId: `${how}-${day}-${minor}`, amount: eur(minor) });

function claimsOf(...events: readonly ToldEvent[]) {
  const ledger = ledgerAfter(...events);
  const { due, claims } = asked(balanceDiffers, ledger, ledger.side?.wallets[0]);
  expect(due).toBe(NEVER);
  return claims;
}

describe('a balance that is shown', () => {
  it('and lacks what was credited is claimed in full, at its report', () => {
    const [opening, low] = [shown(1, 4000), shown(3, 4100)];
    expect(claimsOf(opening, moved('credited', 2, 2500), moved('debited', 2, 300), low)).toEqual([
      {
        kind: 'balance-differs',
        confidence: 'certain',
        money: 'wallet/EUR',
        at: at(3),
        clearedAt: NEVER,
        merchantId: '',
        orderId: '',
        paymentIds: [],
        loss: eur(2100),
        because: {
          rule: 'balance-shown-differs-from-entries',
          fields: ['balance'],
          figures: { expectedMinor: 6200, shownMinor: 4100, currency: 'EUR' },
        },
        eventIds: [opening.id, low.id],
      },
    ]);
  });

  it('and is too high is no loss', () => {
    expect(claimsOf(shown(1, 4000), shown(3, 4001))).toMatchObject([{ loss: null }]);
  });

  it('is right by the entries up to its own instant, those of the opening’s instant being in that', () => {
    expect(claimsOf(shown(1, 4000), moved('credited', 1, 70), moved('credited', 3, 500), shown(3, 4500))).toEqual([]);
    expect(claimsOf(shown(1, 4000), moved('credited', 4, 500), shown(3, 4000))).toEqual([]);
  });

  it('is claimed as it was last while it was wrong, and made good by a report that agrees', () => {
    const wrong = [shown(1, 4000), shown(2, 3900), shown(3, 3700)];
    expect(claimsOf(...wrong)).toMatchObject([{ at: at(2), clearedAt: NEVER, loss: eur(300) }]);
    expect(claimsOf(...wrong, shown(4, 4000))).toMatchObject([{ at: at(2), clearedAt: at(4), loss: eur(300) }]);
  });

  it('alone differs from nothing', () => {
    expect(claimsOf(shown(1, 4000), moved('credited', 2, 100))).toEqual([]);
    expect(claimsOf(moved('credited', 2, 100))).toEqual([]);
  });
});

describe('a wallet of which entries were forgotten', () => {
  const many = Array.from({ length: SIDE_MAX + 6 }, (_, n) => moved('credited', 10 + n, 100));
  const all = 100 * many.length;
  const last = 11 + many.length;

  it('is wrong by no report from before them, told at its time or late', () => {
    expect(claimsOf(shown(1, 1000), ...many, shown(last, 1000 + all))).toEqual([]);
    const latest = many.slice(0, SIDE_MAX);
    expect(claimsOf(shown(5, 1000), ...latest, shown(2, 900), shown(last, 1000 + 100 * SIDE_MAX))).toEqual([]);
  });

  it('is compared with all that was ever credited, also of one instant', () => {
    expect(claimsOf(shown(1, 1000), ...many, shown(last, 990 + all))).toMatchObject([{ at: at(last), loss: eur(10) }]);
    const twins = [moved('credited', 9, 30), moved('credited', 9, 40)];
    expect(claimsOf(shown(1, 1000), ...twins, ...many.slice(0, SIDE_MAX - 1), shown(last, 1070 + 100 * (SIDE_MAX - 1)))).toEqual(
      [],
    );
  });
});

import { duplicateChargeDefaults, type DuplicateChargeSettings } from '#detection/duplicate-charge-settings';
import { isHabit } from '#detection/repeat-habit';
import { findById } from '#ledger/ledger';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { captured, eur, refund, type ToldEvent } from '#test/scenarios/told-events';

const pay = (id: string, day: number, time: string, more: object = {}) =>
  captured(`2026-06-${String(day).padStart(2, '0')}T${time}`, id, eur(500), more);
/** Two charges a day, `minutes` apart, on the first `days` days of the month. */
const pairs = (days: number, minutes: string, more: object = {}) =>
  Array.from({ length: days }, (_, n) => [pay(`m${n}`, n + 1, '08:00', more), pay(`e${n}`, n + 1, minutes, more)]).flat();
const soon = [pay('one', 20, '08:00'), pay('two', 20, '08:01')];
const late = [pay('one', 20, '08:00'), pay('two', 20, '18:00')];

function habit(events: readonly ToldEvent[], settings: Partial<DuplicateChargeSettings> = {}): boolean {
  const ledger = ledgerAfter(...events);
  const [one, two] = [findById(ledger.payments, 'one'), findById(ledger.payments, 'two')];
  return isHabit(ledger, one!, two!, { ...duplicateChargeDefaults, habitRepeatsMin: 3, habitShareMin: 0.4, ...settings });
}

describe('repeats at a merchant', () => {
  it('are a habit once there were enough of them, and before that none', () => {
    expect(habit([...pairs(2, '08:04'), ...soon])).toBe(false);
    expect(habit([...pairs(3, '08:04'), ...soon])).toBe(true);
    expect(habit([...soon, ...pairs(3, '08:04').reverse()])).toBe(true);
  });

  it('need one charge more than repeats', () => {
    const row = ['08:00', '08:01', '08:02', '08:03'].map((time, n) => pay(`r${n}`, 1, time));
    expect(habit([...row, ...soon])).toBe(true);
    expect(habit([...row.slice(1), ...soon])).toBe(false);
    expect(habit([...row.slice(1), ...soon], { habitRepeatsMin: 2 })).toBe(true);
  });

  it('are the share of all charges there that settings ask for', () => {
    const alone = (count: number) => Array.from({ length: count }, (_, n) => pay(`s${n}`, n + 5, '12:00'));
    expect(habit([...pairs(3, '08:04'), ...alone(1), ...soon])).toBe(true);
    expect(habit([...pairs(3, '08:04'), ...alone(2), ...soon])).toBe(false);
    expect(habit([...pairs(3, '08:04'), ...alone(2), ...soon], { habitShareMin: 0.375 })).toBe(true);
  });

  it('within hours excuse no repeat within minutes, those within minutes both', () => {
    expect(habit([...pairs(4, '18:00'), ...soon])).toBe(false);
    expect(habit([...pairs(4, '18:00'), ...late])).toBe(true);
    expect(habit([...pairs(4, '08:04'), ...late])).toBe(true);
  });

  it('within minutes are those less than five apart', () => {
    expect(habit([...pairs(4, '08:05'), ...soon])).toBe(false);
    expect(habit([...pairs(4, '08:05'), pay('one', 20, '08:00'), pay('two', 20, '08:05')])).toBe(false);
    expect(habit([...pairs(4, '08:04'), pay('one', 20, '08:00'), pay('two', 20, '08:05')])).toBe(true);
  });

  it.each([
    ['at another merchant', pairs(4, '08:04', { merchantId: 'baker' })],
    ['that were only authorised', pairs(4, '08:04').map((event) => ({ ...event, type: 'payment.authorised' }))],
    ['of another sum', pairs(4, '08:04').map((event, n) => ({ ...event, data: { ...event.data, amount: eur(500 + n) } }))],
    [
      'in another currency',
      pairs(4, '08:04').map((event, n) => ({
        ...event,
        data: { ...event.data, amount: { minor: 500, currency: n % 2 === 0 ? 'EUR' : 'USD' } },
      })),
    ],
    [
      'that were given back',
      [0, 1, 2, 3].reduce<readonly ToldEvent[]>(
        (events, n) => [...events, refund('succeeded', '2026-06-10T10:00', eur(500), { refundId: `b${n}`, paymentId: `e${n}` })],
        pairs(4, '08:04'),
      ),
    ],
  ])('%s make none', (_what, events) => {
    expect(habit([...events, ...soon])).toBe(false);
  });

  it('after the two make none', () => {
    expect(habit([...pairs(4, '08:04'), pay('one', 1, '07:00'), pay('two', 1, '07:01')])).toBe(false);
  });

  it.each('4111 4112 4121 4131 4784 4789 7523 5815 5816 5817 5818 7993 7994 7996 7800 7801 7802 7995 5499'.split(' '))(
    'are what the trade %s lives on',
    (mcc) => {
      expect(habit([pay('one', 20, '08:00', { mcc }), pay('two', 20, '08:01', { mcc })])).toBe(true);
      expect(habit([pay('one', 20, '08:00', { mcc }), pay('two', 20, '08:01')])).toBe(false);
    },
  );
});

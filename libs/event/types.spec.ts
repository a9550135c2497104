import type { AnyEvent, EventOf } from '#event/event';
import { dataSchemas, eventTypes, type EventData, type Instrument } from '#event/types';

type Same<Left, Right> = [Left] extends [Right] ? ([Right] extends [Left] ? true : false) : false;

describe('the types of the contract', () => {
  it('are the 48 of the interface', () => {
    const written = `
      order: placed confirmed cancelled
      payment: created authorised captured failed voided expired settled
      refund: requested approved rejected submitted succeeded failed posted
      chargeback: opened closed
      delivery: shipped delivered returned
      payout: held released paid
      funds: frozen unfrozen
      wallet: credited debited balance_reported
      fee: charged
      account: created logged_in login_failed step_up_passed password_changed second_factor_changed contact_changed
      account: address_changed payout_changed instrument_added travel_announced limit_set phishing_reported
      statement: line
      complaint: filed
      merchant: vetted reported`;
    const listed = written
      .trim()
      .split('\n')
      .flatMap((row) => {
        const [subject, ...facts] = row.trim().split(/:? /);
        return facts.map((fact) => `${subject}.${fact}`);
      });
    expect([...eventTypes].sort()).toEqual(listed.sort());
    expect(listed).toHaveLength(48);
  });

  it('carry an account, but for statement lines, payouts and merchants', () => {
    const without = eventTypes.filter((type) => !(dataSchemas[type].required as readonly string[]).includes('accountId'));
    expect(without).toEqual([
      'payout.held',
      'payout.released',
      'payout.paid',
      'statement.line',
      'merchant.vetted',
      'merchant.reported',
    ]);
  });

  it('have exact words in their static types, so that a misspelt one does not compile', () => {
    const exact: {
      kind: Same<Instrument['kind'], 'card' | 'wallet' | 'bank_account' | 'upi' | 'balance' | 'voucher' | 'other'>;
      about: Same<
        NonNullable<EventData<'complaint.filed'>['about']>,
        'payment' | 'refund' | 'delivery' | 'fee' | 'account' | 'merchant' | 'other'
      >;
      per: Same<EventData<'account.limit_set'>['per'], 'payment' | 'day' | 'month'>;
      narrowed: Same<Extract<AnyEvent, { type: 'payment.captured' }>, EventOf<'payment.captured'>>;
    } = { kind: true, about: true, per: true, narrowed: true };
    expect(Object.values(exact)).toEqual([true, true, true, true]);
  });
});

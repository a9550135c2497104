import { minutes, NEVER } from '#kernel/time';
import type { Claim } from '#detection/claim';
import { tellDifferences, type Speaker, type Told } from '#detection/told';
import { created, confirmed, ended, eur, forOrder, placed, refund, captured, told } from '#test/scenarios/told-events';
import { saysOf } from '#test/scenarios/says';

describe('what is told of a claim', () => {
  const complained = told('complaint.filed', '2026-06-01T08:00', { complaintId: 'c1', orderId: 'order-1' });
  const started = created('2026-06-15T08:00', 'pay-1', eur(0), forOrder);
  const stands = confirmed('2026-06-01T08:00');

  it('a complaint told again after its order was confirmed says nothing else', () => {
    const once = saysOf('buyer-complaint', [complained, started, stands]);
    expect(once).toMatchObject([{ merchantId: 'shop', paymentIds: ['pay-1'] }]);
    expect(saysOf('buyer-complaint', [complained, started, stands, complained, started, stands])).toEqual(once);
  });

  it('what was made good before it could become true is not told at all', () => {
    const won = told('chargeback.closed', '2026-06-02T08:00', { chargebackId: 'cb-1', paymentId: 'pay-1', outcome: 'buyer' });
    const paid = captured('2026-06-01T08:00', 'pay-1', eur(1000));
    const other = { instrument: { kind: 'card', fingerprint: 'card-2' } };
    expect(saysOf('refund-wrong-instrument', [paid, won, refund('succeeded', '2026-06-03T08:00', eur(1000), other)])).toEqual([]);
  });

  it('a complaint after the chargeback was decided is open all the same', () => {
    const won = told('chargeback.closed', '2026-05-30T08:00', { chargebackId: 'cb-1', paymentId: 'pay-1', outcome: 'buyer' });
    const story = [placed('2026-05-20T08:00', eur(1000)), captured('2026-05-20T08:01', 'pay-1', eur(1000), forOrder), won];
    expect(saysOf('buyer-complaint', [...story, complained])).toMatchObject([{ status: 'open' }]);
  });

  it('a chargeback decided for the buyer later clears the complaint, though another try to pay failed', () => {
    const won = told('chargeback.closed', '2026-06-20T08:00', { chargebackId: 'cb-1', paymentId: 'pay-1', outcome: 'buyer' });
    const story = [
      placed('2026-05-20T08:00', eur(1000)),
      created('2026-05-20T08:00', 'pay-0', eur(1000), forOrder),
      ended('failed', '2026-05-20T08:01', 'pay-0'),
      captured('2026-05-20T08:02', 'pay-1', eur(1000), forOrder),
    ];
    expect(saysOf('buyer-complaint', [...story, complained, won])).toMatchObject([{ status: 'cleared' }]);
  });
});

describe('the difference between what is claimed and what was told', () => {
  const START = Date.UTC(2026, 4, 4, 8);
  const claim = (more: Partial<Claim> = {}): Claim => ({
    ...{ kind: 'stuck-hold', confidence: 'certain', money: 'payment/pay-1', at: START, clearedAt: NEVER },
    ...{ merchantId: '', orderId: '', paymentIds: ['pay-1'], loss: null, eventIds: [] },
    because: { rule: 'held-too-long', fields: [], figures: {} },
    ...more,
  });
  const speaker: Speaker = { detector: 'stuck-hold', subject: 'pay-1', accountId: 'ann', knowsSince: -NEVER };
  const after = (minute: number) => START + minutes(minute);

  /** Lines as they were said: status, the finding's time and the line's, each in minutes, and its number. */
  function said(memory: Told[], claims: readonly Claim[], of: Partial<Speaker> = {}) {
    const lines: unknown[] = [];
    tellDifferences(memory, { ...speaker, ...of }, claims, ({ finding, at, revision }) => {
      lines.push([finding.status, (Date.parse(finding.at) - START) / minutes(1), (at - START) / minutes(1), revision]);
    });
    return lines;
  }

  it('is a claim that is new, open or cleared since', () => {
    const memory: Told[] = [];
    expect(said(memory, [claim()])).toEqual([['open', 0, 0, 1]]);
    expect(memory).toMatchObject([{ detector: 'stuck-hold', subject: 'pay-1', revision: 1, at: START }]);
    expect(said([], [claim({ clearedAt: after(5) })])).toEqual([
      ['open', 0, 0, 1],
      ['cleared', 0, 5, 2],
    ]);
  });

  it('is nothing of what was made good when it became true or before', () => {
    expect(said([], [claim({ clearedAt: START })])).toEqual([]);
    expect(said([], [claim({ clearedAt: START - 1 }), claim({ money: 'other' })])).toEqual([['open', 0, 0, 1]]);
    const memory: Told[] = [];
    said(memory, [claim()]);
    expect(said(memory, [claim({ clearedAt: START })])).toEqual([['cleared', 0, 0, 2]]);
  });

  it('is a claim that changed, under the time of its first line, and nothing of one that did not', () => {
    const memory: Told[] = [];
    said(memory, [claim()]);
    expect(said(memory, [claim()])).toEqual([]);
    expect(said(memory, [claim({ confidence: 'likely', at: after(3) })])).toEqual([['open', 0, 3, 2]]);
    expect(said(memory, [claim({ confidence: 'likely', clearedAt: after(9) })])).toEqual([['cleared', 0, 9, 3]]);
    expect(said(memory, [claim({ confidence: 'likely', clearedAt: after(8) })])).toEqual([]);
  });

  it('is one that no longer holds, at the time of its last line, and that once', () => {
    const memory: Told[] = [];
    said(memory, [claim({ at: after(4) })]);
    expect(said(memory, [])).toEqual([['cleared', 4, 4, 2]]);
    expect(said(memory, [])).toEqual([]);
  });

  it('is one that became true again later, open or cleared again', () => {
    const memory: Told[] = [];
    said(memory, [claim({ clearedAt: after(5) })]);
    expect(said(memory, [claim({ at: after(9) })])).toEqual([['open', 9, 9, 3]]);
    const closed: Told[] = [];
    said(closed, [claim({ clearedAt: after(5) })]);
    expect(said(closed, [claim({ at: after(5), clearedAt: after(7) })])).toEqual([]);
    expect(said(closed, [claim({ at: after(9), clearedAt: after(12) })])).toEqual([
      ['open', 9, 9, 3],
      ['cleared', 9, 12, 4],
    ]);
  });

  it('is one that was cleared for what proved wrong: open again under its first time', () => {
    const memory: Told[] = [];
    said(memory, [claim({ clearedAt: after(5) })]);
    expect(said(memory, [claim()])).toEqual([['open', 0, 0, 3]]);
  });

  it('clears only what the same detector told of the same subject', () => {
    const memory: Told[] = [];
    said(memory, [claim()]);
    expect(said(memory, [], { detector: 'twin-charge' })).toEqual([]);
    expect(said(memory, [], { subject: 'pay-2' })).toEqual([]);
    expect(said(memory, [], { knowsSince: START })).toEqual([['cleared', 0, 0, 2]]);
  });

  it('clears nothing for want of facts that were forgotten, nor of a kind that is off', () => {
    const memory: Told[] = [];
    said(memory, [claim()]);
    expect(said(memory, [], { knowsSince: START + 1 })).toEqual([]);
    expect(said(memory, [], { isSilent: (kind) => kind === 'stuck-hold' })).toEqual([]);
    expect(said(memory, [], { isSilent: (kind) => kind !== 'stuck-hold' })).toEqual([['cleared', 0, 0, 2]]);
  });

  it('is of each claim by itself', () => {
    const memory: Told[] = [];
    said(memory, [claim(), claim({ money: 'payment/pay-2', at: after(1) })]);
    expect(said(memory, [claim({ money: 'payment/pay-2', at: after(1), clearedAt: after(2) })])).toEqual([
      ['cleared', 0, 0, 2],
      ['cleared', 1, 2, 2],
    ]);
  });
});

import { accountStage } from '#detection/account-stage';
import type { Outgoing } from '#detection/emission';
import { unpackSlimEvent } from '#detection/scope-event';
import { defaultDetectionSettings } from '#detection/settings';

/** Keys and outcomes of the attempts that are told of one payment. */
function told(type: string, minor: number, currency = 'EUR', smallMax = 10): readonly string[] {
  const settings = { ...defaultDetectionSettings, 'card-testing': { ...defaultDetectionSettings['card-testing'], smallMax } };
  const stage = accountStage(settings, { slimTypes: new Set(['attempt']) });
  const event = {
    ...{ specversion: '1.0', id: 'e-1', source: '/test', type, time: '2026-05-04T08:00:00Z' },
    data: {
      ...{ accountId: 'ann', paymentId: 'p-1', merchantId: 'm-1', amount: { minor, currency } },
      instrument: { kind: 'card', fingerprint: 'card-1' },
      context: { ip: '203.0.113.7', deviceId: 'phone-1' },
    },
  };
  const decoded = stage.decode({ value: Buffer.from(JSON.stringify(event)), headers: undefined });
  if (decoded.kind !== 'event') throw new Error(JSON.stringify(decoded));
  const out: Outgoing[] = [];
  const { event: read, at } = decoded;
  stage.apply(stage.newState('ann'), read, stage.newShared(), at, { value: null, headers: undefined }, out);
  return out.flatMap((one) => {
    if (one.kind !== 'slim') return [];
    const { key, data } = unpackSlimEvent(one.cells, 0);
    return [`${key} ${String(data[0])}`];
  });
}

describe('what networks hear of payments', () => {
  it('is a first payment with an instrument where it is small: a large one is no trial of a card', () => {
    expect(told('payment.captured', 1_000)).toEqual(['203.0.113.7 passed', 'phone-1 passed']);
    expect(told('payment.captured', 1_001)).toEqual([]);
    expect(told('payment.authorised', 1_000, 'JPY')).toHaveLength(2);
  });

  it('follows the bound that is set', () => {
    expect(told('payment.captured', 1_001, 'EUR', 11)).toHaveLength(2);
  });

  it('is every one that failed, whatever its sum, told to the merchant too', () => {
    expect(told('payment.failed', 90_000)).toEqual(['m-1 failed', '203.0.113.7 failed', 'phone-1 failed']);
  });
});

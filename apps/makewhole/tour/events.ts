import type { EventType } from '#event/types';
import type { Money } from '#kernel/money';
import { formatInstant, type InstantMs, minutes } from '#kernel/time';
import { PLATFORM_SOURCE, type CloudEvent } from '#simulator/teller';

/** What the platform tells of one buyer. */
export class BuyerEvents {
  private count = 0;

  constructor(readonly accountId: string) {}

  tell(type: EventType, at: InstantMs, data: Readonly<Record<string, unknown>>): CloudEvent {
    this.count += 1;
    const { accountId } = this;
    const id = `${accountId}-${this.count}`;
    const event = { specversion: '1.0', id, source: PLATFORM_SOURCE, type, time: formatInstant(at) } as const;
    return { ...event, data: { accountId, ...data } };
  }

  /** An order that was paid twice within a minute: both charges went through. */
  chargedTwice(orderId: string, amount: Money, at: InstantMs): readonly CloudEvent[] {
    const merchantId = 'shop-1';
    const instrument = { kind: 'card', fingerprint: `card-of-${this.accountId}`, last4: '4242', country: 'DE' };
    const charge = (number: number) => ({
      ...{ orderId, merchantId, paymentId: `${orderId}-pay-${number}`, amount, instrument, provider: 'paywave' },
      idempotencyKey: `${orderId}-key-${number}`,
    });
    return [
      this.tell('order.placed', at, { orderId, merchantId, total: amount }),
      this.tell('payment.captured', at + minutes(1), charge(1)),
      this.tell('payment.captured', at + minutes(2), charge(2)),
      this.tell('order.confirmed', at + minutes(3), { orderId }),
    ];
  }

  /** Two charges of the same sum at one shop, without an order that would tell them apart: perhaps both were meant. */
  twins(amount: Money, at: InstantMs): readonly CloudEvent[] {
    const charge = (number: number) => ({
      ...{ merchantId: 'shop-2', paymentId: `${this.accountId}-twin-${number}`, amount, provider: 'paywave' },
      instrument: { kind: 'card', fingerprint: `card-of-${this.accountId}`, last4: '1881', country: 'DE' },
    });
    return [this.tell('payment.captured', at, charge(1)), this.tell('payment.captured', at + minutes(4), charge(2))];
  }
}

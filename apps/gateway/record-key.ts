import type { AnyEvent } from '#event/event';

/**
 * The key of an event's record: the account, so that all that happens to a buyer lies in one partition, in order. An event about no
 * buyer goes by what it is about, which keeps redeliveries of it together.
 */
export function recordKey(event: AnyEvent): string {
  if (event.accountId !== '') return event.accountId;
  switch (event.type) {
    case 'statement.line':
      return `statement:${event.data.lineId}`;
    case 'merchant.vetted':
    case 'merchant.reported':
    case 'payout.held':
    case 'payout.released':
    case 'payout.paid':
      return `merchant:${event.data.merchantId}`;
    default:
      return `event:${event.id}`;
  }
}

import type { NewRecord } from '#stream/log';

/** A well-formed capture of a buyer of its own, to be spoilt. */
const capture = (id: string, time: string, minor: unknown = 1_250) => ({
  specversion: '1.0',
  id,
  source: '/poison',
  type: 'payment.captured',
  time,
  data: {
    accountId: 'poisoned-buyer',
    paymentId: `pay-${id}`,
    merchantId: 'shop',
    amount: { minor, currency: 'EUR' },
    instrument: { kind: 'card', fingerprint: 'card-poison' },
  },
});

/**
 * Records that no producer should write, one of every kind that the log may hold, with a good one among them. `round` makes their
 * ids new; the same round again is a redelivery.
 */
export function poisonRecords(round: number, now: number): readonly NewRecord[] {
  const time = new Date(now).toISOString();
  const id = (name: string): string => `${name}-${round}`;
  const future = new Date(now + 3_600_000).toISOString();
  const good = capture(id('good'), time);
  const events: readonly unknown[] = [
    good,
    good,
    { ...good, data: { ...good.data, amount: { minor: 9_900, currency: 'EUR' } } },
    { ...capture(id('type'), time), type: 'basket.abandoned' },
    capture(id('future'), future),
    capture(id('fraction'), time, 12.5),
    capture(id('text'), time, '1250'),
    capture(id('unsafe'), time, 2 ** 60),
    { ...capture(id('currency'), time), data: { ...good.data, amount: { minor: 1, currency: 'EURO' } } },
    { ...capture(id('time'), 'yesterday') },
    { ...good, id: undefined },
    { ...good, specversion: '0.3', id: id('old') },
    [],
    'text',
    null,
    12,
  ];
  const raw: readonly (string | Buffer | null)[] = [
    ...events.map((event) => JSON.stringify(event)),
    '',
    '{"specversion":"1.0","id":"cut',
    Buffer.from([0xff, 0xfe, 0x00, 0x80]),
    '\u0000',
    `{"specversion":"1.0","id":"${id('deep')}","source":"/poison","type":"payment.captured","time":"${time}","data":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
    JSON.stringify({ ...capture(id('large'), time), filler: 'x'.repeat(700_000) }),
    null,
  ];
  return raw.map((value) => ({ key: 'poisoned-buyer', value }));
}

import fc from 'fast-check';
import { formatInstant, parseInstant } from '#kernel/time';
import { runs } from '#test/laws/runs';

describe('an RFC 3339 time', () => {
  it.each([
    ['1985-04-12T23:20:50.52Z', '1985-04-12T23:20:50.520Z'],
    ['1996-12-19T16:39:57-08:00', '1996-12-20T00:39:57.000Z'],
    ['1937-01-01T12:00:27.87+00:20', '1937-01-01T11:40:27.870Z'],
    ['2024-02-29T00:00:00+14:00', '2024-02-28T10:00:00.000Z'],
    ['2026-06-11t14:00:00z', '2026-06-11T14:00:00.000Z'],
    ['2026-06-11T14:00:00.123999999Z', '2026-06-11T14:00:00.123Z'],
    ['2026-06-11T14:00:00-00:00', '2026-06-11T14:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(formatInstant(parseInstant(text) ?? NaN)).toBe(instant);
  });

  it.each([
    ['1990-12-31T23:59:60Z', '1991-01-01T00:00:00.000Z'],
    ['1990-12-31T15:59:60-08:00', '1991-01-01T00:00:00.000Z'],
    ['2016-12-31T23:59:60.9Z', '2017-01-01T00:00:00.000Z'],
  ])('a leap second is the midnight after it: %s', (text, instant) => {
    expect(formatInstant(parseInstant(text) ?? NaN)).toBe(instant);
  });

  it.each([
    '',
    'yesterday',
    '2026-06-11',
    '2026-06-11T14:00Z',
    '2026-06-11T14:00:00',
    '2026-06-11 14:00:00Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-13-10T00:00:00Z',
    '2026-06-00T00:00:00Z',
    '2026-06-31T00:00:00Z',
    '2026-06-11T24:00:00Z',
    '2026-06-11T23:60:00Z',
    '2026-06-11T23:59:60Z',
    '2026-06-30T22:59:60Z',
    '2026-06-11T14:00:00.Z',
    '2026-06-11T14:00:00,5Z',
    '2026-06-11T14:00:00+2:00',
    '2026-06-11T14:00:00+0200',
    '2026-06-11T14:00:00+24:00',
    '2026-06-11T14:00:00+02:60',
    '2026-06-11T14:00:00Z ',
    ' 2026-06-11T14:00:00Z',
    '+002026-06-11T14:00:00Z',
    '2026-06-11T14:00:00ZZ',
    '２026-06-11T14:00:00Z',
    `2026-06-11T14:00:00.${'1'.repeat(60)}Z`,
  ])('%s is none', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('is read as the platform reads it, for every instant and offset', () => {
    const range = { min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(range), fc.integer({ min: -1_439, max: 1_439 }), (date, offset) => {
        const local = new Date(+date + offset * 60_000).toISOString().slice(0, -1);
        const [hour, minute] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
          String(part).padStart(2, '0'),
        );
        expect(parseInstant(`${local}${offset < 0 ? '-' : '+'}${hour}:${minute}`)).toBe(+date);
      }),
      runs(3_000),
    );
  });

  it('any other text gives nothing and never throws', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9TZ:.+-]{15,40}$/), (text) => {
        const instant = parseInstant(text);
        if (instant !== undefined && !text.includes(':60')) expect(instant).toBe(Date.parse(text));
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalTimestamp, isEventTime, isTimeName, parseTimestamp } from './timestamp.ts';
import { BrokenText, type Value } from './value.ts';

describe('R8: a moment has one spelling', () => {
  it.each<[Value, string]>([
    ['2025-09-16T10:00:00Z', '2025-09-16T10:00:00.000Z'],
    ['2025-09-16 10:00:00', '2025-09-16T10:00:00.000Z'],
    ['2025-09-16t10:00:00z', '2025-09-16T10:00:00.000Z'],
    ['2025-09-16 10:00', '2025-09-16T10:00:00.000Z'],
    ['2025-09-16', '2025-09-16T00:00:00.000Z'],
    ['2025-09-16T12:00:00+02:00', '2025-09-16T10:00:00.000Z'],
    ['2025-09-16T12:00:00+0200', '2025-09-16T10:00:00.000Z'],
    ['2025-09-16 12:00:00 +02', '2025-09-16T10:00:00.000Z'],
    ['2025-09-16 04:30:00-05:30', '2025-09-16T10:00:00.000Z'],
    ['2025-09-16 10:00:00 UTC', '2025-09-16T10:00:00.000Z'],
    ['2025-09-16T10:00:00.1Z', '2025-09-16T10:00:00.100Z'],
    ['2025-09-16T10:00:00,123456', '2025-09-16T10:00:00.123456Z'],
    ['2025-09-16T10:00:00.123000', '2025-09-16T10:00:00.123Z'],
    ['  2025-09-16T10:00:00 ', '2025-09-16T10:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29', '2000-02-29T00:00:00.000Z'],
    ['0050-01-02', '0050-01-02T00:00:00.000Z'],
    [1_758_016_800n, '2025-09-16T10:00:00.000Z'],
    [1_758_016_800_123n, '2025-09-16T10:00:00.123Z'],
    [1_758_016_800, '2025-09-16T10:00:00.000Z'],
    [1_758_016_800.123456, '2025-09-16T10:00:00.123456Z'],
    [1_758_016_800_123.5, '2025-09-16T10:00:00.1235Z'],
    ['1758016800', '2025-09-16T10:00:00.000Z'],
    ['1758016800.25', '2025-09-16T10:00:00.250Z'],
    ['1758016800123', '2025-09-16T10:00:00.123Z'],
    ['1758016800123.4560', '2025-09-16T10:00:00.123456Z'],
  ])('%o is %s', (value, spelling) => {
    expect(canonicalTimestamp(value)).toBe(spelling);
  });

  it('that Date reads as the same moment, whatever the zone it was written in', () => {
    const zone = fc.tuple(fc.constantFrom(-1, 1), fc.nat({ max: 14 }), fc.nat({ max: 59 }));
    const date = fc.date({ min: new Date('0101-01-02'), max: new Date('9999-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(date, zone, fc.constantFrom('T', ' '), (moment, [sign, hours, minutes], between) => {
        const offset = sign * (hours * 60 + minutes) * 60_000;
        const two = (number: number): string => String(number).padStart(2, '0');
        const local = new Date(moment.getTime() + offset).toISOString().slice(0, 23).replace('T', between);
        const text = `${local}${sign < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
        expect(parseTimestamp(text)).toBe(moment.getTime());
        expect(canonicalTimestamp(text)).toBe(moment.toISOString());
      }),
    );
  });
});

describe('no moment', () => {
  it.each<[string, Value]>([
    ['a day that the month lacks', '2025-02-29'],
    ['the 31st of a short month', '2025-04-31'],
    ['a century that is no leap year', '1900-02-29'],
    ['month 13', '2025-13-01'],
    ['month 0', '2025-00-10'],
    ['24:00', '2025-09-16T24:00:00'],
    ['a leap second', '2025-09-16T23:59:60'],
    ['an offset that no place has', '2025-09-16T10:00:00+15:00'],
    ['a fraction of minutes', '2025-09-16T10:00.5'],
    ['another order of day and month', '16-09-2025'],
    ['slashes', '2025/09/16'],
    ['words behind it', '2025-09-16 at ten'],
    ['half a date', '2025-09'],
    ['a digit from another script', '2025-09-1٦'],
    ['small numbers', 42n],
    ['a time before 1990, in seconds', 500_000_000n],
    ['a number beyond 2100', 5_000_000_000_000n],
    ['nanoseconds', 1_758_016_800_000_000_000n],
    ['a phone number', '+491758016800'],
    ['infinity', Number.POSITIVE_INFINITY],
    ['NaN', Number.NaN],
    ['negative', -1_758_016_800n],
    ['empty text', ''],
    ['null', null],
    ['a blob', new Uint8Array([50, 48, 50, 53])],
    ['broken text', new BrokenText(Buffer.from('2025-09-16\xff', 'latin1'))],
    ['true', true],
  ])('%s', (_, value) => {
    expect(parseTimestamp(value)).toBeNull();
    expect(canonicalTimestamp(value)).toBeNull();
  });
});

describe('names of columns', () => {
  it.each([
    ['created_at', true, true],
    ['updatedAt', true, true],
    ['lastLogin', true, true],
    ['ts', true, true],
    ['expires_at', true, false],
    ['birthdate', true, false],
    ['due_date', true, false],
    ['last_seen', true, true],
    ['Date Added', true, true],
    ['id', false, false],
    ['amount', false, false],
    ['status', false, false],
    ['format', false, false],
  ])('%s: a time %s, an event %s', (name, time, event) => {
    expect([isTimeName(name), isEventTime(name)]).toEqual([time, event]);
  });
});

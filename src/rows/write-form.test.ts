import { describe, expect, it } from 'vitest';
import { writeForm } from './write-form.ts';

const octets = (text: string): bigint => BigInt(Buffer.byteLength(text));
const written = (form: string, text: string): unknown => writeForm(form, text, octets(text));

describe('the form in which the target writes what both write', () => {
  it.each([
    ['uuid-dashed', '0A1b2c3d4e5f60718293a4b5c6d7e8f9', '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'],
    ['uuid-hex', '{0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9}', '0a1b2c3d4e5f60718293a4b5c6d7e8f9'],
    ['timestamp-t', '2024-05-01 10:20:30', '2024-05-01T10:20:30'],
    ['timestamp-space', '2024-05-01T12:20:30.123456+02:00', '2024-05-01 10:20:30.123456'],
    ['date', '2024-05-01T00:00:00Z', '2024-05-01'],
    ['epoch-s', '2024-05-01 10:20:30', 1714558830n],
    ['epoch-ms', '2024-05-01 10:20:30.5', 1714558830500n],
    ['number', '9007199254740993', 9007199254740993n],
    ['boolean', 'Yes', 1n],
  ])('%s: %s', (form, text, expected) => {
    expect(written(form, text)).toBe(expected);
  });

  it('leaves what does not conform, and what would lose something', () => {
    expect(written('date', '2024-05-01T10:00:00')).toBeNull();
    expect(written('epoch-s', '2024-05-01T10:00:00.5')).toBeNull();
    expect(written('epoch-ms', '2024-05-01T10:00:00.123456')).toBeNull();
    expect(written('number', '007')).toBeNull();
    expect(written('uuid-hex', 'nobody')).toBeNull();
    // The driver cut it at a NUL.
    expect(writeForm('number', '7', 9n)).toBeNull();
  });
});

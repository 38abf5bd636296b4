import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sqlValue } from '../../test/builders/values.ts';
import type { Normaliser } from '../audit/model.ts';
import type { ColumnProfile, ValueShape } from '../stores/model.ts';
import { normaliseForComparison, normaliserFor } from './normalise.ts';
import { BrokenText, type Value } from './value.ts';

const HEX = '3f2504e04f8941d39a0c0305e82c3301';
const DASHED = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';

describe('R8: what conforms takes one form', () => {
  it.each<[Normaliser, Value, string | bigint | number]>([
    ['uuid', DASHED, HEX],
    ['uuid', DASHED.toUpperCase(), HEX],
    ['uuid', `{${DASHED}}`, HEX],
    ['uuid', ` ${HEX}\n`, HEX],
    ['uuid', new Uint8Array(Buffer.from(HEX, 'hex')), HEX],
    ['email', '  Ana@X.Org ', 'ana@x.org'],
    ['email', 'Zoe\u0308@x.org', 'zoë@x.org'],
    ['timestamp', '2025-09-16 10:00:00', '2025-09-16T10:00:00.000Z'],
    ['timestamp', '2025-09-16T12:00:00+02:00', '2025-09-16T10:00:00.000Z'],
    ['timestamp', 1_758_016_800n, '2025-09-16T10:00:00.000Z'],
    ['timestamp', '2025-09-16', '2025-09-16T00:00:00.000Z'],
    ['number', '42', 42n],
    ['number', ' -7 ', -7n],
    ['number', '9007199254740993', 9_007_199_254_740_993n],
    ['number', '9223372036854775807', 2n ** 63n - 1n],
    ['number', '1.50', 1.5],
    ['number', '2.0', 2n],
    ['number', '1e-05', 0.00001],
    ['number', '0.30000000000000004', 0.30000000000000004],
    ['number', 3, 3n],
    ['number', true, 1n],
    ['text', 7n, '7'],
    ['text', 1, '1.0'],
    ['text', true, '1'],
    ['text', 1e21, '1.0e+21'],
    ['boolean', ' Yes ', 1n],
    ['boolean', 'F', 0n],
    ['boolean', 1, 1n],
    ['boolean', false, 0n],
  ])('%s: %o becomes %o', (how, value, form) => {
    expect(normaliseForComparison(value, how)).toBe(form);
  });
});

describe('what does not conform stays the same value', () => {
  it.each<[Normaliser, Value]>([
    ['exact', '42'],
    ['uuid', HEX.slice(1)],
    ['uuid', HEX.replace('f', 'g')],
    ['uuid', '3f2504e04-f89-41d3-9a0c-0305e82c3301'],
    ['uuid', new Uint8Array(15)],
    ['uuid', 7n],
    ['email', 7n],
    ['timestamp', '16.09.2025'],
    ['timestamp', '2025-02-31'],
    ['timestamp', 'now'],
    ['number', '007'],
    ['number', '+1'],
    ['number', '1e5'],
    ['number', '.5'],
    ['number', '1,5'],
    ['number', '0x10'],
    ['number', ''],
    ['number', '9223372036854775808'],
    ['number', '0.1234567890123456789'],
    ['number', '1e+400'],
    ['number', 2 ** 53],
    ['number', Number.NaN],
    ['text', '1.0'],
    ['text', new Uint8Array([49])],
    ['boolean', 'on'],
    ['boolean', 2n],
    ['boolean', ''],
    ['email', new BrokenText(new Uint8Array([65, 255]))],
  ])('%s: %o', (how, value) => {
    expect(normaliseForComparison(value, how)).toBe(value);
  });

  it('null is null in every form', () => {
    const forms: readonly Normaliser[] = ['exact', 'number', 'text', 'uuid', 'timestamp', 'email', 'boolean'];
    expect(forms.map((how) => normaliseForComparison(null, how))).toEqual(forms.map(() => null));
  });

  it('the form of a form is itself', () => {
    const spelling = fc.constantFrom<Value>(
      DASHED,
      '2025-09-16 10:00',
      '1e-05',
      'A@B.C',
      'Yes',
      1_758_016_800n,
      '1.50',
    );
    const how = fc.constantFrom<Normaliser>('number', 'text', 'uuid', 'timestamp', 'email', 'boolean');
    fc.assert(
      fc.property(fc.oneof(sqlValue, spelling), how, (value, form) => {
        const once = normaliseForComparison(value, form);
        expect(normaliseForComparison(once, form)).toEqual(once);
      }),
      { numRuns: 2_000 },
    );
  });

  it('R16: a numeral loses no digit: as text, the number is what was written', () => {
    const digits = fc.stringMatching(/^-?[1-9]\d{0,20}(\.\d{0,20}[1-9])?$/);
    fc.assert(
      fc.property(digits, (text) => {
        const number = normaliseForComparison(text, 'number');
        fc.pre(typeof number !== 'string');
        const same = typeof number === 'bigint' ? String(number) : number.toPrecision(17);
        const significant = (numeral: string): string => numeral.replace(/[-.]|e.*$/g, '').replace(/^0+|0+$/g, '');
        if (typeof number === 'bigint') expect(same).toBe(text);
        else expect([String(number), same, number.toPrecision(15)].map(significant)).toContain(significant(text));
      }),
      { numRuns: 1_000 },
    );
  });
});

const profile = (spec: string): ColumnProfile => {
  const [shape = '', form] = spec.split(' ');
  const base = { shape: shape as ValueShape, nulls: 0, distinct: 1, nonAscii: false };
  return form === undefined ? base : { ...base, form };
};

describe('the form for two columns', () => {
  it.each<[string, string, Normaliser]>([
    ['uuid-dashed lower', 'uuid-hex lower', 'uuid'],
    ['uuid-dashed lower', 'uuid-dashed upper', 'uuid'],
    ['uuid-dashed lower', 'uuid-dashed lower', 'exact'],
    ['uuid-dashed', 'uuid-dashed', 'uuid'],
    ['uuid-dashed lower', 'blob', 'uuid'],
    ['uuid-hex lower', 'token', 'uuid'],
    ['timestamp-t 19', 'timestamp-space 19', 'timestamp'],
    ['timestamp-t 19', 'timestamp-t 24Z', 'timestamp'],
    ['timestamp-t 24Z', 'timestamp-t 24Z', 'exact'],
    ['epoch-s number', 'timestamp-t 19', 'timestamp'],
    ['epoch-s number', 'epoch-ms number', 'timestamp'],
    ['epoch-s number', 'integer', 'number'],
    ['date date', 'timestamp-t 19', 'timestamp'],
    ['email', 'email', 'email'],
    ['email', 'text', 'exact'],
    ['integer', 'real', 'exact'],
    ['integer', 'boolean', 'exact'],
    ['integer', 'integer-text', 'number'],
    ['real-text', 'integer-text', 'number'],
    ['integer-text', 'integer-text', 'exact'],
    ['boolean', 'boolean-text', 'boolean'],
    ['integer', 'boolean-text', 'boolean'],
    ['boolean', 'real-text', 'number'],
    ['text', 'text', 'exact'],
    ['mixed', 'uuid-hex lower', 'exact'],
    ['empty', 'integer', 'exact'],
  ])('%s and %s: %s', (a, b, how) => {
    expect(normaliserFor(profile(a), profile(b))).toBe(how);
    expect(normaliserFor(profile(b), profile(a))).toBe(how);
  });
});

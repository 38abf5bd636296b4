import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BrokenRecord, type RecordSyntax, splitRecords } from './records.ts';

const COMMA: RecordSyntax = { delimiter: ',', quote: '"', loneCr: false };
const endings = () => ({ lf: 0, crlf: 0, cr: 0 });
const split = (text: string, syntax = COMMA) => splitRecords(text, syntax, true, endings()).records;

describe('splitRecords', () => {
  it('tells an empty cell from a quoted empty one', () => {
    expect(split('a,,""\n')).toEqual([['a', null, '']]);
  });

  it('X2: keeps line breaks, delimiters and doubled quotes inside quotes', () => {
    expect(split('"a\r\nb","x,y","say ""hi"""\r\nc,d,e')).toEqual([
      ['a\r\nb', 'x,y', 'say "hi"'],
      ['c', 'd', 'e'],
    ]);
  });

  it('X2: takes CRLF and LF in one file and counts them', () => {
    const seen = endings();
    expect(splitRecords('a,b\r\nc,d\n"e",f\r\n', COMMA, true, seen).records).toHaveLength(3);
    expect(seen).toEqual({ lf: 1, crlf: 2, cr: 0 });
  });

  it('keeps a quote in the middle of an unquoted cell', () => {
    expect(split('5" pipe,x\n')).toEqual([['5" pipe', 'x']]);
  });

  it('skips blank lines, also between CRLF', () => {
    expect(split('a,b\r\n\r\n\nc,d\n\n')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it.each([
    ['a,"b\nc,d\n', 2],
    ['a,"b"c\n', 5],
    ['a,"b"\rc\n', 5],
  ])('refuses a broken quote in %j and says where', (text, at) => {
    expect(() => split(text)).toThrow(BrokenRecord);
    try {
      split(text);
    } catch (error) {
      expect((error as BrokenRecord).at).toBe(at);
    }
  });

  it('reads the same however the text is cut', () => {
    const text = 'id,"na""me",x\r\n1,"a\nb",\r\n\n2,"",5" y\n3,"q","z"';
    const whole = split(text);
    for (let cut = 0; cut <= text.length; cut++) {
      const first = splitRecords(text.slice(0, cut), COMMA, false, endings());
      const second = splitRecords(text.slice(first.end), COMMA, true, endings());
      expect([...first.records, ...second.records]).toEqual(whole);
    }
  });

  it('agrees with csv-parse on whatever that accepts', () => {
    const text = fc
      .array(fc.constantFrom('a', 'é', ',', '"', '""', '\n', '\r\n', ';', ' '), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (source) => {
        let other: string[][];
        try {
          other = parse(source, {
            relax_column_count: true,
            skip_empty_lines: true,
            record_delimiter: ['\r\n', '\n'],
            relax_quotes: false,
          });
        } catch {
          return;
        }
        expect(split(source).map((record) => record.map((cell) => cell ?? ''))).toEqual(other);
      }),
      { numRuns: 2_000 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { linesOf } from './text-lines.ts';
import { asWritten, joined, partOf, writtenText } from './written-text.ts';

const source = 'key: "a\\tb"\n  next: cd\n';
const lines = linesOf(source);

describe('written text', () => {
  it('points back through what was decoded', () => {
    const text = writtenText(
      [
        { text: 'a', from: 6, to: 7 },
        { text: '\t', from: 7, to: 9 },
        { text: 'b', from: 9, to: 10 },
      ],
      lines,
    );
    expect(text.text).toBe('a\tb');
    expect(text.span(0, 3)).toEqual([6, 10, 1]);
    expect(text.span(1, 2)).toEqual([7, 9, 1]);
    expect(text.span(2, 2)).toEqual([9, 9, 1]);
  });

  it('parts and joined texts keep their places; what joins them has none', () => {
    const key = asWritten(source, 0, 3, lines);
    const next = asWritten(source, 20, 22, lines);
    const both = joined(["'", key, "' '", next, "'"]);
    expect(both.text).toBe("'key' 'cd'");
    expect(both.span(1, 4)).toEqual([0, 3, 1]);
    expect(both.span(7, 9)).toEqual([20, 22, 2]);
    expect(both.span(0, 10)).toEqual([0, 22, 1]);
    expect(partOf(both, 7, 9).span(1, 2)).toEqual([21, 22, 2]);
    expect(joined([]).span(0, 0)).toEqual([0, 0, 1]);
  });
});

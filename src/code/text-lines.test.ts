import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linesOf } from './text-lines.ts';

it('counts lines as a splitter of LF, CRLF and CR does, whichever way it goes', () => {
  const piece = fc.constantFrom('a', 'bc', '\n', '\r\n', '\r', 'ü', '');
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
      (text) => {
        const lines = linesOf(text);
        for (let offset = 0; offset < text.length; offset++) {
          const before = text.slice(0, offset + 1);
          const ends = before.split(/\r\n|\n|\r/).length - (/[\r\n]$/.test(before) ? 1 : 0);
          expect(lines.lineAt(offset)).toBe(ends);
        }
        const split = text.split(/\r\n|\n|\r/);
        expect(lines.count).toBe(Math.max(1, split.at(-1) === '' ? split.length - 1 : split.length));
      },
    ),
  );
});

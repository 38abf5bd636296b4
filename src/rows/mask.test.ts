import fc from 'fast-check';
import { expect, it } from 'vitest';
import { masked } from './mask.ts';

it('shows the form of a value and nothing of what it says', () => {
  expect(
    ['b-7 Ünal', '', 'a\0b', 'x'.repeat(17), 120n, -1.5, null, new Uint8Array(3), new Uint8Array(1)].map(masked),
  ).toEqual([
    '"a-9 Aaaa"',
    '""',
    '"a?a"',
    '"aaaaaaaaaaaaaaaa…"',
    '999',
    '-9.9',
    'NULL',
    'blob of 3 bytes',
    'blob of 1 byte',
  ]);
});

it('no letter and no digit comes through but the masks, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(masked(text)).toMatch(/^"(?:[aA9]|[^\p{L}\p{N}\p{C}])*"$/u);
    }),
  );
});

/** What docs/architecture.md says of traps and their tests: each test that it lists has the trap's number in a title. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const ROWS = [...text('docs/architecture.md').matchAll(/^\| ([SRX]\d+) \| [^|]+ \| (`[^|]+`) \|$/gm)].map(
  ([, trap = '', tests = '']) => [trap, tests.replaceAll('`', '').split(', ')] as const,
);

it('every trap of merging has one', () => {
  const all = [
    ...[7, 8, 14, 16, 17, 20].map((n) => `S${n}`),
    ...Array.from({ length: 22 }, (_, i) => `R${i + 1}`),
    ...Array.from({ length: 6 }, (_, i) => `X${i + 1}`),
  ];
  expect(ROWS.map(([trap]) => trap)).toEqual(all);
});

it.each(ROWS)('%s', (trap, tests) => {
  const titled = new RegExp(`^\\s*(?:(?:it|describe)\\b[^\n]*)?\\(?\\[?\\s*(['"\`])[^\n]*\\b${trap}\\b`, 'm');
  for (const path of tests) expect(titled.test(text(path)), `${path} has no test named after ${trap}`).toBe(true);
});

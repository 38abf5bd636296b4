import { expect, it } from 'vitest';
import { knots } from './reference-order.ts';

it('parents first, circles as one', () => {
  // 0 line → 1 order → 2 user → 3 team → 2; 4 alone, 5 refers to itself.
  expect(knots([[1], [2], [3], [2], [], [5]])).toEqual([[2, 3], [1], [0], [4], [5]]);
});
it('two ways to one table', () => {
  expect(knots([[1, 2], [3], [3], []])).toEqual([[3], [1], [2], [0]]);
});

import { describe, expect, it } from 'vitest';
import { demoMark, startDemo } from './demo-rows.ts';
import type { Row, Value } from './value.ts';

function demo(columns: readonly string[], ...rows: readonly Row[]): unknown {
  const count = startDemo(columns);
  for (const row of rows) count.add(row);
  return count.finish();
}

describe('a value that marks its row', () => {
  it.each<[Value, boolean, 'strong' | 'weak' | null]>([
    ['Test User', true, 'strong'],
    ['demo', true, 'strong'],
    ['Sample Product 12', true, 'strong'],
    ['John Doe', true, 'strong'],
    ['foo bar', true, 'strong'],
    ['Test User', false, null],
    ['Testa Rossa', true, null],
    ['Demostene', true, null],
    ['Contest', true, null],
    ['John Doerr', true, null],
    ['Lorem ipsum dolor sit amet', false, 'strong'],
    [`${'x'.repeat(390)} lorem ipsum`, false, null],
    ['test@company.org', true, 'strong'],
    ['demo.user1@x.org', false, 'strong'],
    ['user1@example.com', false, 'strong'],
    ['ana@example.com', false, 'weak'],
    ['user1@company.org', false, null],
    ['testa@company.org', false, null],
    ['ana@myexample.com', false, null],
    ['User 7', true, 'weak'],
    ['User 7', false, null],
    ['ab', true, null],
    [7n, true, null],
    [null, true, null],
  ])('%o (a name: %s): %s', (value, isNaming, mark) => {
    expect(demoMark(value, isNaming)).toBe(mark);
  });
});

describe('rows that look like a demo', () => {
  it('are counted, and the columns named that say so', () => {
    const found = demo(
      ['id', 'name', 'email'],
      [1n, 'Test User', 'ana@x.org'],
      [2n, 'Ben', 'ben@x.org'],
      [3n, 'demo', 'test@x.org'],
    );
    expect(found).toEqual({ rows: 2, columns: ['name', 'email'] });
  });

  it('two weak marks make one row, one makes none', () => {
    expect(demo(['name', 'email'], ['User 7', 'ana@example.com'])).toEqual({ rows: 1, columns: ['name', 'email'] });
    expect(demo(['name', 'email'], ['Ana', 'ana@example.com'], ['User 7', 'x@y.org'])).toBeUndefined();
  });

  it('a sequence without a gap is generated', () => {
    const users = (...numbers: number[]): readonly Row[] => numbers.map((n) => [`User ${n}`]);
    expect(demo(['name'], ...users(1, 2, 3))).toEqual({ rows: 3, columns: ['name'] });
    expect(demo(['name'], ...users(1, 2))).toBeUndefined();
    expect(demo(['name'], ...users(1, 2, 4))).toBeUndefined();
    expect(demo(['name'], ...users(7, 8, 9))).toBeUndefined();
    expect(demo(['name'], ...users(1, 2, 3), ['Ana'], ['Ben'])).toBeUndefined();
  });

  it.each([['environment'], ['type'], ['user_id'], ['status'], ['username_type']])(
    '`test` in a column %s is an ordinary value',
    (column) => {
      expect(demo([column], ['test'], ['demo'])).toBeUndefined();
    },
  );

  it('none in a table without rows', () => {
    expect(demo(['name'])).toBeUndefined();
  });
});

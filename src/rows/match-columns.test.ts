import { describe, expect, it } from 'vitest';
import { column, table } from '../../test/builders/facts.ts';
import type { Table } from '../stores/model.ts';
import { affinity, matchColumns, plainName } from './match-columns.ts';
import { sketchHash, startBottom } from './sketch.ts';

/** A table whose columns hold the values given, and are sketched from them. */
function holding(columns: Readonly<Record<string, readonly string[]>>): Table {
  const sketch = Object.entries(columns).map(([spec, values]) => {
    const bottom = startBottom();
    for (const value of values) bottom.add(sketchHash(value, false));
    return [spec.split(':')[0] ?? '', bottom.smallest()] as const;
  });
  return table('t', 20, Object.keys(columns), {
    sketch: { sampledRows: 20, complete: true, columns: Object.fromEntries(sketch) },
  });
}

const names = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `name ${from + i}`);
const paired = (a: Table, b: Table): readonly string[] =>
  matchColumns(a, b, false).pairs.map((pair) => `${pair.a}=${pair.b} ${pair.via}`);

describe('columns are paired by name', () => {
  it('R6: whatever their position, and says what only one side has', () => {
    const match = matchColumns(table('t', 1, ['id', 'a', 'b', 'x']), table('t', 1, ['b', 'y', 'id', 'a']), false);
    expect(match.pairs.map((pair) => [pair.a, pair.b])).toEqual([
      ['id', 'id'],
      ['a', 'a'],
      ['b', 'b'],
    ]);
    expect(match).toMatchObject({ onlyA: ['x'], onlyB: ['y'] });
  });

  it('case, dashes, dots and spaces aside', () => {
    const a = table('t', 1, ['EmailAddress', 'first_name', 'user.id']);
    const b = table('t', 1, ['First Name', 'email-address', 'userId']);
    expect(matchColumns(a, b, false)).toMatchObject({ onlyA: [], onlyB: [] });
    expect(plainName('E-Mail Address')).toBe(plainName('email_address'));
  });

  it('the exact name before one that only sounds alike', () => {
    const a = table('t', 1, ['user_id', 'userid']);
    const b = table('t', 1, ['userid', 'user_id']);
    expect(paired(a, b)).toEqual(['user_id=user_id name', 'userid=userid name']);
  });

  it('each column once', () => {
    const match = matchColumns(table('t', 1, ['a']), table('t', 1, ['A', 'a_']), false);
    expect(match).toMatchObject({ pairs: [{ a: 'a', b: 'A' }], onlyB: ['a_'] });
  });
});

describe('columns are paired by content', () => {
  it('where nearly all values are the same', () => {
    expect(paired(holding({ login: names(0, 20) }), holding({ handle: names(2, 20) }))).toEqual([
      'login=handle content',
    ]);
  });

  it('but not where half of them are, where they are few, or where the name has a partner', () => {
    expect(paired(holding({ login: names(0, 20) }), holding({ handle: names(10, 30) }))).toEqual([]);
    expect(paired(holding({ login: names(0, 7) }), holding({ handle: names(0, 7) }))).toEqual([]);
    const both = holding({ login: names(0, 20), handle: names(50, 70) });
    expect(paired(holding({ login: names(50, 70) }), both)).toEqual(['login=login name']);
  });

  it('and not where values repeat or are of a kind that overlaps everywhere', () => {
    for (const shape of ['integer', 'boolean', 'date', 'real-text', 'mixed']) {
      const [a, b] = [holding({ [`x:${shape}`]: names(0, 20) }), holding({ [`y:${shape}`]: names(0, 20) })];
      expect(paired(a, b)).toEqual([]);
    }
    const repeating = (name: string): Table => ({ ...holding({ [name]: names(0, 20) }), columns: [column(name, 0.2)] });
    expect(paired(repeating('x'), repeating('y'))).toEqual([]);
  });

  it('with the partner that overlaps most', () => {
    const a = holding({ p: names(0, 20), q: names(0, 18) });
    const b = holding({ r: names(0, 18), s: names(0, 20) });
    expect(paired(a, b)).toEqual(['p=s content', 'q=r content']);
  });
});

describe('how a pair is compared', () => {
  const typed = (type: string, shape = 'text'): Table => table('t', 1, [{ ...column(`v:${shape}`), type }]);
  const how = (a: Table, b: Table, textual = false): string | undefined =>
    matchColumns(a, b, textual).pairs[0]?.normaliser;

  it('R8: by the shapes of its values, as text where types differ or a side has none', () => {
    expect(how(typed('TEXT', 'uuid-dashed'), typed('TEXT', 'uuid-hex'))).toBe('uuid');
    expect(how(typed('TEXT'), typed('VARCHAR(9)'))).toBe('exact');
    expect(how(typed('TEXT'), typed('INTEGER'))).toBe('text');
    expect(how(typed('TEXT'), typed('TEXT'), true)).toBe('text');
  });

  it('as stored where nothing was measured', () => {
    const { profile: _, ...bare } = column('v');
    expect(how(table('t', 1, [{ ...bare, type: 'TEXT' }]), typed('INTEGER'))).toBe('exact');
  });

  it.each([
    ['INTEGER', 'integer'],
    ['BIGINT', 'integer'],
    ['CHARINT', 'integer'],
    ['FLOATING POINT', 'integer'],
    ['varchar(255)', 'text'],
    ['CLOB', 'text'],
    ['BLOB', 'blob'],
    ['', 'blob'],
    ['DOUBLE', 'real'],
    ['DECIMAL(10,5)', 'numeric'],
    ['STRING', 'numeric'],
    ['DATETIME', 'numeric'],
  ])('%s has the affinity %s, as SQLite documents it', (type, expected) => {
    expect(affinity(type)).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { twinTable } from '../../src/audit/detectors/twin-table.ts';
import { compared, facts, related, store, table } from '../builders/facts.ts';

const a = store('a.db', [table('rooms', 8), table('x', 9), table('y', 9)]);
const b = store('b.db', [table('rooms', 6), table('z', 9), table('w', 9)]);

describe('twin-table', () => {
  it('reports tables that share rows while the stores are different things', () => {
    const given = facts([a, b], [related(a, b, compared(a, b, 'rooms', { same: 5 }))]);
    expect(twinTable.detect(given)).toMatchObject([
      {
        severity: 'medium',
        confidence: 'proven',
        message: 'rooms: a.db and b.db share 5 equal rows and contradict each other nowhere.',
        evidence: ['rooms: 5 equal, 3 only in a.db, 1 only in b.db; 4 columns compared'],
      },
    ]);
  });

  it('R4: by content, under different names', () => {
    const c = store('c.db', [table('zones', 6), table('z', 9), table('w', 9)]);
    const [found] = twinTable.detect(facts([a, c], [related(a, c, compared(a, c, ['rooms', 'zones'], { same: 5 }))]));
    expect(found?.tables).toEqual([
      { store: 'a.db', table: 'rooms' },
      { store: 'c.db', table: 'zones' },
    ]);
  });

  it('is not told where the stores are a story of their own', () => {
    const whole = store('c.db', [table('rooms', 6)]);
    const subset = related(whole, a, compared(whole, a, 'rooms', { same: 6 }));
    const diverged = related(whole, a, compared(whole, a, 'rooms', { same: 5 }));
    expect(twinTable.detect(facts([a, whole], [subset]))).toEqual([]);
    expect(twinTable.detect(facts([a, whole], [diverged]))).toEqual([]);
  });

  it('R1: tables of one form without a common row are possible at most, once for twenty stores', () => {
    const shards = Array.from({ length: 20 }, (_, i) => store(`cache_${i}.db`, [table('items', 5), table('stats', 3)]));
    const pairs = shards.flatMap((x, i) =>
      shards.slice(i + 1).map((y) => related(x, y, compared(x, y, 'items'), compared(x, y, 'stats'))),
    );
    expect(twinTable.detect(facts(shards, pairs))).toMatchObject([{ severity: 'low', confidence: 'possible' }]);
  });

  it('a table of the same two stores without a common row is part of their story; of other stores it is another', () => {
    const wide = (path: string) =>
      store(path, [table('rooms', 6), table('lamps', 9), table(`${path}-own`, 9), table(`${path}-more`, 9)]);
    const [x, y, z] = [wide('x.db'), wide('y.db'), wide('z.db')];
    const given = facts(
      [x, y, z],
      [
        related(x, y, compared(x, y, 'rooms', { same: 5 }), compared(x, y, 'lamps')),
        related(x, z, compared(x, z, 'lamps')),
      ],
    );
    expect(
      twinTable.detect(given).map(({ severity, stores, tables }) => [severity, stores, tables?.[0]?.table]),
    ).toEqual([
      ['medium', ['x.db', 'y.db'], 'rooms'],
      ['low', ['x.db', 'z.db'], 'lamps'],
    ]);
  });

  it('adds nothing about other tables of stores that contradict each other', () => {
    const one = (path: string) =>
      store(path, [table('users', 6), table('sessions', 9), table(`${path}-own`, 9), table(`${path}-more`, 9)]);
    const [x, y] = [one('x.db'), one('y.db')];
    const given = facts(
      [x, y],
      [related(x, y, compared(x, y, 'users', { same: 2, differ: { role: 1 } }), compared(x, y, 'sessions'))],
    );
    expect(twinTable.detect(given)).toEqual([]);
  });

  it('R5: is silent about few columns without a common row, empty tables and unrelated namesakes', () => {
    const small = (path: string) =>
      store(path, [table('settings', 5, ['key', 'value']), table('empty', 0), table('events', 4)]);
    const [x, y] = [small('x.db'), small('y.db')];
    const unrelated = compared(x, y, 'events', { more: { relation: 'unrelated' } });
    expect(
      twinTable.detect(facts([x, y], [related(x, y, compared(x, y, 'settings'), compared(x, y, 'empty'), unrelated)])),
    ).toEqual([]);
  });
});

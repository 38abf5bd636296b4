import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectAll, detectors } from '../../src/audit/detectors/index.ts';
import type { Facts, Finding } from '../../src/audit/model.ts';
import { compared, facts, related, sameBytes, sqlite, store, table } from '../builders/facts.ts';

const [a, b] = [store('a.db', [table('users', 12)]), store('b.db', [table('users', 10)])];
const given = facts(
  [
    a,
    b,
    store('e.db', [], { status: 'empty' }),
    store('fk.db', [table('t', 3)], { sqlite: sqlite({ fkViolations: [{ table: 't', parent: 'p', count: 2 }] }) }),
  ],
  [related(a, b, compared(a, b, 'users', { same: 4, differ: { role: 3 } }))],
);

describe('detectAll', () => {
  it('sorts worst first and gives every finding its code and a fingerprint', () => {
    const found = detectAll(given, []);
    expect(found.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      'high conflicting-twin',
      'high diverged-store',
      'medium fk-baseline',
      'medium no-clear-primary',
      'low empty-residue',
    ]);
    for (const { fingerprint } of found) expect(fingerprint).toMatch(/^[0-9a-f]{32}$/);
  });

  it('does not ask disabled codes', () => {
    expect(detectAll(given, ['conflicting-twin', 'empty-residue']).map(({ code }) => code)).not.toContain(
      'conflicting-twin',
    );
  });

  it('keeps fingerprints when counts change and when facts come in another order', () => {
    const more = facts(
      [...given.stores].reverse().map((one) => (one.id === 'a.db' ? { ...one, tables: [table('users', 40)] } : one)),
      [
        related(
          store('a.db', [table('users', 40)]),
          b,
          compared(store('a.db', [table('users', 40)]), b, 'users', { same: 4, differ: { role: 1 } }),
        ),
      ],
    );
    const prints = (found: readonly Finding[]) =>
      found
        .filter(({ code }) => code !== 'no-clear-primary' && code !== 'diverged-store')
        .map(({ fingerprint }) => fingerprint)
        .sort();
    expect(prints(detectAll(more, []))).toEqual(prints(detectAll(given, [])));
  });

  it('reports thirty stores of one body of data without a finding per pair', () => {
    const copies = Array.from({ length: 10 }, (_, i) => store(`copy${i}.db`, a.tables, { sha256: 'x' }));
    const hub = store('hub.db', [table('users', 100)], { sha256: 'x' });
    const rivals = Array.from({ length: 19 }, (_, i) =>
      store(`rival${String(i).padStart(2, '0')}.db`, [table('users', 50)]),
    );
    const all = [...rivals, hub];
    const pairs = all.flatMap((x, i) =>
      all.slice(i + 1).map((y) => related(x, y, compared(x, y, 'users', { same: 40, differ: { role: 2 } }))),
    );
    const found = detectAll(
      facts([hub, ...copies, ...rivals], [...copies.map((one) => sameBytes(one, hub)), ...pairs], {
        primary: 'hub.db',
      }),
      [],
    );
    const per = (code: string) => found.filter((one) => one.code === code).length;
    expect([per('copy-store'), per('diverged-store'), per('conflicting-twin'), found.length]).toEqual([1, 19, 1, 21]);
  });

  it('never gives two findings one fingerprint, never proves from a sample, never fails on odd facts', () => {
    const names = ['a.db', 'b.db', 'c.db', 'd.bak', 'e.db', 'f.csv'];
    const arbitrary = fc.record({
      rows: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 6 }),
      roles: fc.array(fc.constantFrom('live' as const, 'backup' as const, 'export' as const, 'fixture' as const), {
        minLength: 6,
        maxLength: 6,
      }),
      pairs: fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.nat(9), fc.nat(3), fc.boolean()), { maxLength: 10 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ rows, roles, pairs }) => {
        const stores = names.map((name, i) => store(name, [table('t', rows[i] ?? 0)], { role: roles[i] ?? 'live' }));
        const seen = new Set<string>();
        const relations = pairs.flatMap(([i, j, same, differ, sampled]) => {
          const [x, y] = [stores[Math.min(i, j)], stores[Math.max(i, j)]];
          if (x === undefined || y === undefined || x === y || seen.has(`${x.id} ${y.id}`)) return [];
          seen.add(`${x.id} ${y.id}`);
          const most = Math.min(x.tables[0]?.rows ?? 0, y.tables[0]?.rows ?? 0);
          const equal = Math.min(same, most);
          const more = sampled ? { method: 'sample' as const } : {};
          return [
            related(x, y, compared(x, y, 't', { same: equal, differ: { role: Math.min(differ, most - equal) }, more })),
          ];
        });
        const all: Facts = facts(stores, relations);
        const found = detectAll(all, []);
        expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(found.length);
        expect(
          detectAll({ ...all, stores: [...stores].reverse(), relations: [...relations].reverse() }, [])
            .map(({ fingerprint }) => fingerprint)
            .sort(),
        ).toEqual(found.map(({ fingerprint }) => fingerprint).sort());
        const sampledOnly = relations.length > 0 && relations.every(({ exact }) => !exact);
        const proven = found.filter(
          ({ confidence, stores: of }) => confidence === 'proven' && (of?.length ?? 0) > 1 && sampledOnly,
        );
        expect(proven.filter(({ code }) => code !== 'empty-residue')).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the list of detectors', () => {
  it('has every file of the folder', () => {
    const files = readdirSync(new URL('../../src/audit/detectors/', import.meta.url)).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
    const codes = files
      .map((name) => name.replace(/\.ts$/, ''))
      .filter((name) => name !== 'index' && name !== 'finding');
    expect(detectors.map(({ doc }) => doc.code).sort()).toEqual(codes.sort());
  });

  it('has a full text for every code', () => {
    for (const { doc } of detectors) {
      for (const text of [doc.title, doc.when, doc.why, doc.fix, doc.not])
        expect(text.length, doc.code).toBeGreaterThan(7);
    }
  });
});

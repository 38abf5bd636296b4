/** Code that opens one of two twins and so misses rows of the other (trap C26). */
import type { Binding } from '../../bindings/model.ts';
import type { Detector, Facts, StoreRelation, TableComparison } from '../model.ts';
import { count, list } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

export const blindReader: Detector = {
  doc: {
    code: 'blind-reader',
    title: 'A program cannot see rows that another one has',
    severity: 'critical',
    when: 'Code reads a table of one store while a twin of that table, in a store that other code uses, holds rows that are missing or different there.',
    why: 'The two programs work on different data and neither reports an error: a user who exists in one cannot log in to the other.',
    fix: 'Compare the two tables, merge them into one store, and re-point the code that reads the other.',
    not: 'Tests, backups, exports, fixtures, tables that are contained in the one that is read, twins of which no code that was understood opens the other.',
  },
  detect(facts) {
    const live = new Set(facts.stores.filter(({ role }) => role === 'live').map(({ id }) => id));
    const used = new Map<string, Binding[]>();
    for (const binding of facts.code.bindings) {
      if (binding.store === null || binding.purpose === 'test' || binding.confidence === 'unknown') continue;
      used.set(binding.store, [...(used.get(binding.store) ?? []), binding]);
    }
    return facts.relations.flatMap((relation) => {
      if (relation.kind === 'copy' || !live.has(relation.a) || !live.has(relation.b)) return [];
      return (['a', 'b'] as const).flatMap((side) => blind(facts, relation, side, used));
    });
  },
};

interface Missed {
  readonly own: string;
  readonly other: string;
  readonly missing: number;
  readonly conflicting: number;
  readonly comparison: TableComparison;
}

function blind(
  facts: Facts,
  relation: StoreRelation,
  side: 'a' | 'b',
  used: ReadonlyMap<string, readonly Binding[]>,
): readonly Draft[] {
  const store = relation[side];
  const other = side === 'a' ? relation.b : relation.a;
  const readers = (used.get(store) ?? []).filter(({ tables }) => tables.some(({ access }) => access === 'read'));
  const writers = used.get(other) ?? [];
  if (readers.length === 0 || writers.length === 0) return [];
  // A line that opens both, depending on where it runs, is a split store.
  const lines = new Set(writers.map(({ path, line }) => `${path}:${line}`));
  const blindReaders = readers.filter(({ path, line }) => !lines.has(`${path}:${line}`));
  const missed = relation.tables.flatMap((table): readonly Missed[] => {
    if (table.relation === 'unrelated' || table.relation === 'disjoint') return [];
    const own = table[side].table;
    const reads = blindReaders.some(({ tables }) =>
      tables.some((use) => use.access === 'read' && use.table.toLowerCase() === own.toLowerCase()),
    );
    const missing = side === 'a' ? table.onlyB : table.onlyA;
    if (!reads || missing + table.conflicting === 0) return [];
    return [
      {
        own,
        other: (side === 'a' ? table.b : table.a).table,
        missing,
        conflicting: table.conflicting,
        comparison: table,
      },
    ];
  });
  if (missed.length === 0) return [];
  return [describe(facts, store, other, missed, blindReaders, writers)];
}

function describe(
  facts: Facts,
  store: string,
  other: string,
  missed: readonly Missed[],
  readers: readonly Binding[],
  writers: readonly Binding[],
): Draft {
  const names = new Set(missed.map(({ own }) => own.toLowerCase()));
  const places = readers.flatMap(({ tables }) =>
    tables
      .filter(({ access, table }) => access === 'read' && names.has(table.toLowerCase()))
      .map(({ path, line }) => ({ path, line })),
  );
  const unique = [...new Map(places.map((place) => [`${place.path}:${place.line}`, place])).values()];
  const rows = missed.reduce((sum, { missing }) => sum + missing, 0);
  const differ = missed.reduce((sum, { conflicting }) => sum + conflicting, 0);
  const exact = missed.every(({ comparison }) => comparison.method !== 'sample');
  const sure = exact && readers.every(({ confidence }) => confidence === 'proven');
  const primary = facts.groups.find(({ stores }) => stores.includes(store))?.primary;
  const parts = (one: boolean): readonly string[] => [
    ...(rows > 0
      ? [
          `${one ? 'misses' : 'miss'} ${count(rows, 'row')} of ${list(missed.filter(({ missing }) => missing > 0).map(({ other: table }) => table))}`,
        ]
      : []),
    ...(differ > 0 ? [`${one ? 'has' : 'have'} ${count(differ, 'row')} in another state`] : []),
  ];
  const files = [...new Set(unique.map(({ path }) => path))];
  return {
    severity: primary === store ? 'medium' : rows > 0 ? 'critical' : 'high',
    confidence: sure ? 'proven' : 'likely',
    message: `${list(files, 3)} ${files.length === 1 ? 'reads' : 'read'} ${store} and so ${parts(files.length === 1).join(' and ')} compared with ${other}.`,
    at: unique,
    stores: [store, other],
    tables: missed.flatMap(({ own, other: table }) => [
      { store, table: own },
      { store: other, table },
    ]),
    evidence: [
      ...missed.map(
        ({ own, missing, conflicting }) =>
          `${own}: ${count(missing, 'row')} only in ${other}, ${count(conflicting, 'row differs', 'rows differ')}`,
      ),
      ...[...new Set(readers.map(({ path, line, context }) => `${path}:${line} opens ${store} (${context})`))].slice(
        0,
        4,
      ),
      ...[...new Set(writers.map(({ path, line, context }) => `${path}:${line} opens ${other} (${context})`))].slice(
        0,
        4,
      ),
    ],
    consequence: 'Rows written by one program do not exist for the other, and neither reports an error.',
    action: 'Merge the two tables into one store and let both programs open that.',
    ...diffCommand(store, other, missed[0]?.own),
  };
}

/** Stores made of SQL and measured as an audit does, in this process: what merges are proposed from. Code is told, not found out. */

import type { Declaration } from '../../src/audit/code-model.ts';
import type { Ancestor, StoreRelation } from '../../src/audit/model.ts';
import { storeRelation } from '../../src/audit/store-relation.ts';
import { tablePairs } from '../../src/audit/twins.ts';
import type { Binding } from '../../src/bindings/model.ts';
import type { MergeFacts } from '../../src/merge/propose/model.ts';
import type { ProposeInput } from '../../src/merge/propose/propose.ts';
import { compareTables } from '../../src/rows/compare-tables.ts';
import { findLinks, type Link } from '../../src/rows/links.ts';
import { normaliseConforming } from '../../src/rows/normalise-sql.ts';
import { kinship } from '../../src/rows/related.ts';
import { threeWay } from '../../src/rows/three-way.ts';
import type { Store, Table } from '../../src/stores/model.ts';
import { fileUri, openConnection } from '../../src/stores/sqlite/driver.ts';
import type { Files } from '../builders/values.ts';

export interface Told {
  readonly stores: Readonly<Record<string, string>>;
  readonly about?: Readonly<Record<string, Partial<Store>>>;
  readonly target?: string;
  /** Store → the store that both it and the target came from. */
  readonly ancestors?: Readonly<Record<string, string>>;
  readonly declarations?: readonly Partial<Declaration>[];
  readonly bindings?: readonly Partial<Binding>[];
  readonly foreign?: readonly string[];
  readonly sources?: readonly string[];
}

export interface MadeFacts extends ProposeInput {
  readonly files: ReadonlyMap<string, string>;
}

/** The first store is the target, the others are its sources, apart from ancestors. */
export async function mergeFacts(files: Files, told: Told): Promise<MadeFacts> {
  const made = new Map<string, { file: string; tables: readonly Table[] }>();
  for (const [path, sql] of Object.entries(told.stores)) made.set(path, await files.make((db) => db.exec(sql)));
  const earlier = new Set(Object.values(told.ancestors ?? {}));
  const stores = [...made].map(
    ([path, { tables }]): Store => ({
      id: path,
      path,
      kind: 'sqlite',
      bytes: 4096,
      modified: '2026-01-01T00:00:00Z',
      status: 'verified',
      git: 'untracked',
      role: earlier.has(path) ? 'backup' : 'live',
      links: [],
      sidecars: [],
      tables,
      migrations: [],
      ...told.about?.[path],
    }),
  );
  const [first] = stores;
  const target = told.target ?? first?.path ?? '';
  const sources =
    told.sources ?? stores.map(({ path }) => path).filter((path) => path !== target && !earlier.has(path));
  const relations = stores.flatMap((a, i) => stores.slice(i + 1).flatMap((b) => relationOf(a, b, made) ?? []));
  const facts = {
    stores,
    relations,
    groups: [
      {
        id: target,
        stores: stores.map(({ id }) => id),
        primary: target,
        candidates: [{ store: target, score: 8, reasons: ['most rows'] }],
      },
    ],
    ancestors: Object.entries(told.ancestors ?? {}).flatMap(([path, from]) =>
      ancestorOf(target, path, from, relations, stores, made),
    ),
    code: {
      bindings: (told.bindings ?? []).map((one) => ({ line: 1, purpose: 'application', tables: [], ...one })),
      declarations: (told.declarations ?? []).map((one) => ({ line: 1, by: 'CREATE TABLE', ...one })),
      files: new Map(),
      answer: (_path: string, _question: string, make: () => unknown) => make(),
    },
  } as unknown as MergeFacts;
  const others = (path: string): readonly string[] => [target, ...sources].filter((one) => one !== path).sort();
  const links = new Map(
    [target, ...sources].map((path): [string, readonly Link[]] => [path, linksOf(path, others(path), made)]),
  );
  return {
    asked: { target, sources, foreign: told.foreign ?? [] },
    facts,
    links,
    others,
    versions: new Map(),
    files: new Map([...made].map(([path, { file }]) => [path, file])),
  };
}

type Made = ReadonlyMap<string, { readonly file: string; readonly tables: readonly Table[] }>;

function relationOf(a: Store, b: Store, made: Made): StoreRelation | undefined {
  const db = openConnection('', 'memory');
  try {
    db.define('normalise', normaliseConforming);
    db.rows('ATTACH ? AS a', fileUri(made.get(a.path)?.file ?? '', 'immutable'));
    db.rows('ATTACH ? AS b', fileUri(made.get(b.path)?.file ?? '', 'immutable'));
    const options = { textual: false, exactRows: 100_000, sampleRows: 400 };
    const pairs = tablePairs(a, b);
    const compared = pairs.map((pair) => ({
      a: { store: a.id, table: pair.a.name },
      b: { store: b.id, table: pair.b.name },
      ...compareTables(db, pair.a, pair.b, options, []),
    }));
    const namesakes = a.tables.flatMap((mine) =>
      b.tables
        .filter((theirs) => theirs.name === mine.name && kinship(mine, theirs, false) === 'name-only')
        .map((theirs) => ({
          a: { store: a.id, table: mine.name },
          b: { store: b.id, table: theirs.name },
          relation: 'unrelated' as const,
          rowsA: mine.rows ?? 0,
          rowsB: theirs.rows ?? 0,
          ...{ same: 0, onlyA: 0, onlyB: 0, conflicting: 0, ambiguous: 0, idCollisions: 0 },
          ...{ keys: [], columns: [], columnsOnlyA: [], columnsOnlyB: [], method: 'exact' as const },
        })),
    );
    return storeRelation(a, b, [...compared, ...namesakes]);
  } finally {
    db.close();
  }
}

function ancestorOf(
  target: string,
  path: string,
  from: string,
  relations: readonly StoreRelation[],
  stores: readonly Store[],
  made: Made,
): readonly Ancestor[] {
  const relation = relations.find((one) => [one.a, one.b].includes(target) && [one.a, one.b].includes(path));
  if (relation === undefined) return [];
  const db = openConnection('', 'memory');
  try {
    for (const [name, store] of [
      ['a', relation.a],
      ['b', relation.b],
      ['c', from],
    ] as const)
      db.rows(`ATTACH ? AS ${name}`, fileUri(made.get(store)?.file ?? '', 'immutable'));
    const table = (store: string, name: string): Table | undefined =>
      stores.find((one) => one.path === store)?.tables.find((one) => one.name === name);
    const tables = relation.tables.flatMap((compared) => {
      const [a, b] = [table(relation.a, compared.a.table), table(relation.b, compared.b.table)];
      const c = table(from, compared.a.table) ?? table(from, compared.b.table);
      const chosen = compared.keys.find((key) => key.chosen)?.columns ?? [];
      if (a === undefined || b === undefined || c === undefined) return [];
      const columns = compared.columns
        .filter((pair) => c.columns.some(({ name }) => name === pair.a))
        .map((pair) => [pair.a, pair.b, pair.a] as const);
      const key = columns.filter(([name]) => chosen.includes(name));
      return key.length === 0 ? [] : [{ table: compared.a.table, ...threeWay(db, { a, b, c, key, columns }) }];
    });
    return [{ a: relation.a, b: relation.b, from, at: '2026-01-01T00:00:00Z', tables }];
  } finally {
    db.close();
  }
}

function linksOf(path: string, others: readonly string[], made: Made): readonly Link[] {
  const db = openConnection('', 'memory');
  try {
    const attach = (name: string, at: string): string => {
      db.rows(`ATTACH ? AS ${name}`, fileUri(made.get(at)?.file ?? '', 'immutable'));
      return name;
    };
    const schemas = others.map((other, i) => ({
      schema: attach(`o${i}`, other),
      tables: made.get(other)?.tables ?? [],
    }));
    return findLinks(db, attach('own', path), made.get(path)?.tables ?? [], schemas);
  } finally {
    db.close();
  }
}

/** Small stores made of statements, merged and verified in this process: what the tests of the merge engine stand on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mergeStores } from '../src/merge/engine/merge.ts';
import type { MergeRequest, MergeResult, PartSpec, TableSpec } from '../src/merge/model.ts';
import { verifyMerge } from '../src/merge/verify/verify-merge.ts';
import { type Connection, openConnection, type SqlValue } from '../src/stores/sqlite/driver.ts';

export interface Ground {
  /** Statements → file. */
  store(sql: string): string;
  merge(setting: Setting): Merged;
  remove(): void;
}

export interface Setting {
  /** Statements, or `null` for a target that is not there yet. */
  readonly target: string | null;
  readonly sources: readonly string[];
  readonly ancestors?: readonly (string | null)[];
  readonly tables: Readonly<Record<string, Partial<TableSpec> & { readonly from?: (part: PartSpec) => PartSpec }>>;
  readonly idMapTable?: boolean;
  readonly kind?: 'sqlite' | 'text';
  /** What the verification is expected to find; nothing, if it is not said. */
  readonly problems?: readonly string[];
}

export interface Merged {
  readonly result: MergeResult;
  readonly request: MergeRequest;
  rows(sql: string): unknown[][];
  /** Of the ledger. */
  ledger(sql: string): unknown[][];
  /** `inserted/identical/merged/retained` of each part. */
  readonly counts: readonly string[];
}

export function mergeGround(): Ground {
  const dir = mkdtempSync(join(tmpdir(), 'merge-engine-'));
  let files = 0;
  const store = (sql: string): string => {
    const file = join(dir, `store${files++}.db`);
    const db = openConnection(file, 'create');
    db.exec(`PRAGMA synchronous = OFF; ${sql}`);
    db.close();
    return file;
  };
  const merge = (setting: Setting): Merged => {
    const target = setting.target === null ? null : store(setting.target);
    const sources = setting.sources.map(store);
    const ancestors = setting.sources.map((_, i) => {
      const sql = setting.ancestors?.[i] ?? null;
      return sql === null ? null : store(sql);
    });
    const request: MergeRequest = {
      spec: {
        version: 1,
        sources: sources.map((_, i) => ({ path: `s${i}.db`, kind: setting.kind ?? 'sqlite' })),
        tables: Object.entries(setting.tables).map(([name, given]) =>
          tableSpec(name, given, target, sources, ancestors),
        ),
        idMapTable: setting.idMapTable ?? false,
      },
      files: { target, sources, ancestors },
      merged: join(dir, `merged${files}.db`),
      ledger: join(dir, `ledger${files++}.db`),
      target: { path: 'target.db', sha256: null },
      sha256: sources.map(() => null),
    };
    const result = mergeStores(request);
    if (result.unsettled.length === 0) {
      const { problems } = verifyMerge(request);
      const found = problems.map(({ what, table, detail }) => `${what} ${table}: ${detail}`);
      if (JSON.stringify(found.map((one) => one.split(' ')[0])) !== JSON.stringify(setting.problems ?? [])) {
        throw new Error(found.join('\n') || 'no problem was found');
      }
    }
    const reading = (file: string) => (sql: string) =>
      withFile(file, (db) => db.rows(sql).map((row) => row.map(plain)));
    return {
      result,
      request,
      rows: reading(request.merged),
      ledger: reading(request.ledger),
      counts: result.parts.map((part) => `${part.inserted}/${part.identical}/${part.merged}/${part.retained}`),
    };
  };
  return { store, merge, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** The specification that the schemas suggest: all columns by name; what else counts is given. */
function tableSpec(
  table: string,
  { from = (part) => part, ...given }: Partial<TableSpec> & { readonly from?: (part: PartSpec) => PartSpec },
  target: string | null,
  sources: readonly string[],
  ancestors: readonly (string | null)[],
): TableSpec {
  const madeFrom = given.madeFrom ?? null;
  const columns =
    given.columns ??
    columnsOf(madeFrom === null ? target : (sources[madeFrom] ?? null), table).map(([name, type]) => ({
      name,
      type,
      added: false,
      normaliser: 'exact' as const,
    }));
  const mapped = (file: string): Record<string, { from: string }> => {
    const there = columnsOf(file, table).map(([name]) => name);
    return Object.fromEntries(columns.flatMap(({ name }) => (there.includes(name) ? [[name, { from: name }]] : [])));
  };
  const parts = sources.flatMap((file, source): PartSpec[] => {
    if (columnsOf(file, table).length === 0) return [];
    const ancestor = ancestors[source] ?? null;
    const before = ancestor === null ? [] : columnsOf(ancestor, table).map(([name]) => [name, name] as const);
    return [
      from({
        source,
        table,
        columns: mapped(file),
        leftOut: [],
        ancestor: before.length === 0 ? null : { table, columns: Object.fromEntries(before) },
      }),
    ];
  });
  return {
    table,
    madeFrom: null,
    identity: { kind: 'row' },
    surrogate: null,
    references: [],
    differ: {},
    timeColumn: null,
    deleted: 'returns',
    ...given,
    columns,
    parts: given.parts ?? parts,
  };
}

function columnsOf(file: string | null, table: string): readonly (readonly [string, string])[] {
  if (file === null) return [];
  return withFile(file, (db) =>
    db
      .rows('SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden = 0', table)
      .map(([name, type]) => [String(name), String(type)] as const),
  );
}

function withFile<T>(file: string, use: (db: Connection) => T): T {
  const db = openConnection(file, 'immutable');
  try {
    return use(db);
  } finally {
    db.close();
  }
}

/** Small integers as numbers, so that tests can be read. */
function plain(value: SqlValue): unknown {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** `customer → people.id`, a reference of one column. */
export function refers(column: string, to: string, toColumn = 'id'): TableSpec['references'][number] {
  return { kind: 'declared', columns: [column], to, toColumns: [toColumn] };
}

export const byKey = (...columns: string[]): TableSpec['identity'] => ({ kind: 'key', columns });

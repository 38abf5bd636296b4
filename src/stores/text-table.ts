/** Turns what was measured on the rows of a text file into a `Table`. Text formats declare no types, keys or indexes. */
import type { TableSummary } from '../rows/summary.ts';
import type { Freshness, Table } from './model.ts';
import { UnreadableStore } from './reader.ts';

/** SQLite's default limit; comparisons stage every table there. A file beyond it holds a matrix, not records. */
const MAX_COLUMNS = 2_000;

export function textTable(name: string, columns: readonly string[], summary: TableSummary): Table {
  const { rows, profiles, sketch, digest, freshness, demo } = summary;
  return {
    name,
    kind: 'table',
    rows,
    columns: columns.map((column, i) => {
      const profile = profiles[i];
      const plain = { name: column, type: '', notNull: false, hasDefault: false, generated: false };
      return profile === undefined ? plain : { ...plain, profile };
    }),
    primaryKey: [],
    unique: [],
    foreignKeys: [],
    indexes: [],
    triggers: [],
    withoutRowid: false,
    strict: false,
    autoincrement: false,
    sketch,
    ...(freshness === undefined ? {} : { freshness: { ...freshness, table: name } }),
    ...(digest === undefined ? {} : { digest }),
    ...(demo === undefined ? {} : { demo }),
  };
}

export function newestFreshness(tables: readonly Table[]): Freshness | undefined {
  return tables
    .flatMap(({ freshness }) => (freshness === undefined ? [] : [freshness]))
    .reduce<Freshness | undefined>(
      (newest, next) => (newest === undefined || next.at > newest.at ? next : newest),
      undefined,
    );
}

/** `data/users.csv` → `users`; a name of nothing but a suffix stays whole. */
export function tableNameOf(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(0, dot) : base;
}

/**
 * Gives columns names that differ, also for an engine that ignores case: a repeated name gets `#2`, `#3` …, one that is
 * empty (or holds a NUL, which no SQL can quote) is called by its position, `#4`. Same input, same names; `reserved` names are
 * given to nobody.
 */
export function startNaming(...reserved: readonly string[]): {
  readonly names: readonly string[];
  add(wanted: string): string;
} {
  const names: string[] = [];
  const taken = new Set<string>(reserved);
  return {
    names,
    add(wanted) {
      if (names.length >= MAX_COLUMNS)
        throw new UnreadableStore('unsupported', `it has more than ${MAX_COLUMNS} columns`);
      const base = wanted === '' || wanted.includes('\0') ? `#${names.length + 1}` : wanted;
      let name = base;
      for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}#${n}`;
      taken.add(name.toLowerCase());
      names.push(name);
      return name;
    },
  };
}

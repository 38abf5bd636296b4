/** Who changed what since an earlier common state: one pass over the ancestor's rows, looking up both descendants. */
import type { Table } from '../stores/model.ts';
import type { Connection } from '../stores/sqlite/driver.ts';
import { quoteName } from '../stores/sqlite/quote.ts';
import { balanced } from './compare-sql.ts';

export interface ThreeWay {
  /** Rows of the earlier state. */
  readonly rows: number;
  /** With those that changed in both. */
  readonly changedInA: number;
  readonly changedInB: number;
  readonly changedInBoth: number;
  readonly deletedInA: number;
  readonly deletedInB: number;
  readonly addedInA: number;
  readonly addedInB: number;
}

export interface ThreeWayInput {
  /** Tables of one kind in the stores attached as `a`, `b` and `c` (the ancestor). */
  readonly a: Table;
  readonly b: Table;
  readonly c: Table;
  /** Columns of the identity, by their name in each of the three. */
  readonly key: readonly (readonly [string, string, string])[];
  readonly columns: readonly (readonly [string, string, string])[];
}

/** Cells are compared as they are: an earlier state of the same file needs no normalising. */
export function threeWay(db: Connection, input: ThreeWayInput): ThreeWay {
  const sideSql = (schema: 'a' | 'b' | 'c', table: Table, at: 0 | 1 | 2): string => {
    const key = input.key.map((names, i) => `${quoteName(names[at])} AS k${i}`);
    const cells = input.columns.map((names, i) => `${quoteName(names[at])} AS c${i}`);
    return `SELECT 1 AS present, ${[...key, ...cells].join(', ')} FROM ${schema}.${quoteName(table.name)}`;
  };
  const on = (other: string): string =>
    input.key.map((_, i) => `c.k${i} = ${other}.k${i} COLLATE BINARY`).join(' AND ');
  const differs = (other: string): string =>
    `(${other}.present AND NOT ${balanced(
      input.columns.map((_, i) => `c.c${i} IS ${other}.c${i} COLLATE BINARY`),
      'AND',
    )})`;
  const sql = `
    WITH a AS MATERIALIZED (${sideSql('a', input.a, 0)}), b AS MATERIALIZED (${sideSql('b', input.b, 1)})
    SELECT count(*),
           total(a.present IS NULL), total(b.present IS NULL),
           total(coalesce(${differs('a')}, 0)), total(coalesce(${differs('b')}, 0)),
           total(coalesce(${differs('a')}, 0) AND coalesce(${differs('b')}, 0))
    FROM (${sideSql('c', input.c, 2)}) c LEFT JOIN a ON ${on('a')} LEFT JOIN b ON ${on('b')}`;
  const [rows = 0, goneA = 0, goneB = 0, changedA = 0, changedB = 0, both = 0] = (db.row(sql) ?? []).map(Number);
  return {
    rows,
    changedInA: changedA,
    changedInB: changedB,
    changedInBoth: both,
    deletedInA: goneA,
    deletedInB: goneB,
    addedInA: (input.a.rows ?? 0) - (rows - goneA),
    addedInB: (input.b.rows ?? 0) - (rows - goneB),
  };
}

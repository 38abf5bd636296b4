/** The tables that a ledger is about, in the order in which they were merged. */
import type { Connection } from '../../stores/sqlite/driver.ts';

export interface LedgerPart {
  readonly part: number;
  readonly store: string;
  readonly sourceTable: string;
  readonly table: string;
  readonly stated: readonly [rows: number, inserted: number];
}

export function ledgerParts(db: Connection): readonly LedgerPart[] {
  return db
    .rows(
      'SELECT part, path, source_table, target_table, rows, inserted FROM led.parts JOIN led.stores USING (store) ORDER BY part',
    )
    .map(([part, store, sourceTable, table, rows, inserted]) => ({
      ...{ part: Number(part), store: String(store), sourceTable: String(sourceTable), table: String(table) },
      stated: [Number(rows), Number(inserted)],
    }));
}

/** Columns of an address in a table of the ledger: `o0, o1 …` of the source, `k0, k1 …` of the target. */
export function addressOf(db: Connection, table: string, letter: 'o' | 'k'): readonly string[] {
  return db
    .rows("SELECT name FROM pragma_table_info(?, 'led') ORDER BY cid", table)
    .map(([name]) => String(name))
    .filter((name) => new RegExp(`^${letter}\\d+$`).test(name));
}

/** The sums of a ledger: what became of the rows of each source table, why some stayed out, who won. Counted in its lines. In a child process. */
import { type Connection, openConnection } from '../../stores/sqlite/driver.ts';
import { WINNER } from '../ledger-schema.ts';
import type { MergeSpec } from '../model.ts';
import type { DifferCount, LedgerBalance, PartBalance } from './documents.ts';
import { readSpec } from './read-spec.ts';

export function ledgerBalance(file: string): LedgerBalance {
  const db = openConnection(file, 'immutable');
  try {
    const spec = readSpec(db, 'main');
    const listed = db.rows(
      'SELECT part, path, source_table, target_table, rows, inserted, identical, merged, retained FROM parts JOIN stores USING (store) ORDER BY part',
    );
    let balanced = true;
    const parts = listed.map(([part, store, sourceTable, table, rows, ...stated]): PartBalance => {
      const balance = partBalance(db, spec, Number(part), String(table), Number(rows));
      const sums = [balance.inserted, balance.identical, balance.merged, balance.retained];
      balanced &&= sums.every((sum, i) => BigInt(sum) === stated[i]) && balance.inserted >= 0;
      return { store: String(store), sourceTable: String(sourceTable), table: String(table), ...balance };
    });
    return { parts, balanced };
  } finally {
    db.close();
  }
}

function partBalance(
  db: Connection,
  spec: MergeSpec,
  part: number,
  table: string,
  rows: number,
): Omit<PartBalance, 'store' | 'sourceTable' | 'table'> {
  const counts = new Map(
    db
      .rows(`SELECT presence, count(*) FROM rows_${part} GROUP BY presence`)
      .map(([presence, of]) => [presence, Number(of)]),
  );
  const [identical, merged, retained] = [2n, 3n, 4n].map((presence) => counts.get(presence) ?? 0) as [
    number,
    number,
    number,
  ];
  const address = db
    .rows('SELECT name FROM pragma_table_info(?)', `differs_${part}`)
    .flatMap(([name]) => (/^o\d+$/.test(String(name)) ? [String(name)] : []));
  const differing = `SELECT count(*) FROM (SELECT DISTINCT ${address.join(', ')} FROM differs_${part})`;
  return {
    rows,
    // What has no line came in.
    inserted: rows - identical - merged - retained,
    identical,
    merged,
    retained,
    conflicts: Number(db.row(differing)?.[0] ?? 0),
    retainedBy: db
      .rows(
        `SELECT u.name, u.detail, count(*) FROM rows_${part} r JOIN rules u USING (rule) WHERE r.presence = 4 GROUP BY u.rule ORDER BY u.name, u.detail`,
      )
      .map(([rule, detail, of]) => ({
        rule: String(rule),
        detail: typeof detail === 'string' ? detail : null,
        rows: Number(of),
      })),
    differs: differCounts(db, spec, part, table),
    leftOut: db
      .rows('SELECT source_column, filled FROM left_out WHERE part = ? ORDER BY source_column', BigInt(part))
      .map(([column, filled]) => ({ column: String(column), filled: Number(filled) })),
  };
}

function differCounts(db: Connection, spec: MergeSpec, part: number, table: string): readonly DifferCount[] {
  const columns = spec.tables.find((one) => one.table === table)?.columns ?? [];
  return db
    .rows(
      `SELECT d."column", d.winner, u.name, count(*) FROM differs_${part} d JOIN rules u USING (rule) GROUP BY d."column", d.winner, u.name ORDER BY 1, 2, 3`,
    )
    .map(([column, winner, rule, rows]) => ({
      column: columns[Number(column)]?.name ?? '',
      winner: winner === BigInt(WINNER.source) ? 'source' : 'target',
      rule: String(rule),
      rows: Number(rows),
    }));
}

/** A ledger written by hand, with the statements that stand in docs/ledger.md: what reads ledgers is tested without what writes them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MergeSpec } from '../../src/merge/model.ts';
import { openConnection, type SqlValue } from '../../src/stores/sqlite/driver.ts';

export interface HandPart {
  /** Position in the sources. */
  readonly source: number;
  readonly from: string;
  readonly to: string;
  readonly offset: number | null;
  readonly counts: readonly [rows: number, inserted: number, identical: number, merged: number, retained: number];
  /** first, last, offset */
  readonly spans?: readonly (readonly [number, number, number])[];
  /** address, presence, address in the target, rule */
  readonly rows?: readonly (readonly [readonly SqlValue[], 1 | 2 | 3 | 4, readonly SqlValue[] | null, string?])[];
  /** address, column, won, lost, winner */
  readonly differs?: readonly (readonly [readonly SqlValue[], number, SqlValue, SqlValue, 0 | 1])[];
  readonly leftOut?: Readonly<Record<string, number>>;
  /** Values per address: of the source's row, of the target's row. */
  readonly keys?: readonly [own: number, there: number];
}

const DDL = /```sql\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, '../../docs/ledger.md'), 'utf8'))?.[1];

export function writeHandLedger(file: string, spec: MergeSpec, parts: readonly HandPart[]): void {
  const [shared = '', own = ''] = (DDL ?? '').split('-- per part');
  const db = openConnection(file, 'create');
  db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; ${shared}`);
  const run = (sql: string, ...values: SqlValue[]): void => void db.rows(sql, ...values);
  run('INSERT INTO ledger VALUES (1, ?, ?)', 'hub.db', JSON.stringify(spec));
  run("INSERT INTO stores VALUES (0, 'hub.db', NULL, 'target')");
  for (const [i, { path }] of spec.sources.entries()) {
    run("INSERT INTO stores VALUES (?, ?, NULL, 'source')", BigInt(i + 1), path);
  }
  const rule = (name: string): bigint => {
    run('INSERT INTO rules (name) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM rules WHERE name = ?1)', name);
    return db.row('SELECT rule FROM rules WHERE name = ?', name)?.[0] as bigint;
  };
  const places = (count: number): string => Array.from({ length: count }, () => '?').join(', ');
  for (const [at, part] of parts.entries()) {
    const [o, k] = part.keys ?? [1, 1];
    const columns = (letter: string, count: number): string =>
      Array.from({ length: count }, (_, i) => `${letter}${i}`).join(', ');
    const statements = own.slice(own.indexOf('\n')).replaceAll('<part>', String(at));
    db.exec(statements.replaceAll('o0, …', columns('o', o)).replaceAll('k0, …', columns('k', k)));
    const conflicts = new Set((part.differs ?? []).map(([address]) => String(address))).size;
    const counts = [...part.counts, conflicts].map(BigInt);
    const offset = part.offset === null ? null : BigInt(part.offset);
    run(
      `INSERT INTO parts VALUES (${places(11)})`,
      BigInt(at),
      BigInt(part.source + 1),
      part.from,
      part.to,
      ...counts,
      offset,
    );
    for (const span of part.spans ?? []) run('INSERT INTO spans VALUES (?, ?, ?, ?)', BigInt(at), ...span.map(BigInt));
    for (const [address, presence, there, why] of part.rows ?? []) {
      const target = there ?? Array.from({ length: k }, () => null);
      const reason = why === undefined ? null : rule(why);
      run(`INSERT INTO rows_${at} VALUES (${places(o + k + 2)})`, ...address, BigInt(presence), ...target, reason);
    }
    for (const [address, column, won, lost, winner] of part.differs ?? []) {
      const line = [...address, BigInt(column), won, lost, BigInt(winner), rule('policy')];
      run(`INSERT INTO differs_${at} VALUES (${places(o + 5)})`, ...line);
    }
    for (const [column, filled] of Object.entries(part.leftOut ?? {})) {
      run('INSERT INTO left_out VALUES (?, ?, ?)', BigInt(at), column, BigInt(filled));
    }
  }
  db.close();
}

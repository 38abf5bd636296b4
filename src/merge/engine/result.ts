/** Counts what became of the rows of one part, writes it into the ledger and says it. */
import { asInteger } from '../../rows/affinity-sql.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import { WINNER } from '../ledger-schema.ts';
import type { PartResult, RetainedRule } from '../model.ts';
import { inForm, raw } from './cells.ts';
import { deletedInSource } from './deleted.ts';
import { maskedExamples } from './examples.ts';
import { comesIn } from './insert-sql.ts';
import { differsOf, type Engine, oldOf, type Part, rowsOf } from './model.ts';
import { written } from './written.ts';

export function resultOf(engine: Engine, part: Part): PartResult {
  const { db } = engine;
  const counts = new Map(
    db
      .rows(`SELECT presence, count(*) FROM ${rowsOf(part)} GROUP BY presence`)
      .map(([one, rows]) => [one, Number(rows)]),
  );
  const [identical, merged, retained] = [2n, 3n, 4n].map((presence) => counts.get(presence) ?? 0) as [
    number,
    number,
    number,
  ];
  const inserted = part.rows - identical - merged - retained;
  const leftOut = Object.fromEntries(part.spec.leftOut.map((column) => [column, filled(engine, part, column)]));
  const conflicts =
    db.row(`SELECT count(*) FROM (SELECT DISTINCT ${oldOf(part).join(', ')} FROM ${differsOf(part)})`)?.[0] ?? 0n;
  db.prepare(
    'UPDATE ledger.parts SET rows = ?, inserted = ?, identical = ?, merged = ?, retained = ?, conflicts = ? WHERE part = ?',
  )(...[part.rows, inserted, identical, merged, retained].map(BigInt), conflicts, BigInt(part.number));
  const noted = db.prepare('INSERT INTO ledger.left_out VALUES (?, ?, ?)');
  for (const [column, rows] of Object.entries(leftOut)) noted(BigInt(part.number), column, BigInt(rows));
  return {
    source: part.source,
    sourceTable: part.spec.table,
    table: part.target.spec.table,
    rows: part.rows,
    inserted,
    identical,
    merged,
    retained,
    conflicts: Number(conflicts),
    changed: Number(db.row(`SELECT count(*) FROM ${differsOf(part)} WHERE winner = ${WINNER.source}`)?.[0] ?? 0),
    renumbered: inserted === 0 ? 0 : renumbered(engine, part, inserted),
    differs: Object.fromEntries(
      db
        .rows(`SELECT "column", count(*) FROM ${differsOf(part)} GROUP BY 1 ORDER BY 1`)
        .map(([at, rows]) => [part.target.spec.columns[Number(at)]?.name ?? '', Number(rows)]),
    ),
    retainedBy: db
      .rows(
        `SELECT u.name, u.detail, count(*), u.rule FROM ${rowsOf(part)} r JOIN ledger.rules u ON u.rule = r.rule WHERE r.presence = 4 GROUP BY u.rule ORDER BY u.name, u.detail`,
      )
      .map(([name, said, rows, rule]) => {
        const detail = said === null || said === undefined ? null : String(said);
        const examples = maskedExamples(engine, part, BigInt(Number(rule)), String(name), detail);
        const retained = { rule: String(name) as RetainedRule, detail, rows: Number(rows) };
        return examples.length === 0 ? retained : { ...retained, examples };
      }),
    leftOut,
    deletedInSource: deletedInSource(engine, part),
  };
}

function filled({ db }: Engine, part: Part, column: string): number {
  const cell = quoteName(column);
  return Number(db.row(`SELECT count(*) FROM ${part.shape.sql} WHERE ${cell} IS NOT NULL AND ${cell} <> ''`)?.[0] ?? 0);
}

/** Inserted rows whose surrogate is another one than in their store. */
function renumbered({ db }: Engine, part: Part, inserted: number): number {
  const { surrogate } = part.target.spec;
  const { state } = part;
  if (surrogate === null || raw(part, surrogate, 'x') === null) return 0;
  const isListed = state.listed && db.row(`SELECT 1 FROM ${rowsOf(part)} WHERE presence = 1 LIMIT 1`) !== undefined;
  if (!isListed && !state.renumbered && state.offset === 0n) return 0;
  const isPlain = raw(part, surrogate, 'x') === `x.${quoteName(part.shape.rowidColumn ?? '')}`;
  if (!isListed && !state.renumbered && state.offset !== 'many' && isPlain) return inserted;
  const own = asInteger(`(${inForm(part, surrogate, 'x')})`);
  return Number(
    db.row(
      `SELECT count(*) FROM ${part.shape.sql} x WHERE ${comesIn(part, 'x')} AND ${written(part, surrogate, 'x')} IS NOT ${own}`,
    )?.[0] ?? 0,
  );
}

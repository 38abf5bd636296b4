/** A row that was retained since the target had deleted it is not in the target: not under its identity, that is. */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import { exactly, inForm } from './equal.ts';
import type { Found } from './found.ts';
import type { Shape } from './shapes.ts';
import { type Followed, followedCell } from './translate.ts';
import { equalAddresses, numbered, type PartView, rawOf } from './views.ts';

export function checkRetained(
  db: Connection,
  view: PartView,
  followed: readonly Followed[],
  target: Shape | null,
  found: Found,
): void {
  const { identity } = view.table;
  if (identity.kind !== 'key' || view.listed === 0 || target === null) return;
  // Who has its number there may be somebody else.
  if (identity.agreeing !== undefined) return;
  const keys = identity.columns.map((column) => {
    const raw = rawOf(view, column, quoteName);
    if (raw === null) return null;
    const isReference = followed.some(({ spec }) => spec.kind !== 'json' && spec.columns.includes(column));
    return isReference ? followedCell(view, followed, column, () => 'NULL').expected : raw;
  });
  if (keys.some((key) => key === null)) return;
  const joins = followed.map((one) => one.joins).join(' ');
  const on = equalAddresses(
    view.src.address.map((column) => `s.${column}`),
    numbered('r.o', view.src.address.length),
  );
  db.exec(`CREATE TEMP TABLE kept_away AS
    SELECT ${keys.map((key, i) => `+(${key}) AS c${i}`).join(', ')}
    FROM led.rows_${view.at} r JOIN led.rules USING (rule) JOIN ${view.src.from} s ON ${on} ${joins}
    WHERE r.presence = 4 AND rules.name = 'deleted-in-target'`);
  const meets = identity.columns.map((column, i) => {
    const normaliser = view.table.columns.find(({ name }) => name === column)?.normaliser ?? 'exact';
    const there = `t.${quoteName(column)}`;
    const equal =
      normaliser === 'exact' && !view.isText
        ? exactly(there, `a.c${i}`)
        : inForm(there, `a.c${i}`, normaliser, view.isText);
    return `${equal} AND a.c${i} IS NOT NULL`;
  });
  const rows =
    db.row('SELECT 1 FROM temp.kept_away') === undefined
      ? 0
      : Number(
          db.row(
            `SELECT count(DISTINCT a.rowid) FROM temp.kept_away a JOIN ${target.from} t ON ${meets.join(' AND ')}`,
          )?.[0] ?? 0,
        );
  found(
    'unaccounted',
    view.table.table,
    view.source,
    rows,
    'rows retained as deleted in the target that the target has',
  );
  db.exec('DROP TABLE temp.kept_away');
}

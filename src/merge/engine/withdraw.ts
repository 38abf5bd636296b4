/**
 * Rows that refer to each other are numbered before any is inserted. Where one was then refused, those that refer to it are taken out
 * again and retained with it.
 */
import { newRowid } from './cells.ts';
import { comesIn } from './insert-sql.ts';
import { type Engine, isLine, isRow, newOf, oldOf, type Part, rowsOf } from './model.ts';
import { leadsToRetained } from './parents.ts';
import { count, retainMet } from './retain.ts';
import { addressSql } from './shape.ts';

export function withdraw(engine: Engine, parts: readonly Part[]): void {
  for (let more = true; more; ) {
    more = false;
    for (const part of parts) {
      const condition = leadsToRetained(part, 'x');
      if (condition === null) continue;
      const before = part.state.retained;
      takeOut(engine, part, condition);
      const same = `EXISTS (SELECT 1 FROM ${part.shape.sql} x WHERE ${isRow(part, 'r', 'x')} AND ${condition})`;
      // What came in is taken out, in the next round if its parent was in this one.
      retainMet(engine, part, 'parent-retained', null, `r.presence <> 1 AND ${same}`);
      more ||= part.state.retained > before;
    }
  }
}

function takeOut(engine: Engine, part: Part, condition: string): void {
  const { db } = engine;
  const { shape } = part.target;
  const [old, fresh] = [oldOf(part), newOf(part)];
  const from = addressSql(part.shape, 'x');
  const to = shape.hasRowid ? [newRowid(part, from)] : fresh.map((name, i) => keyThere(part, name, from[i]));
  const columns = [...from.map((one, i) => `${one} AS ${old[i]}`), ...to.map((one, i) => `${one} AS ${fresh[i]}`)];
  db.exec(`DROP TABLE IF EXISTS temp.withdrawn;
    CREATE TEMP TABLE withdrawn AS SELECT ${columns.join(', ')} FROM ${part.shape.sql} x WHERE ${comesIn(part, 'x')} AND ${condition}`);
  if (db.row('SELECT 1 FROM temp.withdrawn LIMIT 1') === undefined) return;
  const rule = engine.rule('parent-retained');
  db.exec(`DELETE FROM ${shape.sql} WHERE (${shape.address.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ')}) IN (SELECT ${fresh.join(', ')} FROM temp.withdrawn);
    INSERT OR REPLACE INTO ${rowsOf(part)} SELECT ${[...old, '4', ...fresh.map(() => 'NULL'), rule].join(', ')} FROM temp.withdrawn`);
  count(engine, part);
}

function keyThere(part: Part, name: string, own: string | undefined): string {
  const listed = `(SELECT r.${name} FROM ${rowsOf(part)} r WHERE ${isLine(part, 'r', 'x')})`;
  return part.state.listed ? `coalesce(${listed}, ${own ?? 'NULL'})` : (own ?? 'NULL');
}

/** Cells of the target that sources have won: what stood there before, in order of the parts. A temporary table, or none. */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { equalAddresses, numbered, type PartView } from './views.ts';

/** `views`: the parts that come into one table. Returns the name of the table. */
export function collectChanges(db: Connection, views: readonly PartView[], name: string): string | null {
  const [first] = views;
  if (first === undefined) return null;
  const k = numbered('k', first.mrg.address.length);
  db.exec(`CREATE TEMP TABLE ${name} (${k.join(', ')}, c, part, was, became)`);
  for (const view of views.filter(({ listed }) => listed > 0)) {
    const o = numbered('o', view.src.address.length);
    const on = equalAddresses(
      o.map((column) => `r.${column}`),
      o.map((column) => `d.${column}`),
    );
    db.exec(`INSERT INTO temp.${name}
      SELECT ${k.map((column) => `r.${column}`).join(', ')}, d."column", ${view.at}, d.lost, d.won
      FROM led.differs_${view.at} d JOIN led.rows_${view.at} r ON ${on} WHERE d.winner = 1`);
  }
  if (db.row(`SELECT 1 FROM temp.${name}`) === undefined) {
    db.exec(`DROP TABLE temp.${name}`);
    return null;
  }
  db.exec(`CREATE INDEX temp.${name}_k ON ${name} (${k.join(', ')}, c, part)`);
  return `temp.${name}`;
}

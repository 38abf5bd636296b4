/** Tables of the work file that all of carrying has in common. */
import { addressNames, type Later, OP, tableIn } from './later-rows.ts';
import { differ, joined, of } from './sql.ts';

/**
 * `inserted`: numbers of rows that came since. `changed`: which columns of a changed row did, by position in the columns of its pair.
 * `refused` and `lost`: rows and single columns that a place does not take; what is in them is not tried again.
 */
export function prepareWork({ db, pairs }: Later): void {
  db.exec(`
    CREATE TABLE inserted (n INTEGER PRIMARY KEY, tab INTEGER NOT NULL);
    CREATE TABLE changed (n INTEGER NOT NULL, col INTEGER NOT NULL, PRIMARY KEY (n, col)) WITHOUT ROWID;
    CREATE TABLE refused (n INTEGER NOT NULL, place INTEGER NOT NULL, why TEXT NOT NULL, detail TEXT,
      PRIMARY KEY (n, place)) WITHOUT ROWID;
    CREATE TABLE lost (n INTEGER NOT NULL, place INTEGER NOT NULL, col INTEGER NOT NULL, why TEXT NOT NULL,
      PRIMARY KEY (n, place, col)) WITHOUT ROWID;
  `);
  for (const pair of pairs) {
    const { i, m, c, columns } = pair;
    db.exec(`INSERT INTO inserted SELECT n, ${i} FROM row_${i} WHERE op = ${OP.inserted}`);
    if (m === null || c === null || db.row(`SELECT 1 FROM row_${i} WHERE op = ${OP.changed}`) === undefined) continue;
    const from = `row_${i} r CROSS JOIN ${tableIn('m', m)} a ON ${joined(of('a', m.address.columns), addressNames(pair, 'm', 'r'))}
      CROSS JOIN ${tableIn('c', c)} b ON ${joined(of('b', c.address.columns), addressNames(pair, 'c', 'r'))}`;
    for (const [at, column] of columns.entries()) {
      const differs = differ(of('a', [column]), of('b', [column]));
      db.exec(`INSERT INTO changed SELECT r.n, ${at} FROM ${from} WHERE r.op = ${OP.changed} AND ${differs}`);
    }
  }
}

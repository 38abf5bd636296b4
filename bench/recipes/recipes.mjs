/**
 * What people run to merge one SQLite file into another, each as somebody who knows it would. Tables are taken in the order in which they
 * were made; errors are counted and passed over, as the scripts that were found do.
 */
import { spawnSync } from 'node:child_process';
import { DatabaseSync } from '@photostructure/sqlite';

const quote = (name) => `"${name.replaceAll('"', '""')}"`;

/** `SELECT *` where both have as many columns; who is told by SQLite that they have not, names those that both have. */
function intoSame(verb) {
  return (db, table, columns) => {
    const star = columns.mine.length === columns.theirs.length;
    const names = columns.both.map(quote).join(', ');
    db.exec(
      star
        ? `${verb} INTO main.${quote(table)} SELECT * FROM other.${quote(table)}`
        : `${verb} INTO main.${quote(table)} (${names}) SELECT ${names} FROM other.${quote(table)}`,
    );
  };
}

/** What `sqlite-utils upsert … --pk --alter` executes: missing columns added, then one statement per row. Without a key it inserts. */
function upsert(db, table, { both, theirs, mine, key, types }, fail) {
  for (const column of theirs) {
    if (!mine.includes(column))
      db.exec(`ALTER TABLE main.${quote(table)} ADD COLUMN ${quote(column)} ${types[column]}`);
  }
  const names = theirs.map(quote).join(', ');
  const marks = theirs.map(() => '?').join(', ');
  const rest = theirs.filter((column) => !key.includes(column));
  const conflict =
    key.length === 0 || !key.every((column) => both.includes(column))
      ? ''
      : rest.length === 0
        ? ` ON CONFLICT (${key.map(quote).join(', ')}) DO NOTHING`
        : ` ON CONFLICT (${key.map(quote).join(', ')}) DO UPDATE SET ${rest.map((column) => `${quote(column)} = excluded.${quote(column)}`).join(', ')}`;
  const insert = db.prepare(`INSERT INTO main.${quote(table)} (${names}) VALUES (${marks})${conflict}`);
  for (const row of rowsOf(db, table, names)) attempt(() => insert.run(...row), fail);
}

/** As the consolidation scripts do it: rows whose id is not there, column by column, one after the other, errors counted. */
function copyMissing(db, table, { both, key }, fail) {
  const names = both.map(quote).join(', ');
  const insert = db.prepare(`INSERT INTO main.${quote(table)} (${names}) VALUES (${both.map(() => '?').join(', ')})`);
  const [id = null] = key;
  const isThere = id === null ? null : db.prepare(`SELECT 1 FROM main.${quote(table)} WHERE ${quote(id)} = ?`);
  for (const row of rowsOf(db, table, names)) {
    if (isThere?.get(row[both.indexOf(id)]) !== undefined && isThere !== null) continue;
    attempt(() => insert.run(...row), fail);
  }
}

function rowsOf(db, table, names) {
  const statement = db.prepare(`SELECT ${names} FROM other.${quote(table)}`);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  return statement.all();
}

/** `.dump | sqlite3 other`: the shell goes on after each error. */
function dumpAndRestore(target, source) {
  const { stdout } = spawnSync('sqlite3', [source, '.dump'], { encoding: 'utf8' });
  // Without the transaction: one error would take everything back, and who restores takes it out for that reason.
  const sql = stdout.replace(/^(BEGIN TRANSACTION|COMMIT|ROLLBACK[^;]*);.*$/gm, '');
  const done = spawnSync('sqlite3', [target], { input: sql, encoding: 'utf8' });
  return done.stderr.split('\n').filter((line) => line !== '').length;
}

function attempt(work, fail) {
  try {
    work();
  } catch {
    fail();
  }
}

/** Table after table, in one connection. Returns the number of errors. */
function perTable(copy) {
  return (target, source) => {
    const db = new DatabaseSync(target, { enableForeignKeyConstraints: false });
    let errors = 0;
    const fail = () => {
      errors++;
    };
    try {
      db.prepare('ATTACH ? AS other').run(source);
      const tables = db
        .prepare(
          "SELECT name, sql FROM other.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid",
        )
        .all();
      for (const { name } of tables) attempt(() => copy(db, name, columnsOf(db, name), fail), fail);
    } finally {
      db.close();
    }
    return errors;
  };
}

function columnsOf(db, table) {
  const of = (schema) => db.prepare(`SELECT name, type, pk FROM pragma_table_info(?, ?)`).all(table, schema);
  const [mine, theirs] = [of('main'), of('other')];
  const names = mine.map(({ name }) => name);
  return {
    mine: names,
    theirs: theirs.map(({ name }) => name),
    both: theirs.map(({ name }) => name).filter((name) => names.includes(name)),
    key: mine.filter(({ pk }) => pk > 0).map(({ name }) => name),
    types: Object.fromEntries(theirs.map(({ name, type }) => [name, type])),
  };
}

export const RECIPES = [
  { name: 'INSERT OR IGNORE … SELECT *', run: perTable(intoSame('INSERT OR IGNORE')) },
  { name: 'INSERT OR REPLACE … SELECT *', run: perTable(intoSame('INSERT OR REPLACE')) },
  {
    name: 'INSERT … SELECT *',
    run: perTable((db, table) => db.exec(`INSERT INTO main.${quote(table)} SELECT * FROM other.${quote(table)}`)),
  },
  { name: '.dump | sqlite3', run: dumpAndRestore },
  { name: 'upsert by primary key', run: perTable(upsert) },
  { name: 'a script: rows whose id is not there', run: perTable(copyMissing) },
];

/**
 * Makes a table as code declares it, puts the rows of a file's table into it, and says what it would not take. Runs in a child process; the
 * table is a temporary one, the file is only read. Rows are counted, never shown.
 */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { fileUri, openConnection } from '../../stores/sqlite/driver.ts';
import { encodingOf } from '../../stores/sqlite/encoding.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { SmokeRequest, Tried, TriedTable } from './model.ts';

const NOTHING: Tried = { lacking: [], required: [], refused: [], changed: [], untried: null };

export function smokeOpen({ file, tables }: SmokeRequest): readonly (Tried | null)[] {
  const db = openConnection('', 'memory');
  try {
    db.exec(`PRAGMA encoding = '${encodingOf(file)}'`);
    db.rows('ATTACH ? AS m', fileUri(file, 'immutable'));
    return tables.map((one) => tryTable(db, one));
  } finally {
    db.close();
  }
}

interface Column {
  readonly name: string;
  readonly type: string;
  /** NOT NULL, and nothing fills it in. */
  readonly isRequired: boolean;
  readonly isGenerated: boolean;
}

function tryTable(db: Connection, { table, bodies }: TriedTable): Tried | null {
  const known = db.row("SELECT name FROM m.sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE", table);
  if (known === undefined) return null;
  const name = String(known[0]);
  const [from, into] = [`m.${quoteName(name)}`, `temp.${quoteName(name)}`];
  let untried = 'nothing of it could be read';
  for (const body of bodies) {
    try {
      db.exec(`DROP TABLE IF EXISTS ${into}`);
      // One statement, whatever stands behind it.
      db.rows(`CREATE TABLE ${into} ${body}`);
      const declared = columnsOf(db, 'temp', name);
      const own = columnsOf(db, 'm', name);
      const insert = insertOf(into, declared, own);
      // Functions and collations that are not here are only missed now.
      db.columns(`SELECT ${insert.values} FROM ${from}`);
      db.rows(`EXPLAIN ${insert.head} SELECT ${insert.values} FROM ${from}`);
      return measure(db, from, declared, own, insert);
    } catch (error) {
      if (!isOfTheStatement(error)) throw error;
      untried = (error as Error).message;
    }
  }
  return { ...NOTHING, untried };
}

const OF_THE_FILE = /image is malformed|disk is full|disk I\/O|not a database|out of memory|locking protocol/i;

function isOfTheStatement(error: unknown): boolean {
  return error instanceof Error && !OF_THE_FILE.test(error.message);
}

function columnsOf(db: Connection, schema: string, table: string): readonly Column[] {
  const rows = db.rows(
    'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?, ?)',
    table,
    schema,
  );
  const isSingle = rows.filter(([, , , , pk]) => pk !== 0n).length === 1;
  const isRowid = (pk: unknown, type: unknown): boolean => isSingle && pk !== 0n && /^INTEGER$/i.test(String(type));
  return rows.map(([name, type, notNull, fallback, pk, hidden]) => ({
    name: String(name),
    type: String(type),
    isRequired: notNull === 1n && fallback === null && hidden === 0n && !isRowid(pk, type),
    isGenerated: hidden !== 0n,
  }));
}

interface Insert {
  readonly into: string;
  readonly head: string;
  readonly values: string;
  /** Columns of both: name in the declaration, name in the file. */
  readonly shared: readonly (readonly [declared: Column, own: Column])[];
}

/** A column that the file lacks is told as such; its number of the row lets the other constraints speak. */
function insertOf(into: string, declared: readonly Column[], own: readonly Column[]): Insert {
  const shared = declared.flatMap((one): [Column, Column][] => {
    const found = own.find(({ name }) => same(name, one.name));
    return found === undefined || one.isGenerated ? [] : [[one, found]];
  });
  const filled = declared.filter((one) => one.isRequired && !own.some(({ name }) => same(name, one.name)));
  const names = [...shared.map(([{ name }]) => name), ...filled.map(({ name }) => name)];
  const values = [...shared.map(([, { name }]) => quoteName(name)), ...filled.map(() => 'row_number() OVER ()')];
  if (names.length === 0) throw new Error('it shares no column with the table');
  return {
    into,
    head: `INSERT INTO ${into} (${names.map(quoteName).join(', ')})`,
    values: values.join(', '),
    shared,
  };
}

function measure(
  db: Connection,
  from: string,
  declared: readonly Column[],
  own: readonly Column[],
  insert: Insert,
): Tried {
  const isIn = (name: string, all: readonly Column[]): boolean => all.some((one) => same(one.name, name));
  return {
    lacking: declared.flatMap(({ name }) => (isIn(name, own) ? [] : [name])),
    required: own.flatMap(({ name, isRequired }) => (isRequired && !isIn(name, declared) ? [name] : [])),
    refused: refusedRows(db, from, insert),
    changed: changedValues(db, from, insert),
    untried: null,
  };
}

/** All at once; where not all rows are in then, one after the other, so that SQLite says why. */
function refusedRows(db: Connection, from: string, { into, head, values }: Insert): Tried['refused'] {
  const rows = (table: string): bigint => db.row(`SELECT count(*) FROM ${table}`)?.[0] as bigint;
  try {
    db.exec(`${head.replace('INSERT', 'INSERT OR IGNORE')} SELECT ${values} FROM ${from}`);
    if (rows(into) === rows(from)) return [];
  } catch (error) {
    if (!isOfTheStatement(error)) throw error;
  }
  db.exec(`DELETE FROM ${into}; DROP TABLE IF EXISTS temp.desprawl_rows;
    CREATE TEMP TABLE desprawl_rows AS SELECT ${values} FROM ${from}`);
  const put = db.prepare(
    `${head.replace('INSERT', 'INSERT OR ABORT')} SELECT * FROM temp.desprawl_rows WHERE rowid = ?`,
  );
  const found = new Map<string, number>();
  const last = db.row('SELECT max(rowid) FROM temp.desprawl_rows')?.[0] as bigint;
  for (let row = 1n; row <= last; row++) {
    try {
      put(row);
    } catch (error) {
      if (!isOfTheStatement(error)) throw error;
      const why = (error as Error).message;
      found.set(why, (found.get(why) ?? 0) + 1);
    }
  }
  db.exec('DROP TABLE temp.desprawl_rows');
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([why, count]) => ({ why, rows: count }));
}

/** Through columns of the declared types, without any constraint. */
function changedValues(db: Connection, from: string, { shared }: Insert): Tried['changed'] {
  return shared.flatMap(([declared, own]) => {
    if (declared.type.toUpperCase() === own.type.toUpperCase()) return [];
    const type = declared.type === '' ? '' : quoteName(declared.type);
    db.exec(`DROP TABLE IF EXISTS temp.desprawl_as_is; DROP TABLE IF EXISTS temp.desprawl_typed;
      CREATE TEMP TABLE desprawl_as_is AS SELECT ${quoteName(own.name)} AS v FROM ${from} WHERE ${quoteName(own.name)} IS NOT NULL;
      CREATE TEMP TABLE desprawl_typed (n INTEGER PRIMARY KEY, v ${type});
      INSERT INTO temp.desprawl_typed SELECT rowid, v FROM temp.desprawl_as_is`);
    const rows = db.row(`SELECT count(*) FROM temp.desprawl_as_is a JOIN temp.desprawl_typed t ON t.n = a.rowid
      WHERE +a.v IS NOT +t.v AND CAST(a.v AS TEXT) IS NOT CAST(t.v AS TEXT)`)?.[0];
    db.exec('DROP TABLE temp.desprawl_as_is; DROP TABLE temp.desprawl_typed');
    return rows === 0n ? [] : [{ column: declared.name, rows: Number(rows) }];
  });
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * Gives every row that comes in its address in the merged file, before any is inserted, so that whatever refers to it can be written.
 * Where both have a rowid, that is the old one or the old one plus one offset; what is otherwise stands row by row in the ledger.
 * Whole because each way of numbering must know which numbers the others give.
 */
import { asInteger } from '../../rows/affinity-sql.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import { inForm, raw } from './cells.ts';
import { type Engine, type Numbers, oldOf, type Part, rowsOf, undecided } from './model.ts';
import { count, retain } from './retain.ts';
import { addressSql } from './shape.ts';
import { written } from './written.ts';

const LAST = 2n ** 63n - 1n;
const FIRST = -(2n ** 63n);

export function number(engine: Engine, part: Part): void {
  const { target, shape } = part;
  const { surrogate } = target.spec;
  const { rowidColumn } = target.shape;
  if (!isOpen(engine, part)) return;
  if (surrogate !== null && surrogate !== rowidColumn) renumber(engine, part);
  if (!target.shape.hasRowid) {
    listKeys(engine, part);
    return;
  }
  const number = rowidColumn === null ? null : raw(part, rowidColumn, 'x');
  const own = shape.rowidColumn === null ? null : `x.${quoteName(shape.rowidColumn)}`;
  const isPlain = number !== null && number === own && inForm(part, rowidColumn ?? '', 'x') === own;
  if (surrogate !== null && surrogate === rowidColumn) {
    if (isPlain) offsetIds(engine, part);
    else listIds(engine, part, number);
  } else if (number === null) {
    append(engine, part);
  } else if (!isPlain || target.spec.references.some(({ columns }) => columns.includes(rowidColumn ?? ''))) {
    list(engine, part, [written(part, rowidColumn ?? '', 'x')], '1');
  } else {
    span(engine, part, 0n, '1');
  }
}

/** Whether there are rows that the ledger says nothing of: each of its lines is about one row. */
function isOpen(engine: Engine, part: Part): boolean {
  return lines(engine, part) < part.rows;
}

/** Writes rows down as inserted, with their address there. */
function list(engine: Engine, part: Part, to: readonly string[], condition: string): void {
  engine.db.exec(
    `INSERT INTO ${rowsOf(part)} SELECT ${[...addressSql(part.shape, 'x'), '1', ...to, 'NULL'].join(', ')} FROM ${part.shape.sql} x WHERE ${undecided(part, 'x')} AND ${condition}`,
  );
  count(engine, part);
}

/** One range for all that is left. */
function span(engine: Engine, part: Part, offset: bigint, condition: string): void {
  const [address = ''] = addressSql(part.shape, 'x');
  part.state.offset = offset;
  if (offset !== 0n && part.target.spec.surrogate === part.target.shape.rowidColumn) noteOffset(engine, part, offset);
  const all = `FROM ${part.shape.sql} x`;
  // Of a whole table, each end by itself is found without reading the rows between.
  const ends =
    condition === '1'
      ? `SELECT (SELECT min(${address}) ${all}) AS lo, (SELECT max(${address}) ${all}) AS hi`
      : `SELECT min(${address}) AS lo, max(${address}) AS hi ${all} WHERE ${condition}`;
  engine.db.exec(
    `INSERT INTO ledger.spans SELECT ${part.number}, lo, hi, ${offset} FROM (${ends}) WHERE lo IS NOT NULL`,
  );
}

/** How far the surrogates of rows moved that got another one. */
function noteOffset({ db }: Engine, part: Part, offset: bigint): void {
  db.exec(`UPDATE ledger.parts SET offset = ${offset} WHERE part = ${part.number}`);
}

/** Ids that are free are kept, all others move by one offset. */
function offsetIds(engine: Engine, part: Part): void {
  const { db } = engine;
  const { numbers, shape, at } = part.target;
  const [id = ''] = addressSql(part.shape, 'x');
  const [low, high] =
    db.row(`SELECT (SELECT min(${id}) FROM ${part.shape.sql} x), (SELECT max(${id}) FROM ${part.shape.sql} x)`) ?? [];
  if (numbers === null || typeof low !== 'bigint' || typeof high !== 'bigint') return;
  const { dense } = numbers;
  if (dense !== null && dense.first <= low && high <= dense.last) {
    if (!moveAll(engine, part, numbers, low, high)) listTaken(engine, part, numbers, '1');
    return;
  }
  const isTaken = `(EXISTS (SELECT 1 FROM ${shape.sql} y WHERE y.${quoteName(shape.rowidColumn ?? '')} = ${id}) OR EXISTS (SELECT 1 FROM temp.taken_${at} g WHERE g.id = ${id}))`;
  const open = `FROM ${part.shape.sql} x WHERE ${undecided(part, 'x')}`;
  const [all, taken, first, last] =
    db.row(`SELECT count(*), count(t), min(t), max(t) FROM (SELECT iif(${isTaken}, ${id}, NULL) AS t ${open})`) ?? [];
  if (taken === 0n || typeof first !== 'bigint' || typeof last !== 'bigint') {
    span(engine, part, 0n, '1');
  } else if (taken === all) {
    if (!moveAll(engine, part, numbers, first, last)) listTaken(engine, part, numbers, '1');
  } else if (fits(numbers, first, last)) {
    moveSome(engine, part, numbers, isTaken, first, last);
  } else {
    listTaken(engine, part, numbers, isTaken);
    span(engine, part, 0n, undecided(part, 'x'));
  }
}

const fits = ({ next, limit }: Numbers, first: bigint, last: bigint): boolean => {
  const offset = next - first;
  return next + (last - first) <= limit && offset <= LAST && offset >= FIRST;
};

function moveAll(engine: Engine, part: Part, numbers: Numbers, first: bigint, last: bigint): boolean {
  if (!fits(numbers, first, last)) return false;
  const offset = numbers.next - first;
  numbers.next = last + offset + 1n;
  span(engine, part, offset, '1');
  return true;
}

/** Runs of rows that are kept and of rows that are moved. */
function moveSome(engine: Engine, part: Part, numbers: Numbers, isTaken: string, first: bigint, last: bigint): void {
  const offset = numbers.next - first;
  numbers.next = last + offset + 1n;
  const [id = ''] = addressSql(part.shape, 'x');
  const flags = `SELECT ${id} AS o, ${isTaken} AS f FROM ${part.shape.sql} x WHERE ${undecided(part, 'x')}`;
  const starts = `SELECT o, f, f IS NOT lag(f) OVER (ORDER BY o) AS s FROM (${flags})`;
  engine.db.exec(
    `INSERT INTO ledger.spans SELECT ${part.number}, min(o), max(o), iif(f, ${offset}, 0) FROM (SELECT o, f, sum(s) OVER (ORDER BY o) AS g FROM (${starts})) GROUP BY g`,
  );
  noteOffset(engine, part, offset);
  part.state.offset = 'many';
}

/** No room for an offset: one number after the other, as far as there are any. */
function listTaken(engine: Engine, part: Part, numbers: Numbers, isTaken: string): void {
  const rank = `row_number() OVER (ORDER BY ${addressSql(part.shape, 'x').join(', ')})`;
  const free = numbers.limit - numbers.next + 1n;
  const before = lines(engine, part);
  engine.db.exec(
    `INSERT INTO ${rowsOf(part)} SELECT ${oldOf(part).join(', ')}, 1, ${numbers.next - 1n} + n, NULL FROM (SELECT ${addressSql(
      part.shape,
      'x',
    )
      .map((one, i) => `${one} AS o${i}`)
      .join(
        ', ',
      )}, ${rank} AS n FROM ${part.shape.sql} x WHERE ${undecided(part, 'x')} AND ${isTaken}) WHERE n <= ${free}`,
  );
  numbers.next += lines(engine, part) - before;
  count(engine, part);
  retain(engine, part, 'key-taken', 'no number is free', isTaken);
}

function lines({ db }: Engine, part: Part): bigint {
  return BigInt(Number(db.row(`SELECT count(*) FROM ${rowsOf(part)}`)?.[0] ?? 0));
}

/** The source numbers its rows in some other way, or not at all: each number stands in the ledger, unless all differ by the same. */
function listIds(engine: Engine, part: Part, number: string | null): void {
  const { db } = engine;
  const { numbers, shape, at } = part.target;
  if (numbers === null) return;
  const old = oldOf(part);
  const address = addressSql(part.shape, 'x');
  const own = number === null ? 'NULL' : asInteger(`(${inForm(part, part.target.spec.surrogate ?? '', 'x')})`);
  const ours = `SELECT ${address.map((one, i) => `${one} AS ${old[i]}`).join(', ')}, ${own} AS v FROM ${part.shape.sql} x WHERE ${undecided(part, 'x')}`;
  const isFree = `q.v IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${shape.sql} y WHERE y.${quoteName(shape.rowidColumn ?? '')} = q.v) AND NOT EXISTS (SELECT 1 FROM temp.taken_${at} g WHERE g.id = q.v) AND row_number() OVER (PARTITION BY q.v ORDER BY ${old.join(', ')}) = 1`;
  db.exec(`DROP TABLE IF EXISTS temp.ids; CREATE TEMP TABLE ids AS SELECT ${old.join(', ')}, iif(f, v, NULL) AS v FROM (SELECT ${old.join(', ')}, q.v, ${isFree} AS f FROM (${ours}) q);
    UPDATE temp.ids SET v = ${numbers.next - 1n} + n.n FROM (SELECT rowid AS r, row_number() OVER (ORDER BY ${old.join(', ')}) AS n FROM temp.ids WHERE v IS NULL) n WHERE n.r = ids.rowid;`);
  numbers.next += BigInt(Number(db.row(`SELECT count(*) FROM temp.ids WHERE v >= ${numbers.next}`)?.[0] ?? 0));
  const [lowest, highest] = part.shape.hasRowid ? (db.row('SELECT min(v - o0), max(v - o0) FROM temp.ids') ?? []) : [];
  if (typeof lowest === 'bigint' && lowest === highest) {
    span(engine, part, lowest, '1');
    return;
  }
  db.exec(`INSERT INTO ${rowsOf(part)} SELECT ${old.join(', ')}, 1, v, NULL FROM temp.ids`);
  count(engine, part);
}

/** A rowid that no column shows: behind all others. */
function append(engine: Engine, part: Part): void {
  const { db } = engine;
  const [own = ''] = addressSql(part.target.shape, 'y');
  const top = db.row(`SELECT max(${own}) FROM ${part.target.shape.sql} y`)?.[0];
  const next = typeof top === 'bigint' && top > 0n ? top + 1n : 1n;
  const [address = ''] = addressSql(part.shape, 'x');
  const [low, high] = part.shape.hasRowid
    ? (db.row(`SELECT min(${address}), max(${address}) FROM ${part.shape.sql} x`) ?? [])
    : [];
  if (typeof low === 'bigint' && typeof high === 'bigint' && next + (high - low) <= LAST && next - low <= LAST) {
    span(engine, part, typeof top === 'bigint' || low < 1n ? next - low : 0n, '1');
    return;
  }
  const rank = `row_number() OVER (ORDER BY ${addressSql(part.shape, 'x').join(', ')})`;
  list(engine, part, [`${next - 1n} + ${rank}`], '1');
}

/** A surrogate that is not the rowid: the new ones of those that collide, for as long as the source is open. */
function renumber(engine: Engine, part: Part): void {
  const { db } = engine;
  const { numbers, shape, at, spec } = part.target;
  if (numbers === null || spec.surrogate === null) return;
  const old = oldOf(part);
  const own = raw(part, spec.surrogate, 'x') === null ? 'NULL' : asInteger(`(${inForm(part, spec.surrogate, 'x')})`);
  const ours = `SELECT ${addressSql(part.shape, 'x')
    .map((one, i) => `${one} AS ${old[i]}`)
    .join(', ')}, ${own} AS v FROM ${part.shape.sql} x WHERE ${undecided(part, 'x')}`;
  // A column that may be empty stays so; a key may not.
  const isEmpty =
    raw(part, spec.surrogate, 'x') === null || shape.primaryKey.includes(spec.surrogate) ? 'q.v IS NULL OR ' : '';
  const isTaken = `${isEmpty}EXISTS (SELECT 1 FROM ${shape.sql} y WHERE y.${quoteName(spec.surrogate)} = q.v) OR EXISTS (SELECT 1 FROM temp.taken_${at} g WHERE g.id = q.v)`;
  const table = `temp.renumbered_${part.number}`;
  db.exec(
    `DROP TABLE IF EXISTS ${table}; CREATE TEMP TABLE renumbered_${part.number} AS SELECT ${old.join(', ')}, q.v AS new FROM (${ours}) q WHERE ${isTaken}`,
  );
  if (shape.hasRowid) retainFar(engine, part, numbers, table);
  const [rows, low, high] = db.row(`SELECT count(*), min(new), max(new) FROM ${table}`) ?? [];
  if (rows === 0n) return;
  const moves = typeof low === 'bigint' && typeof high === 'bigint' && fits(numbers, low, high);
  const whole = db.row(`SELECT count(*) FROM ${table} WHERE new IS NULL`)?.[0] === 0n;
  if (moves && whole) {
    const offset = numbers.next - low;
    numbers.next = high + offset + 1n;
    db.exec(`UPDATE ${table} SET new = new + (${offset})`);
    noteOffset(engine, part, offset);
  } else {
    db.exec(
      `UPDATE ${table} SET new = ${numbers.next - 1n} + n.n FROM (SELECT rowid AS r, row_number() OVER (ORDER BY ${old.join(', ')}) AS n FROM ${table}) n WHERE n.r = renumbered_${part.number}.rowid`,
    );
    numbers.next += BigInt(Number(rows));
  }
  db.exec(`CREATE UNIQUE INDEX temp.renumbered_${part.number}_old ON renumbered_${part.number} (${old.join(', ')})`);
  part.state.renumbered = true;
}

/** Where no address tells the new number, all of a part move by one offset: those that it would carry too far stay. */
function retainFar(engine: Engine, part: Part, numbers: Numbers, table: string): void {
  const { db } = engine;
  const [low, high] = db.row(`SELECT min(new), max(new) FROM ${table}`) ?? [];
  if (typeof low !== 'bigint' || typeof high !== 'bigint' || fits(numbers, low, high)) return;
  const last = low + (numbers.limit - numbers.next);
  const far = `SELECT ${oldOf(part).join(', ')} FROM ${table} WHERE new > ${last}`;
  retain(engine, part, 'key-taken', 'no number is free', `(${addressSql(part.shape, 'x').join(', ')}) IN (${far})`);
  db.exec(`DELETE FROM ${table} WHERE new > ${last}`);
}

/** WITHOUT ROWID there: rows that do not keep the key by which they are named here. */
function listKeys(engine: Engine, part: Part): void {
  const { primaryKey } = part.target.shape;
  const address = addressSql(part.shape, 'x');
  const to = primaryKey.map((column) => written(part, column, 'x'));
  const alike = !part.shape.hasRowid && address.length === to.length;
  if (alike && to.every((one, i) => one === address[i])) return;
  list(
    engine,
    part,
    to,
    alike ? `NOT (${to.map((one, i) => `${address[i]} IS (${one}) COLLATE BINARY`).join(' AND ')})` : '1',
  );
}

/**
 * Divides the work on one large pair of tables between processes: each takes a range of rows and writes what it finds into a
 * file of its own, from which the comparison goes on as if it had found that itself. Only where the first key is one that
 * both sides declare unique, so that rows are looked up independently of each other.
 */
import type { Table } from '../stores/model.ts';
import type { Connection } from '../stores/sqlite/driver.ts';
import { quoteName } from '../stores/sqlite/quote.ts';
import { type CandidateKey, candidateKeys, inOrder } from './candidate-keys.ts';
import { addressOf, type CompareOptions, makePairing, type Pairing, type Side } from './compare-sql.ts';
import { differencesSql, isDirect } from './measure-key.ts';
import { leftOverSql } from './other-keys.ts';

/** Smaller tables are done before a second process has begun. */
const WORTH_IT = 200_000;

/** `differences`: rows of `a` without an equal partner. `left-over`: rows of `b` without any. */
export type Work = 'differences' | 'left-over';

export interface Slice {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

export function isDivisible(a: Table, b: Table, options: CompareOptions): boolean {
  if (Math.min(a.rows ?? 0, b.rows ?? 0) < WORTH_IT || Math.max(a.rows ?? 0, b.rows ?? 0) > options.exactRows)
    return false;
  if (a.withoutRowid || b.withoutRowid || (a.digest !== undefined && a.digest === b.digest)) return false;
  return dividedBy(makePairing(a, b, options)) !== undefined;
}

/** The key that is measured first, if rows can be looked up by it on both sides as they are. */
function dividedBy(pairing: Omit<Pairing, 'db'>): CandidateKey | undefined {
  const [first] = inOrder(candidateKeys(pairing.a, pairing.b, pairing.match.pairs));
  return first !== undefined && isDirect(pairing, first, 'a') && isDirect(pairing, first, 'b') ? first : undefined;
}

/**
 * Does one slice; the result is a table `differences` or `left_over` in the schema `part`, which is attached for writing.
 * Returns how many rows have no partner at all.
 */
export function measurePart(
  db: Connection,
  a: Table,
  b: Table,
  options: CompareOptions,
  work: Work,
  slice: Slice,
): number {
  const whole = { ...makePairing(a, b, options), db };
  const key = dividedBy(whole);
  if (key === undefined) throw new TypeError('this pair of tables cannot be divided');
  const sides = {
    a: work === 'differences' ? sliced(db, whole.sides.a, slice) : whole.sides.a,
    b: work === 'left-over' ? sliced(db, whole.sides.b, slice) : whole.sides.b,
  };
  const pairing = { ...whole, sides };
  if (work === 'differences') {
    db.exec(`CREATE TABLE part.differences AS ${differencesSql(pairing, key)}`);
    return Number(db.row('SELECT count(*) - count(s0) FROM part.differences')?.[0] ?? 0);
  }
  db.exec(`CREATE TABLE part.left_over AS ${leftOverSql(pairing, key)}`);
  return Number(db.row('SELECT count(*) FROM part.left_over')?.[0] ?? 0);
}

/** Rowids may be anywhere between −2⁶³ and 2⁶³: the range is cut, not the rows counted. */
function sliced(db: Connection, side: Side, { index, of }: Slice): Side {
  const rowid = addressOf(side.table)[0] ?? 'rowid';
  const from = `${side.schema}.${quoteName(side.table.name)}`;
  const [low, high] = db.row(`SELECT (SELECT min(${rowid}) FROM ${from}), (SELECT max(${rowid}) FROM ${from})`) ?? [];
  if (typeof low !== 'bigint' || typeof high !== 'bigint') return side;
  const cut = (at: number): bigint => low + ((high - low + 1n) * BigInt(at)) / BigInt(of);
  const conditions = [
    ...(index > 0 ? [`${rowid} >= ${cut(index)}`] : []),
    ...(index < of - 1 ? [`${rowid} < ${cut(index + 1)}`] : []),
  ];
  return conditions.length === 0 ? side : { ...side, where: conditions.join(' AND ') };
}

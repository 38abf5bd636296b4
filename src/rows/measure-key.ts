/**
 * Measures one candidate key: which rows find a partner by it, which of those are one entity, what differs. One pass finds
 * the rows without an equal partner; everything else is asked of those only.
 */
import type { ColumnPair } from '../audit/model.ts';
import { quoteName } from '../stores/sqlite/quote.ts';
import { keysLieApart } from './apart.ts';
import { type CandidateKey, surrogatePairs } from './candidate-keys.ts';
import { addressOf, balanced, equalCell, keyEquals, type Pair, type Pairing, project } from './compare-sql.ts';

/** Two rows with a common surrogate id are one entity where at least this share of what tells them apart is equal. */
const AGREEMENT = 0.5;
/** Columns per mask: SQLite's integers have 63 bits to spare. */
const MASK_BITS = 60;

export interface Measured {
  readonly key: CandidateKey;
  /**
   * Temporary table or view: the addresses of rows of `a` (`r…`) without a partner (`s0` is NULL) or with one (`s…`) that differs;
   * `m…` has a bit set for each compared column that differs.
   */
  readonly diff: string;
  /** The columns behind the bits, in their order. */
  readonly compared: readonly Pair[];
  readonly matched: number;
  readonly same: number;
  /** Matched, different and one entity. */
  readonly conflicting: number;
  /** Matched by the key, but not one entity. */
  readonly collisions: number;
}

export function isUnique(pairing: Pairing, key: CandidateKey): boolean {
  const exact = key.pairs.every((pair) => pair.normaliser === 'exact');
  return (['a', 'b'] as const).every((schema) => {
    if (exact && key.declared[schema]) return true;
    // A sample cannot show that a key is unique.
    if (pairing.sampled) return false;
    const columns = key.pairs.map((_, i) => `k${i}`);
    const some = columns.map((column) => `${column} IS NOT NULL`).join(' AND ');
    const rows = project(pairing.sides[schema], key.pairs, [], pairing.textual);
    const sql =
      columns.length === 1
        ? `SELECT count(k0) - count(DISTINCT k0) FROM (${rows})`
        : `SELECT (SELECT count(*) FROM (${rows}) WHERE ${some}) - (SELECT count(*) FROM (SELECT DISTINCT ${columns.join(', ')} FROM (${rows}) WHERE ${some}))`;
    return pairing.db.row(sql)?.[0] === 0n;
  });
}

/** `at`: the how many-th key it is; parts that other processes measured are of the first. */
export function measure(pairing: Pairing, key: CandidateKey, at: number): Measured {
  const { db, parts } = pairing;
  const compared = comparedWith(pairing, key);
  if (parts === undefined && liesApart(pairing, key)) return allAlone(pairing, key, compared, at);
  const diff = `diff_${at}`;
  const found =
    at === 0 && parts !== undefined
      ? parts.map((part) => `SELECT * FROM ${part}.differences`).join(' UNION ALL ')
      : differencesSql(pairing, key);
  db.exec(`DROP TABLE IF EXISTS temp.${diff}; CREATE TEMP TABLE ${diff} AS ${found}`);
  const agree = key.needsAgreement ? agreement(pairing, key, compared) : '1';
  const [alone = 0, differing = 0, agreeing = 0] = (
    db.row(`SELECT count(*) - count(s0), count(s0), total(s0 IS NOT NULL AND ${agree}) FROM temp.${diff}`) ?? []
  ).map(Number);
  const matched = pairing.rowsA - alone;
  const collisions = differing - agreeing;
  return { key, diff, compared, matched, same: matched - differing, conflicting: agreeing, collisions };
}

function liesApart(pairing: Pairing, key: CandidateKey): boolean {
  const direct = isDirect(pairing, key, 'a') && isDirect(pairing, key, 'b');
  return direct && !pairing.sampled && keysLieApart(pairing, key);
}

/** No key is on both sides: every row of `a` is without a partner, which need not be written down row by row. */
function allAlone(pairing: Pairing, key: CandidateKey, compared: readonly Pair[], at: number): Measured {
  const diff = `apart_${at}`;
  const columns = [
    ...addressOf(pairing.a).map((address, i) => `${address} AS r${i}`),
    ...addressOf(pairing.b).map((_, i) => `NULL AS s${i}`),
    ...maskGroups(compared).map((_, i) => `NULL AS m${i}`),
  ];
  const rows = `SELECT ${columns.join(', ')} FROM a.${quoteName(pairing.a.name)}`;
  pairing.db.exec(`DROP VIEW IF EXISTS temp.${diff}; CREATE TEMP VIEW ${diff} AS ${rows}`);
  return { key, diff, compared, matched: 0, same: 0, conflicting: 0, collisions: 0 };
}

/** One pass over `a`, looking up `b`: the addresses of rows that have no equal partner, and what differs. */
export function differencesSql(pairing: Pairing, key: CandidateKey): string {
  const { sides, textual } = pairing;
  const compared = comparedWith(pairing, key);
  const x = project(sides.a, key.pairs, compared, textual);
  const y = project({ schema: 'b', table: pairing.b }, key.pairs, compared, textual);
  const equal = compared.map((pair, i) => equalCell(pair, i, 'x', 'y', textual));
  const columns = [
    ...addressOf(pairing.a).map((_, i) => `x.r${i} AS r${i}`),
    ...addressOf(pairing.b).map((_, i) => `y.r${i} AS s${i}`),
    ...masks(equal).map((mask, i) => `CASE WHEN y.r0 IS NOT NULL THEN ${mask} END AS m${i}`),
  ];
  // Without an index on the key SQLite builds one over the materialised rows.
  const direct = isDirect(pairing, key, 'b');
  const partner = direct ? `(${y})` : 'partner';
  const cte = direct ? '' : `WITH partner AS MATERIALIZED (${y}) `;
  return `${cte}SELECT ${columns.join(', ')} FROM (${x}) x LEFT JOIN ${partner} y ON ${keyEquals(key.pairs, 'x', 'y')} WHERE y.r0 IS NULL OR NOT ${balanced(equal, 'AND')}`;
}

/** Whether rows of one side can be looked up by the key as it is, through the index that declares it. */
export function isDirect(pairing: Pick<Pairing, 'textual'>, key: CandidateKey, schema: 'a' | 'b'): boolean {
  return key.declared[schema] && !pairing.textual && key.pairs.every((pair) => pair.normaliser === 'exact');
}

/** SQL integers with a bit set for each column that differs. */
function masks(equal: readonly string[]): readonly string[] {
  return maskGroups(equal).map((group) =>
    balanced(
      group.map((condition, bit) => `((NOT ${condition}) << ${bit})`),
      '+',
    ),
  );
}

function maskGroups<T>(all: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / MASK_BITS) }, (_, i) =>
    all.slice(i * MASK_BITS, (i + 1) * MASK_BITS),
  );
}

/** SQL: the column at this position differs, asked of a row of the `diff` table. */
export function differsAt(position: number): string {
  return `((m${Math.floor(position / MASK_BITS)} >> ${position % MASK_BITS}) & 1)`;
}

/**
 * The columns that must agree: all, but where rows are recognised by something else, not the numbers that each database
 * gave them.
 */
function comparedWith(pairing: Pairing, key: CandidateKey): readonly Pair[] {
  const surrogates = surrogatePairs(pairing);
  return pairing.match.pairs.filter((pair) => key.pairs.includes(pair) || !surrogates.includes(pair));
}

/** Rows that are one entity by a natural key and carry different numbers. */
export function renumbered(pairing: Pairing, chosen: Measured): number {
  const surrogates = surrogatePairs(pairing).filter((pair) => !chosen.key.pairs.includes(pair));
  if (chosen.key.surrogate || surrogates.length === 0 || pairing.sampled) return 0;
  const x = project(pairing.sides.a, chosen.key.pairs, surrogates, pairing.textual);
  const y = project(pairing.sides.b, chosen.key.pairs, surrogates, pairing.textual);
  const equal = surrogates.map((pair, i) => equalCell(pair, i, 'x', 'y', pairing.textual));
  const sql = `WITH y AS MATERIALIZED (${y}) SELECT count(*) FROM (${x}) x JOIN y ON ${keyEquals(chosen.key.pairs, 'x', 'y')} WHERE NOT ${balanced(equal, 'AND')}`;
  return Number(pairing.db.row(sql)?.[0] ?? 0);
}

/** SQL condition on a row of the `diff` table: the two rows are one entity. */
function agreement(pairing: Pairing, key: CandidateKey, compared: readonly Pair[]): string {
  const left = [...key.pairs, ...surrogatePairs(pairing)];
  const weights = compared.map((pair) => (left.includes(pair) ? 0 : weight(pairing, pair)));
  const total = weights.reduce((sum, one) => sum + one, 0);
  if (total === 0) return '1';
  const terms = weights.flatMap((one, i) => (one === 0 ? [] : [`${one} * (1 - ${differsAt(i)})`]));
  return `${balanced(terms, '+')} >= ${Math.ceil(total * AGREEMENT)}`;
}

/** How much it says that two rows agree in this column: nothing for a constant, most where all values differ. */
function weight(pairing: Pairing, pair: Pair): number {
  const profile = pairing.a.columns.find(({ name }) => name === pair.a)?.profile;
  const other = pairing.b.columns.find(({ name }) => name === pair.b)?.profile;
  if (profile === undefined || other === undefined) return 1;
  return Math.round(10 * Math.min(profile.distinct, other.distinct) * (1 - Math.max(profile.nulls, other.nulls)));
}

export function conflictsPerColumn(pairing: Pairing, chosen: Measured): readonly ColumnPair[] {
  const { pairs } = pairing.match;
  if (chosen.conflicting === 0) return pairs.map((pair) => ({ ...pair, conflicting: 0 }));
  const sums = chosen.compared.map((_, i) => `total(${differsAt(i)})`);
  const agree = chosen.key.needsAgreement ? agreement(pairing, chosen.key, chosen.compared) : '1';
  const counted =
    pairing.db.row(`SELECT ${sums.join(', ')} FROM temp.${chosen.diff} WHERE s0 IS NOT NULL AND ${agree}`) ?? [];
  return pairs.map((pair) => {
    const at = chosen.compared.indexOf(pair);
    return { ...pair, conflicting: at === -1 ? 0 : Number(counted[at] ?? 0) };
  });
}

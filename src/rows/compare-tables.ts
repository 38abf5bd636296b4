/**
 * Compares two tables row by row and decides by which identity: a declared key, a natural key found in the data, or whole
 * rows as a multiset. An id counts as identity only where the rows that share it agree (traps R1, R2, R18).
 */
import type { ColumnPair, KeyEvidence, Relation, TableComparison } from '../audit/model.ts';
import type { Table } from '../stores/model.ts';
import type { Connection } from '../stores/sqlite/driver.ts';
import { type CandidateKey, candidateKeys, inOrder } from './candidate-keys.ts';
import { type CompareOptions, makePairing, type Pairing } from './compare-sql.ts';
import type { ColumnMatch } from './match-columns.ts';
import { conflictsPerColumn, isUnique, type Measured, measure, renumbered } from './measure-key.ts';
import { ambiguous, missingFromA, nullKeys, probe } from './other-keys.ts';
import { countOf, sampleSides } from './sample-rows.ts';
import { type WholeRows, wholeRows } from './whole-rows.ts';

/** Everything of a `TableComparison` but the names of the stores. */
export type Comparison = Omit<TableComparison, 'a' | 'b'>;

/** Keys that are measured in full; the probe of the others is cheap. */
const MEASURED_KEYS = 3;

/**
 * `a` and `b` are attached under these names, and so are `parts`, what other processes found (see `parts.ts`). Leaves temporary
 * tables behind, which go with the connection.
 */
export function compareTables(
  db: Connection,
  a: Table,
  b: Table,
  options: CompareOptions,
  parts: readonly string[] = [],
): Comparison {
  const sampled = Math.max(a.rows ?? 0, b.rows ?? 0) > options.exactRows;
  const whole: Pairing = { ...makePairing(a, b, options), db, ...(parts.length === 0 ? {} : { parts }) };
  const pairing = sampled ? sample(whole, options.sampleRows) : whole;
  const { match, rowsA, rowsB } = pairing;
  if (match.pairs.length === 0)
    return conclude(pairing, { same: 0, conflicting: 0, onlyA: rowsA, onlyB: rowsB }, [], []);
  if (!sampled && sameDigest(a, b, match)) return identical(pairing);
  if (rowsA === 0 || rowsB === 0)
    return conclude(pairing, { same: 0, conflicting: 0, onlyA: rowsA, onlyB: rowsB }, [], []);
  return byIdentity(pairing);
}

function sample(pairing: Pairing, rows: number): Pairing {
  const sides = sampleSides(pairing.db, pairing.a, pairing.b, rows);
  const [rowsA, rowsB] = [countOf(pairing.db, sides.a), countOf(pairing.db, sides.b)];
  return { ...pairing, sides, rowsA, rowsB, sampled: true };
}

interface Counts {
  readonly same: number;
  readonly conflicting: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly ambiguous?: number;
  readonly idCollisions?: number;
  readonly renumbered?: number;
}

/** Equal digests over all rows and all columns: nothing is left to ask. */
function sameDigest(a: Table, b: Table, match: ColumnMatch): boolean {
  const whole = match.onlyA.length === 0 && match.onlyB.length === 0 && match.pairs.every((pair) => pair.a === pair.b);
  return whole && a.digest !== undefined && a.digest === b.digest;
}

function identical(pairing: Pairing): Comparison {
  const counts = { same: pairing.rowsA, conflicting: 0, onlyA: 0, onlyB: 0 };
  const columns = pairing.match.pairs.map((pair) => ({ ...pair, conflicting: 0 }));
  const key = candidateKeys(pairing.a, pairing.b, pairing.match.pairs)[0];
  const evidence: KeyEvidence = {
    columns: key?.pairs.map((pair) => pair.a) ?? columns.map((pair) => pair.a),
    kind: key?.kind ?? 'row',
    surrogate: key?.surrogate ?? false,
    matched: pairing.rowsA,
    agreeing: pairing.rowsA,
    chosen: true,
    why: 'every row of one side is on the other, cell for cell',
  };
  return { ...conclude(pairing, counts, columns, [evidence]), method: 'digest' };
}

function byIdentity(pairing: Pairing): Comparison {
  const candidates = inOrder(candidateKeys(pairing.a, pairing.b, pairing.match.pairs));
  const measured: Measured[] = [];
  const probed: KeyEvidence[] = [];
  for (const key of candidates) {
    const best = measured[0];
    if (measured.length >= MEASURED_KEYS || (best !== undefined && isSettled(pairing, best))) break;
    // What merely happens to be distinct cannot beat an id that nothing contradicts.
    if (best !== undefined && best.collisions === 0 && key.needsAgreement) continue;
    const isHopeless = best !== undefined && best.collisions === 0 && probe(pairing, best, key) === 0;
    if (isHopeless) {
      probed.push(evidenceOf(key, 0, 0, false, `no row that ${names(best.key)} leaves over matches by it`));
    } else if (isUnique(pairing, key)) {
      measured.push(measure(pairing, key, measured.length));
    }
  }
  const chosen = choose(measured);
  const shared = chosen === undefined ? 0 : chosen.same + chosen.conflicting;
  const rows = shared < Math.min(pairing.rowsA, pairing.rowsB) ? wholeRows(pairing, chosen) : undefined;
  if (chosen === undefined || (rows !== undefined && rows.same > shared)) {
    if (rows !== undefined) return byWholeRows(pairing, rows, measured, chosen);
    return conclude(pairing, { same: 0, conflicting: 0, onlyA: pairing.rowsA, onlyB: pairing.rowsB }, [], []);
  }
  const keyless = nullKeys(pairing, chosen);
  const counts: Counts = {
    same: chosen.same + keyless,
    conflicting: chosen.conflicting,
    onlyA: pairing.rowsA - shared - keyless,
    onlyB: pairing.sampled ? missingFromA(pairing, chosen) : pairing.rowsB - shared - keyless,
    ambiguous: pairing.sampled ? 0 : ambiguous(pairing, chosen, candidates),
    idCollisions: measured.find(({ key }) => key.surrogate)?.collisions ?? 0,
    renumbered: renumbered(pairing, chosen),
  };
  const keys = measured.map((one) => evidence(one, one === chosen, chosen));
  return conclude(pairing, counts, conflictsPerColumn(pairing, chosen), [...keys, ...probed]);
}

/** Nothing is left over on one side, and nothing contradicts: no other key could match more. */
function isSettled(pairing: Pairing, best: Measured): boolean {
  return best.collisions === 0 && best.matched >= Math.min(pairing.rowsA, pairing.rowsB);
}

/** The key under which most rows are one entity; where two are equal, the one that nothing contradicts. */
function choose(measured: readonly Measured[]): Measured | undefined {
  const entities = (one: Measured): number => one.same + one.conflicting;
  return [...measured].sort((x, y) => entities(y) - entities(x) || x.collisions - y.collisions || y.same - x.same)[0];
}

function byWholeRows(
  pairing: Pairing,
  rows: WholeRows,
  measured: readonly Measured[],
  refused: Measured | undefined,
): Comparison {
  const counts: Counts = {
    same: rows.same,
    conflicting: 0,
    onlyA: pairing.rowsA - rows.same,
    onlyB: pairing.rowsB - rows.same,
    idCollisions: measured.find(({ key }) => key.surrogate)?.collisions ?? 0,
  };
  const columns = rows.pairs.map((pair) => pair.a);
  const why =
    refused === undefined
      ? 'no key on either side: whole rows are compared, equal rows counted'
      : `rows that share ${names(refused.key)} are different; whole rows without it are compared`;
  const keys = measured.map((one) => evidence(one, false, undefined));
  const row: KeyEvidence = {
    columns,
    kind: 'row',
    surrogate: false,
    matched: rows.same,
    agreeing: rows.same,
    chosen: true,
    why,
  };
  return conclude(
    pairing,
    counts,
    pairing.match.pairs.map((pair) => ({ ...pair, conflicting: 0 })),
    [row, ...keys],
  );
}

function conclude(
  pairing: Pairing,
  counts: Counts,
  columns: readonly ColumnPair[],
  keys: readonly KeyEvidence[],
): Comparison {
  const { match } = pairing;
  return {
    relation: relate(pairing, counts),
    rowsA: pairing.a.rows ?? 0,
    rowsB: pairing.b.rows ?? 0,
    same: counts.same,
    onlyA: counts.onlyA,
    onlyB: counts.onlyB,
    conflicting: counts.conflicting,
    ambiguous: counts.ambiguous ?? 0,
    idCollisions: counts.idCollisions ?? 0,
    ...(counts.renumbered === undefined || counts.renumbered === 0 ? {} : { renumbered: counts.renumbered }),
    keys,
    columns: columns.length > 0 ? columns : match.pairs.map((pair) => ({ ...pair, conflicting: 0 })),
    columnsOnlyA: match.onlyA,
    columnsOnlyB: match.onlyB,
    method: pairing.sampled ? 'sample' : 'exact',
    ...(pairing.sampled ? { sampledRows: pairing.rowsA + pairing.rowsB } : {}),
  };
}

/** A column that the other side lacks is data of its own, unless it is empty. */
function relate(pairing: Pairing, counts: Counts): Relation {
  if (pairing.match.pairs.length === 0) return 'unrelated';
  const shared = counts.same + counts.conflicting;
  if (shared === 0 && pairing.rowsA > 0 && pairing.rowsB > 0) return 'disjoint';
  const own = (table: Table, names: readonly string[]): boolean =>
    names.some((name) => table.columns.find((column) => column.name === name)?.profile?.shape !== 'empty');
  const moreA = counts.onlyA > 0 || (pairing.rowsA > 0 && own(pairing.a, pairing.match.onlyA));
  const moreB = counts.onlyB > 0 || (pairing.rowsB > 0 && own(pairing.b, pairing.match.onlyB));
  if (counts.conflicting > 0 || (moreA && moreB)) return 'diverged';
  if (moreA) return 'superset';
  return moreB ? 'subset' : 'identical';
}

function names(key: CandidateKey): string {
  return key.pairs.map((pair) => pair.a).join(' + ');
}

function evidenceOf(key: CandidateKey, matched: number, agreeing: number, chosen: boolean, why: string): KeyEvidence {
  return {
    columns: key.pairs.map((pair) => pair.a),
    kind: key.kind,
    surrogate: key.surrogate,
    matched,
    agreeing,
    chosen,
    why,
  };
}

function evidence(one: Measured, chosen: boolean, best: Measured | undefined): KeyEvidence {
  const agreeing = one.same + one.conflicting;
  return evidenceOf(one.key, one.matched, agreeing, chosen, because(one, chosen, best));
}

function because(one: Measured, chosen: boolean, best: Measured | undefined): string {
  if (one.collisions > 0) {
    const what = `${one.collisions} of the ${one.matched} rows that share ${names(one.key)} are different entities`;
    return chosen ? `${what}; the others agree and no other key matches more` : what;
  }
  if (chosen) return one.key.surrogate ? 'rows that share it agree' : 'unique on both sides, matches most rows';
  return best === undefined ? 'rows that share it are different' : `${names(best.key)} matches more rows`;
}

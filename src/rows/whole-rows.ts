/** Keyless rows are multisets: two equal rows are two (trap R18). */
import { quoteName } from '../stores/sqlite/quote.ts';
import { rowsLieApart } from './apart.ts';
import { surrogatePairs } from './candidate-keys.ts';
import { cell, type Pair, type Pairing } from './compare-sql.ts';

export interface WholeRows {
  readonly pairs: readonly Pair[];
  readonly same: number;
}

/** Surrogate numbers are left out of what is compared. */
export function wholeRows(
  pairing: Pairing,
  chosen: { readonly collisions: number; readonly matched: number } | undefined,
): WholeRows | undefined {
  if (pairing.sampled) return undefined;
  const surrogates = surrogatePairs(pairing);
  // Where rows match by a key that nothing contradicts, what is left over is new or deleted, not renumbered.
  if (chosen !== undefined && chosen.collisions === 0 && chosen.matched > 0) return undefined;
  const pairs = pairing.match.pairs.filter((pair) => !surrogates.includes(pair));
  if (pairs.length === 0) return undefined;
  return { pairs, same: rowsLieApart(pairing, pairs) ? 0 : multiset(pairing, pairs) };
}

export function multiset(pairing: Pairing, pairs: readonly Pair[], whereA?: string, whereB?: string): number {
  const rows = (schema: 'a' | 'b', mark: string, where: string | undefined): string => {
    const table = schema === 'a' ? pairing.a : pairing.b;
    const cells = pairs.map((pair, i) => {
      const expression = cell(quoteName(schema === 'a' ? pair.a : pair.b), pair, pairing.textual);
      return `(${expression}) COLLATE BINARY AS c${i}`;
    });
    return `SELECT ${mark}, ${cells.join(', ')} FROM ${schema}.${quoteName(table.name)}${where === undefined ? '' : ` WHERE ${where}`}`;
  };
  const grouped = `SELECT total(fromA) AS inA, total(1 - fromA) AS inB FROM (${rows('a', '1 AS fromA', whereA)} UNION ALL ${rows('b', '0', whereB)}) GROUP BY ${pairs.map((_, i) => `c${i}`).join(', ')}`;
  return Number(pairing.db.row(`SELECT total(min(inA, inB)) FROM (${grouped})`)?.[0] ?? 0);
}

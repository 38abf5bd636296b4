/** Has the child processes measure large pairs of tables together, before one of them concludes. */
import type { CompareOptions } from '../rows/compare-sql.ts';
import { isDivisible, type Work } from '../rows/parts.ts';
import type { Table } from '../stores/model.ts';
import type { Session } from './session.ts';

export interface TablePair {
  readonly a: Table;
  readonly b: Table;
  /** Files with what was measured already. */
  readonly parts?: readonly string[];
}

/** `a`, `b`: files that children may open. Returns the pairs with what was measured of them. Throws `UnreadableStore`. */
export async function divideWork(
  session: Session,
  a: string,
  b: string,
  pairs: readonly TablePair[],
  options: CompareOptions,
  seconds: number,
): Promise<readonly TablePair[]> {
  const divide = async (pair: TablePair): Promise<TablePair> => {
    if (session.children < 2 || !isDivisible(pair.a, pair.b, options)) return pair;
    const parts = Array.from({ length: session.children }, () => session.scratch.file('.part.db'));
    const measure = async (work: Work): Promise<number> => {
      const asked = parts.map((to, index) => {
        const slice = { index, of: parts.length };
        return session.pool.ask('part', { a, b, pair, options, work, slice, to }, seconds);
      });
      return (await Promise.all(asked)).reduce((sum, { alone }) => sum + alone, 0);
    };
    const alone = await measure('differences');
    // Only where both sides have rows left over could another key match some of them.
    if (alone > 0 && (pair.b.rows ?? 0) > (pair.a.rows ?? 0) - alone) await measure('left-over');
    return { ...pair, parts };
  };
  // All at once: while one pair waits for its last slice, the other children begin the next.
  return Promise.all(pairs.map(divide));
}

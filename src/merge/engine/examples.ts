/** What values that do not fit look like, masked: the ones most often met. The first rows of a rule tell. */
import { raw } from './cells.ts';
import { type Engine, isRow, type Part, rowsOf } from './model.ts';

const EXAMPLES = 3;
const ROWS = 1_000;

/** `rule`: its number in the ledger. Empty where no column of the source is to blame. */
export function maskedExamples(
  { db }: Engine,
  part: Part,
  rule: bigint,
  name: string,
  detail: string | null,
): readonly string[] {
  const columns = toBlame(part, name, detail);
  return columns.flatMap((column) => {
    const value = raw(part, column, 'x');
    // That it is missing is said by the rule.
    const values = `SELECT masked(${value}) AS m FROM ${rowsOf(part)} r JOIN ${part.shape.sql} x ON ${isRow(part, 'r', 'x')} WHERE r.presence = 4 AND r.rule = ${rule} AND ${value} IS NOT NULL LIMIT ${ROWS}`;
    const found = db.rows(`SELECT m FROM (${values}) GROUP BY m ORDER BY count(*) DESC, m LIMIT ${EXAMPLES}`);
    return found.map(([one]) => `${columns.length === 1 ? '' : `${column} `}${one}`);
  });
}

/** SQLite's messages name columns, and constraints of which columns are a part. */
function toBlame({ target, spec }: Part, name: string, detail: string | null): readonly string[] {
  if (detail === null || (name !== 'would-change' && name !== 'refused')) return [];
  return target.spec.columns
    .map(({ name: column }) => column)
    .filter((column) => column !== target.spec.surrogate && 'from' in (spec.columns[column] ?? {}))
    .filter((column) => (name === 'refused' ? names(detail, column) : column === detail));
}

function names(message: string, column: string): boolean {
  const escaped = column.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_.])`, 'iu').test(message);
}

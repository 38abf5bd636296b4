/** Which columns are settled together. */
import type { MergeSpec, TableSpec } from '../model.ts';

/** The columns of the references that a column is in, with it; itself where it is in none. `why`: rows are named by it. */
export function together(
  { tables }: MergeSpec,
  table: TableSpec,
  column: string,
  keys: readonly string[],
): { readonly columns: readonly string[] } | { readonly why: string } {
  const groups = table.references
    .map(({ columns, typeColumn }) => [...columns, ...(typeColumn === undefined ? [] : [typeColumn])])
    .filter((columns) => columns.includes(column));
  const beside = new Set([column, ...groups.flat()]);
  const columns = table.columns.map(({ name }) => name).filter((name) => beside.has(name));
  const referred = tables.flatMap(({ references }) =>
    references.flatMap(({ to, toColumns }) => (to === table.table ? toColumns : [])),
  );
  const naming = columns.find((name) => keys.includes(name) || referred.includes(name));
  if (naming !== undefined) return { why: `rows are named by ${table.table}.${naming}: it stays as it is` };
  return { columns };
}

/** By what a row of a merged table is found again in the store as it is, and which of its columns are settled together. */
import type { MergeSpec, TableSpec } from '../model.ts';
import type { Shape } from '../verify/shapes.ts';

/** A number that `VACUUM` leaves alone, the key of a table without numbers, or the identity; `null`: nothing that lasts. */
export function keyColumns(
  { identity }: TableSpec,
  { rowidColumn, withoutRowid, address }: Shape,
  settled: readonly string[],
): readonly string[] | null {
  if (rowidColumn !== null) return [rowidColumn];
  if (withoutRowid) return address.map((quoted) => quoted.slice(1, -1).replaceAll('""', '"'));
  if (identity.kind !== 'key' || identity.agreeing !== undefined) return null;
  return identity.columns.some((column) => settled.includes(column)) ? null : identity.columns;
}

/** The columns of the references that a column is in, with it; itself where it is in none. `why`: rows are named by it. */
export function together(
  { tables }: MergeSpec,
  table: TableSpec,
  column: string,
  { rowidColumn, withoutRowid, address }: Shape,
): { readonly columns: readonly string[] } | { readonly why: string } {
  const groups = table.references
    .map(({ columns, typeColumn }) => [...columns, ...(typeColumn === undefined ? [] : [typeColumn])])
    .filter((columns) => columns.includes(column));
  const beside = new Set([column, ...groups.flat()]);
  const columns = table.columns.map(({ name }) => name).filter((name) => beside.has(name));
  const keys = withoutRowid ? address.map((quoted) => quoted.slice(1, -1).replaceAll('""', '"')) : [rowidColumn];
  const referred = tables.flatMap(({ references }) =>
    references.flatMap(({ to, toColumns }) => (to === table.table ? toColumns : [])),
  );
  const naming = columns.find((name) => keys.includes(name) || referred.includes(name));
  if (naming !== undefined) return { why: `rows are named by ${table.table}.${naming}: it stays as it is` };
  return { columns };
}

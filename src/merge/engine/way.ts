/** How the row is found that a value of a source refers to: by its number, or by a look into its table. */
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { ReferenceSpec } from '../model.ts';
import { raw } from './cells.ts';
import type { Part } from './model.ts';
import { addressSql, uniqueBy } from './shape.ts';

/** The value is the rowid of the row here, and its new number the rowid there. */
export function isByNumber(parent: Part, reference: ReferenceSpec): boolean {
  const [to] = reference.toColumns;
  if (reference.toColumns.length !== 1 || to === undefined || to !== parent.target.spec.surrogate) return false;
  const source = parent.spec.columns[to];
  return (
    to === parent.target.shape.rowidColumn &&
    source !== undefined &&
    'from' in source &&
    source.form === undefined &&
    source.from === parent.shape.rowidColumn
  );
}

/** Whose rows the values mean: those of this source, of another one, or of the target, whose rows stay where they are. */
export function storeOf(part: Part, { columns }: ReferenceSpec): number | 'target' | null {
  return columns.map((column) => part.spec.idsOf?.[column]).find((store) => store !== undefined) ?? null;
}

/** Where the rows that a reference leads to come from; none where they are the target's own. */
export function parentOf(part: Part, reference: ReferenceSpec): Part | undefined {
  const store = storeOf(part, reference);
  if (store === 'target') return undefined;
  return store === null ? part.partOf(reference.to) : part.foreign(store, reference.to);
}

export interface Way {
  readonly from: string;
  readonly where: string;
  /** Of the row that is referred to. */
  readonly alias: string;
  /** Of several rows the one with the lowest address is meant; nothing where there is only one. */
  readonly order: string;
}

/** `value`: of the only column, where it is an element of an array. `null`: the part has not what is needed. */
export function lookUp(
  part: Part,
  parent: Part,
  reference: ReferenceSpec,
  alias: string,
  value: string | null,
): Way | null {
  const row = `${alias}p`;
  const to = keyColumns(parent, reference.toColumns);
  const values = value === null ? reference.columns.map((column) => raw(part, column, alias)) : [value];
  if (to === null || values.some((one) => one === null)) return null;
  const equal = (key: (at: number) => string): string => values.map((one, i) => `${key(i)} = ${one}`).join(' AND ');
  if (uniqueBy(parent.shape, to) !== undefined) {
    return {
      from: `${parent.shape.sql} ${row}`,
      where: equal((i) => `${row}.${quoteName(to[i] ?? '')}`),
      alias: row,
      order: '',
    };
  }
  const key = parent.keys.get(keyName(to));
  if (key === undefined) return null;
  const isThis = addressSql(parent.shape, row).map((address, i) => `${row}k.o${i} = ${address}`);
  return {
    from: `${key} ${row}k CROSS JOIN ${parent.shape.sql} ${row} ON ${isThis.join(' AND ')}`,
    where: equal((i) => `${row}k.v${i}`),
    alias: row,
    order: ` ORDER BY ${parent.shape.address.map((_, i) => `${row}k.o${i}`).join(', ')}`,
  };
}

/** Names in the source of columns of the target. */
export function keyColumns(part: Part, columns: readonly string[]): readonly string[] | null {
  const names = columns.map((column) => {
    const source = part.spec.columns[column];
    return source !== undefined && 'from' in source ? source.from : null;
  });
  return names.every((name) => name !== null) ? names : null;
}

export const keyName = (columns: readonly string[]): string => columns.join('\0');

/** The reference counts only where its row says so. */
export function isOfType(part: Part, reference: ReferenceSpec, alias: string, found: string): string {
  const condition = typeCondition(part, reference, alias);
  return condition === null ? found : `CASE WHEN ${condition} THEN ${found} END`;
}

export function typeCondition(part: Part, { typeColumn, typeValues }: ReferenceSpec, alias: string): string | null {
  if (typeColumn === undefined) return null;
  const says = raw(part, typeColumn, alias) ?? 'NULL';
  return `CAST(${says} AS TEXT) IN (${(typeValues ?? []).map(sqlText).join(', ')})`;
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

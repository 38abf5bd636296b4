/**
 * What a cell of a source is once it stands in the merged table, unless it refers to something: in the form that the specification names, and
 * as the column stores it. Own code, for the oracle.
 */
import type { Normaliser } from '../../src/audit/model.ts';
import type { PartSpec, TableSpec } from '../../src/merge/model.ts';
import { normaliseForComparison } from '../../src/rows/normalise.ts';
import type { Value } from '../../src/rows/value.ts';
import type { Row } from './read-rows.ts';

/** The row as it comes in; what refers to something still says what it said. */
export function asWritten(table: TableSpec, part: PartSpec, row: Row): Row {
  const cells: Record<string, Value> = {};
  const unsaid = new Set<string>();
  const refers = new Set(table.references.flatMap(({ columns }) => columns));
  for (const { name, type } of table.columns) {
    const source = part.columns[name];
    if (source === undefined || !('from' in source)) continue;
    const raw = row.cells[source.from] ?? null;
    const isKey = raw === '' && refers.has(name);
    const value = stored(type, isKey ? raw : inForm(raw, source.form));
    if (value === undefined) unsaid.add(name);
    cells[name] = value === undefined ? raw : value;
  }
  return { ...row, cells, raw: row.cells, unsaid };
}

function inForm(value: Value, form: string | undefined): Value {
  const text = typeof value === 'string' ? value.trim() : null;
  if (form === 'empty-is-null') return value === '' ? null : value;
  if (form === 'number' || form === 'boolean') return normaliseForComparison(value, form);
  if (form === 'uuid-dashed') {
    const digits =
      text
        ?.replace(/^\{?(.*?)\}?$/, '$1')
        .replaceAll('-', '')
        .toLowerCase() ?? '';
    const isUuid = normaliseForComparison(value, 'uuid') === digits && /^[\da-f]{32}$/.test(digits);
    return isUuid ? digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : value;
  }
  if (form === 'timestamp-space' && text !== null && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d$/.test(text))
    return text.replace('T', ' ');
  return value;
}

/** In the form in which cells are compared. SQLite writes a real as text with 15 digits; one that is whole equals its integer. */
export function compared(value: Value, how: Normaliser): Value {
  if (how === 'text' && typeof value === 'number' && Number.isSafeInteger(value)) return compared(BigInt(value), how);
  return normaliseForComparison(
    how === 'text' && typeof value === 'number' ? Number(value.toPrecision(15)) : value,
    how,
  );
}

/** Empty text that leads to nobody is nothing, where the form says so. */
export function withoutEmpty({ columns }: PartSpec, column: string, value: Value): Value {
  const source = columns[column];
  return value === '' && source !== undefined && 'from' in source && source.form === 'empty-is-null' ? null : value;
}

const NUMERAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/** As SQLite stores it in a column of the type. `undefined`: it cannot be said here; what cannot be turned back is never stored. */
function stored(type: string, value: Value): Value | undefined {
  if (type === 'TEXT') return typeof value === 'bigint' ? String(value) : typeof value === 'number' ? undefined : value;
  if (!['INTEGER', 'INT', 'REAL'].includes(type) || typeof value !== 'string' || !NUMERAL.test(value)) return value;
  const isInteger = /^-?(0|[1-9]\d*)$/.test(value) && BigInt(value) >= -(2n ** 63n) && BigInt(value) < 2n ** 63n;
  if (!isInteger) return undefined;
  return type === 'REAL' && BigInt(Number(value)) !== BigInt(value) ? undefined : BigInt(value);
}

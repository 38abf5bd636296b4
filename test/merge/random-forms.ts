/** How two stores write the same thing: UUIDs with dashes and without, moments with a space and with a `T`, yes and no as numbers and as words. */
import type { Normaliser } from '../../src/audit/model.ts';
import type { Value } from '../../src/rows/value.ts';
import type { ValueForm } from '../../src/rows/write-form.ts';
import type { ColumnOf, TableOf } from './random-schemas.ts';

export type Written = 'uuid' | 'time' | 'bool';

/** `null`: there is one way only. */
export function writtenAs({ choice }: TableOf, column: ColumnOf): Written | null {
  if (column.use === 'code' && choice.uuid) return 'uuid';
  if (column.use !== 'data') return null;
  return column.data === 'uuid' || column.data === 'time' || column.data === 'bool' ? column.data : null;
}

/** The type that the column has where it is written the other way. */
export const otherType = (type: string, written: Written | null): string => (written === 'bool' ? 'TEXT' : type);

/** The same value, written the other way; what is no such value stays. */
export function theOtherWay(value: Value, written: Written | null): Value {
  if (written === 'bool') return value === 1n ? 'true' : value === 0n ? 'false' : value;
  if (typeof value !== 'string') return value;
  if (written === 'time' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value)) return value.replace(' ', 'T');
  return written === 'uuid' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value)
    ? value.replaceAll('-', '')
    : value;
}

/** What the specification says of a column that a source writes the other way. */
export const FORMS: Readonly<Record<Written, ValueForm>> = {
  uuid: 'uuid-dashed',
  time: 'timestamp-space',
  bool: 'boolean',
};

export const COMPARED: Readonly<Record<Written, Normaliser>> = { uuid: 'uuid', time: 'timestamp', bool: 'boolean' };

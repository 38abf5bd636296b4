/**
 * Writes a value in the form in which another store writes the same: a UUID with dashes, a moment with a space (docs/merging.md, "Columns").
 * What does not conform to the form, or would lose something by it, stays exactly as it is.
 */

import { normaliseForComparison } from './normalise.ts';
import { isWhole, type SqlValue } from './normalise-sql.ts';
import { canonicalTimestamp } from './timestamp.ts';

export type ValueForm =
  | 'uuid-dashed'
  | 'uuid-hex'
  | 'timestamp-t'
  | 'timestamp-space'
  | 'epoch-s'
  | 'epoch-ms'
  | 'date'
  | 'number'
  | 'boolean'
  | 'empty-is-null';

/** SQL of a cell as it is written; the connection knows the function `write_form`. */
export function formSql(form: ValueForm, cell: string): string {
  if (form === 'empty-is-null') return `nullif(${cell}, '')`;
  return `coalesce(write_form('${form}', ${cell}, octet_length(${cell})), ${cell})`;
}

/** `write_form(form, value, octet_length(value))`: NULL where the value stays. Text that the driver does not hand over whole stays. */
export function writeForm(form: SqlValue, value: SqlValue, octets: SqlValue = null): SqlValue {
  if (value === null || (typeof value === 'string' && !isWhole(value, octets))) return null;
  switch (form as ValueForm) {
    case 'uuid-dashed':
      return uuid(value)?.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') ?? null;
    case 'uuid-hex':
      return uuid(value);
    case 'number':
      return changed('number', value);
    case 'boolean':
      return changed('boolean', value);
    default:
      return moment(form as ValueForm, value);
  }
}

function changed(how: 'number' | 'boolean', value: Exclude<SqlValue, null>): SqlValue {
  const written = normaliseForComparison(value, how);
  return written === value ? null : written;
}

function uuid(value: Exclude<SqlValue, null>): string | null {
  const hex = normaliseForComparison(value, 'uuid');
  return typeof hex === 'string' && /^[\da-f]{32}$/.test(hex) ? hex : null;
}

/** `2024-05-01T10:20:30.000Z`, or finer. */
const MOMENT = /^(-?\d+-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.(\d+)Z$/;

function moment(form: ValueForm, value: Exclude<SqlValue, null>): SqlValue {
  const match = MOMENT.exec(canonicalTimestamp(value) ?? '');
  if (match === null) return null;
  const [, day = '', time = '', digits = ''] = match;
  const fraction = digits.replace(/0+$/, '');
  if (form === 'date') return time === '00:00:00' && fraction === '' ? day : null;
  if (form === 'timestamp-t' || form === 'timestamp-space') {
    return `${day}${form === 'timestamp-t' ? 'T' : ' '}${time}${fraction === '' ? '' : `.${digits}`}`;
  }
  const ms = Date.parse(`${day}T${time}.${digits.slice(0, 3).padEnd(3, '0')}Z`);
  if (Number.isNaN(ms) || fraction.length > 3) return null;
  if (form === 'epoch-ms') return BigInt(ms);
  return form === 'epoch-s' && ms % 1000 === 0 ? BigInt(ms / 1000) : null;
}

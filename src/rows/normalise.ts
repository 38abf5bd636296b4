/**
 * Forms in which cells are compared, never stored: UUIDs without dashes, moments in UTC, e-mails in lower case (trap R8).
 * What does not conform to a form is left exactly as it is. The forms are written down in docs/rows.md.
 */
import type { Normaliser } from '../audit/model.ts';
import type { ColumnProfile, ValueShape } from '../stores/model.ts';
import { canonicalTimestamp } from './timestamp.ts';
import type { Value } from './value.ts';

/**
 * A numeral that means one number in every program. Leading zeros, `+` and `1e5` mark codes; an exponent with its
 * sign is how programs print doubles.
 */
export const NUMERAL: RegExp = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]\d{1,3})?$/i;
const UUID = /^\{?([\da-f]{8})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{12})\}?$/i;
const MAX_INTEGER = 2n ** 63n;

/** The form of a value that conforms; the value itself (the same reference) where it does not. Null stays null. */
export function normaliseForComparison<V extends Value>(value: V, how: Normaliser): V | string | bigint | number {
  if (value === null || how === 'exact') return value;
  switch (how) {
    case 'number':
      return asNumber(value) ?? value;
    case 'text':
      return asText(value) ?? value;
    case 'uuid':
      return asUuid(value) ?? value;
    case 'timestamp':
      return canonicalTimestamp(value) ?? value;
    case 'email':
      return typeof value === 'string' ? value.trim().toLowerCase().normalize('NFC') : value;
    case 'boolean':
      return asBoolean(value) ?? value;
  }
}

function asNumber(value: Value): bigint | number | null {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  if (typeof value !== 'string' || value.length > 40) return null;
  const text = value.trim();
  const match = NUMERAL.exec(text);
  if (match === null) return null;
  if (match[2] === undefined && match[3] === undefined) {
    const integer = BigInt(text);
    return integer < MAX_INTEGER && integer >= -MAX_INTEGER ? integer : null;
  }
  const number = Number(text);
  if (!Number.isFinite(number) || !isExact(text, number)) return null;
  return Number.isSafeInteger(number) ? BigInt(number) : number;
}

/** Whether the double says all that the text says, so that two different texts do not become one number. */
function isExact(text: string, number: number): boolean {
  const digits = (numeral: string): string =>
    numeral.replace(/e.*$/i, '').replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
  const significant = digits(text);
  return (
    significant.length <= 15 || significant === digits(String(number)) || significant === digits(number.toPrecision(17))
  );
}

/** As SQLite's CAST renders numbers; of reals whose digits are not exact it may write more of them. */
function asText(value: Value): string | null {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value !== 'number') return null;
  if (!Number.isFinite(value)) return Number.isNaN(value) ? null : value > 0 ? 'Inf' : '-Inf';
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const isShort = Number(exponent) >= -4 && Number(exponent) <= 16;
  const text = isShort ? String(Object.is(value, -0) ? 0 : value) : digits;
  const tail = isShort ? '' : `e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`;
  return `${text.includes('.') ? text : `${text}.0`}${tail}`;
}

function asUuid(value: Value): string | null {
  if (value instanceof Uint8Array) return value.length === 16 ? Buffer.from(value).toString('hex') : null;
  if (typeof value !== 'string' || value.length < 32 || value.length > 48) return null;
  const match = UUID.exec(value.trim());
  return match === null ? null : match.slice(1).join('').toLowerCase();
}

const YES = new Set(['1', 'true', 't', 'yes', 'y']);
const NO = new Set(['0', 'false', 'f', 'no', 'n']);

function asBoolean(value: Value): bigint | null {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'bigint' || typeof value === 'number') {
    return Number(value) === 1 ? 1n : Number(value) === 0 ? 0n : null;
  }
  if (typeof value !== 'string' || value.length > 12) return null;
  const text = value.trim().toLowerCase();
  return YES.has(text) ? 1n : NO.has(text) ? 0n : null;
}

const FORM_OF: Partial<Record<ValueShape, Normaliser>> = {
  'uuid-dashed': 'uuid',
  'uuid-hex': 'uuid',
  'timestamp-t': 'timestamp',
  'timestamp-space': 'timestamp',
  date: 'timestamp',
  'epoch-s': 'timestamp',
  'epoch-ms': 'timestamp',
  email: 'email',
  integer: 'number',
  real: 'number',
  'integer-text': 'number',
  'real-text': 'number',
  boolean: 'boolean',
  'boolean-text': 'boolean',
};

/** How two columns are compared, from what they hold. Columns of one shape and one way of writing are compared as stored. */
export function normaliserFor(a: ColumnProfile, b: ColumnProfile): Normaliser {
  const isEither = (...shapes: ValueShape[]): boolean => shapes.includes(a.shape) || shapes.includes(b.shape);
  const areBoth = (...shapes: ValueShape[]): boolean => shapes.includes(a.shape) && shapes.includes(b.shape);
  const [x, y] = [FORM_OF[a.shape], FORM_OF[b.shape]];
  // SQLite compares these with each other by value.
  if (areBoth('integer', 'real', 'boolean') || areBoth('integer-text')) return 'exact';
  if (x !== undefined && x === y) {
    const isSpelt = x === 'uuid' || x === 'timestamp';
    return isSpelt && a.shape === b.shape && a.form !== undefined && a.form === b.form ? 'exact' : x;
  }
  // A UUID in a column that is named like a credential, or stored as its 16 bytes.
  if ((x === 'uuid' || y === 'uuid') && isEither('token', 'blob')) return 'uuid';
  const isNumber = x === 'number' || y === 'number';
  if (isNumber && (isEither('epoch-s', 'epoch-ms') || areBoth('boolean', 'real-text'))) return 'number';
  return isNumber && isEither('boolean', 'boolean-text') ? 'boolean' : 'exact';
}

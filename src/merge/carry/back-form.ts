/**
 * Writes a value in the form in which a store writes its own: a merge brought values of one meaning into the form of the target, and what
 * came since goes back the other way. How the store writes, a value of its own shows. What cannot be written so is told, never bent.
 */
import type { Normaliser } from '../../audit/model.ts';
import { normaliseForComparison } from '../../rows/normalise.ts';
import { isWhole, type SqlValue } from '../../rows/normalise-sql.ts';
import { canonicalTimestamp, parseTimestamp } from '../../rows/timestamp.ts';
import type { ValueForm } from '../../rows/write-form.ts';

type Meaning = Exclude<ValueForm, 'empty-is-null'>;

const MEANING: Readonly<Record<Meaning, Normaliser>> = {
  'uuid-dashed': 'uuid',
  'uuid-hex': 'uuid',
  'timestamp-t': 'timestamp',
  'timestamp-space': 'timestamp',
  'epoch-s': 'timestamp',
  'epoch-ms': 'timestamp',
  date: 'timestamp',
  number: 'number',
  boolean: 'boolean',
};

/** `like`: a value of the store. `undefined`: it cannot be written so. */
export function backForm(form: ValueForm, value: SqlValue, octets: SqlValue, like: SqlValue): SqlValue | undefined {
  if (form === 'empty-is-null') return value === null && like === '' ? '' : value;
  if (value === null || like === null || (typeof value === 'string' && !isWhole(value, octets))) return value;
  const meaning = meant(form, value);
  // What has no such meaning was carried as it was, and goes back as it is.
  if (meaning === null) return value;
  const written = rewrite(MEANING[form], value, like);
  return written !== undefined && meant(form, written) === meaning ? written : undefined;
}

/** Of a carried value and the later one. Text that the driver does not hand over whole was carried as it is, by SQLite. */
export function meansTheSame(form: ValueForm, a: SqlValue, x: SqlValue, b: SqlValue, y: SqlValue): boolean {
  const [isA, isB] = [typeof a !== 'string' || isWhole(a, x), typeof b !== 'string' || isWhole(b, y)];
  if (!isA || !isB) return isA === isB && x === y;
  if (form === 'empty-is-null') return (a === '' ? null : a) === (b === '' ? null : b) || sameBytes(a, b);
  if (a === null || b === null) return a === b;
  const [one, other] = [meant(form, a), meant(form, b)];
  return one === null || other === null ? one === other && sameBytes(a, b) : one === other;
}

function sameBytes(a: SqlValue, b: SqlValue): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return a === b || (typeof a !== typeof b && String(a) === String(b));
}

/** The one spelling of what the value means; `null` where it is no value of that form. */
function meant(form: Meaning, value: SqlValue): SqlValue {
  const how = MEANING[form];
  if (how === 'timestamp') return canonicalTimestamp(value);
  const plain = normaliseForComparison(value, how);
  if (how === 'uuid') return typeof plain === 'string' && /^[\da-f]{32}$/.test(plain) ? plain : null;
  return typeof plain === 'bigint' || typeof plain === 'number' ? plain : null;
}

function rewrite(how: Normaliser, value: SqlValue, like: SqlValue): SqlValue | undefined {
  if (how === 'uuid') return uuidLike(value, like);
  if (how === 'timestamp') return timeLike(value, like);
  if (how === 'number') return typeof like === 'string' ? String(value) : numberLike(value);
  return booleanLike(value, like);
}

function uuidLike(value: SqlValue, like: SqlValue): SqlValue | undefined {
  const hex =
    value instanceof Uint8Array
      ? Buffer.from(value).toString('hex')
      : String(value)
          .replace(/[^\da-f]/gi, '')
          .toLowerCase();
  if (like instanceof Uint8Array) return like.length === 16 ? Buffer.from(hex, 'hex') : undefined;
  if (typeof like !== 'string') return undefined;
  const dashed = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const text = like.includes('-') ? dashed : hex;
  const upper = /[A-F]/.test(like) && !/[a-f]/.test(like);
  const cased = upper ? text.toUpperCase() : text;
  return like.startsWith('{') ? `{${cased}}` : cased;
}

function timeLike(value: SqlValue, like: SqlValue): SqlValue | undefined {
  const ms = parseTimestamp(value);
  if (ms === null) return undefined;
  if (typeof like === 'bigint' || typeof like === 'number') {
    const inMs = Math.abs(Number(like)) >= 1e11;
    if (!inMs && ms % 1000 !== 0) return typeof like === 'number' ? ms / 1000 : undefined;
    const whole = inMs ? ms : ms / 1000;
    return typeof like === 'bigint' ? BigInt(whole) : whole;
  }
  if (typeof like !== 'string') return undefined;
  if (/^\d+$/.test(like)) return like.length >= 12 ? String(ms) : String(ms / 1000);
  const iso = new Date(ms).toISOString();
  if (/^\d{4}-\d\d-\d\d$/.test(like)) return iso.slice(0, 10);
  const own = typeof value === 'string' ? /[.,](\d+)/.exec(value)?.[1] : undefined;
  const digits = /[.,](\d+)/.exec(like)?.[1]?.length ?? 0;
  const fraction = (own ?? iso.slice(20, 23)).padEnd(Math.max(digits, 3), '0');
  const needed = fraction.replace(/0+$/, '').length;
  const zone = /(Z|[+-]00:?00)$/i.exec(like)?.[1] ?? '';
  // A time in a zone of its own cannot be written without knowing why.
  if (zone === '' && /[+-]\d\d:?\d\d$/.test(like.slice(10))) return undefined;
  const shown = Math.max(digits, needed);
  return `${iso.slice(0, 10)}${like[10] ?? 'T'}${iso.slice(11, 19)}${shown === 0 ? '' : `.${fraction.slice(0, shown)}`}${zone}`;
}

function numberLike(value: SqlValue): SqlValue | undefined {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  return /^-?\d+$/.test(text) ? BigInt(text) : Number(text);
}

const PAIRS: readonly (readonly [string, string])[] = [
  ['true', 'false'],
  ['t', 'f'],
  ['yes', 'no'],
  ['y', 'n'],
  ['1', '0'],
];

function booleanLike(value: SqlValue, like: SqlValue): SqlValue | undefined {
  const yes = normaliseForComparison(value, 'boolean') === 1n;
  if (typeof like === 'bigint') return yes ? 1n : 0n;
  if (typeof like === 'number') return yes ? 1 : 0;
  if (typeof like !== 'string') return undefined;
  const pair = PAIRS.find((one) => one.includes(like.trim().toLowerCase()));
  if (pair === undefined) return undefined;
  const word = yes ? pair[0] : pair[1];
  if (like === like.toLowerCase()) return word;
  return like === like.toUpperCase() && like.length > 1
    ? word.toUpperCase()
    : word.charAt(0).toUpperCase() + word.slice(1);
}

/**
 * What kind of values a column holds, from the values themselves. The column's name only breaks ties, and what looks like a
 * credential has to be one by its form, or by form and name together. Whole because a shape is one decision list.
 */
import type { ValueShape } from '../stores/model.ts';
import { hasWord, wordSet, wordsOf } from './column-words.ts';
import { NUMERAL } from './normalise.ts';
import { isTimeName, parseTimestamp } from './timestamp.ts';
import { BrokenText, type Value } from './value.ts';

/** What the name of a column lets its values be. */
export interface NameHints {
  readonly time: boolean;
  readonly boolean: boolean;
  readonly password: boolean;
  readonly token: boolean;
}

const BOOLEAN_FIRST = wordSet('is has can should was are allow allows enable use uses needs requires did must');
const BOOLEAN_WORDS = wordSet(
  'active enabled disabled deleted flag verified done completed archived admin read visible hidden public private locked published favorite favourite starred pinned required default online success successful processed approved blocked banned bool boolean on',
);
const QUANTITY_WORDS = wordSet(
  'count counts num number total id level index idx order priority score amount qty quantity size version limit max min length usage type kind',
);
const PASSWORD_NAME = /passw|passphrase|pass_?hash|pwd|(^|_)pw(_|$)/i;
const TOKEN_WORDS = wordSet('token tokens secret secrets apikey jwt bearer');
const TOKEN_PHRASE = /\b(api|access|private|secret|session|auth|signing|encryption) keys?\b/;

export function hintsOf(column: string): NameHints {
  const words = wordsOf(column);
  const isQuantity = hasWord(words, QUANTITY_WORDS);
  return {
    time: isTimeName(column),
    boolean: !isQuantity && (BOOLEAN_FIRST.has(words[0] ?? '') || hasWord(words, BOOLEAN_WORDS)),
    password: PASSWORD_NAME.test(column),
    token: !isQuantity && (hasWord(words, TOKEN_WORDS) || TOKEN_PHRASE.test(words.join(' '))),
  };
}

/** The shape of one value. `null` where it tells nothing: NULL and empty text. */
export function shapeOf(value: Value, hints: NameHints): ValueShape | null {
  if (value === null || value === '') return null;
  if (typeof value === 'string') return textShape(value, hints);
  if (typeof value === 'bigint' || typeof value === 'number') return numberShape(value, hints);
  if (typeof value === 'boolean') return 'boolean';
  if (value instanceof BrokenText) return 'text';
  // bcrypt libraries hand out bytes, and so they are stored.
  const isHash = value.length < 200 && value[0] === DOLLAR && PASSWORD_HASH.test(Buffer.from(value).toString('latin1'));
  return isHash ? 'password-hash' : 'blob';
}

/** The largest number of seconds that is a time; above it, milliseconds. */
const MAX_SECONDS = 4_102_444_800;

function numberShape(value: bigint | number, hints: NameHints): ValueShape {
  if (hints.time && parseTimestamp(value) !== null) return value > MAX_SECONDS ? 'epoch-ms' : 'epoch-s';
  if (typeof value === 'number') return 'real';
  return hints.boolean && (value === 0n || value === 1n) ? 'boolean' : 'integer';
}

const DOLLAR = 36;
/** Schemes that name themselves: crypt(3), argon2, scrypt, Django, Werkzeug, passlib, LDAP. A digest such as `sha256:…` is none. */
const PASSWORD_HASH =
  /^(\$2[abxy]?\$\d\d\$[./\w]{20,}|\$(argon2(id|i|d)|scrypt|5|6|7|y|gy)\$\S{16,}|\$pbkdf2\S*\$\S{16,}|(pbkdf2|scrypt|bcrypt|argon2)[\w:]*\$\S{16,}|(md5|sha1|sha256|sha512)\$[^$\s]*\$?[\da-f]{32,}|\{(SSHA|SHA|SMD5|CRYPT|PBKDF2\S*)\d*\}\S{16,})$/i;
/** Bare digests, with salt before or after: hashes of a password only where the column says so. */
const DIGEST =
  /^([^\s$:]{4,}[$:])?([\da-f]{32}|[\da-f]{40}|[\da-f]{56}|[\da-f]{64}|[\da-f]{96}|[\da-f]{128}|[+/\w]{43}=)([$:]\S{4,})?$/i;
const NAMED_TOKEN =
  /^(eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|(sk|pk|rk|ghp|gho|ghs|glpat|xox[abprs]|hf|npm|whsec)[-_][\w-]{16,}|AKIA[A-Z\d]{16}|AIza[\w-]{30,})$/;
const RANDOM_TEXT = /^(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=\D*\d)[\w\-.+/=:]{24,}$/;
const RANDOM_HEX = /^(?:[\da-f]{2}){16,}$/i;
const RANDOM_LOWER = /^(?=(?:\D*\d){4})(?=(?:[^a-z]*[a-z]){4})[a-z\d]{24,}$/;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const UUID_HEX = /^[\da-f]{32}$/i;
const DIGITS_ONLY = /^\d+$/;
const EMAIL = /^[^\s@<>"',;:()[\]]+@[^\s@<>"',;:()[\]]+\.[^\s@<>"',;:()[\].\d]{2,}$/;
const BOOLEAN_TEXT = /^(true|false|yes|no|t|f|y|n)$/i;
/** Longer text is neither a key nor a credential; only JSON is looked for. */
const LONG = 1_024;
/** Parsing stops paying here; brackets at both ends have to do. */
const LONG_JSON = 65_536;

function textShape(text: string, hints: NameHints): ValueShape {
  const first = text.charCodeAt(0);
  if (first === 0x5b || first === 0x7b || first <= 0x20) {
    if (isJson(text)) return 'json';
  }
  if (text.length > LONG) return 'text';
  if (text.length <= 5 && BOOLEAN_TEXT.test(text)) return 'boolean-text';
  if (text.length >= 20) {
    const credential = credentialShape(text, first, hints);
    if (credential !== null) return credential;
  }
  const isDigit = first >= 0x30 && first <= 0x39;
  if ((isDigit || first === 0x2d) && text.length <= 40) {
    if (NUMERAL.test(text)) {
      if (hints.time && parseTimestamp(text) !== null) return Number(text) > MAX_SECONDS ? 'epoch-ms' : 'epoch-s';
      return text.includes('.') || /e/i.test(text) ? 'real-text' : 'integer-text';
    }
    if (isDigit && text.charCodeAt(4) === 0x2d && parseTimestamp(text) !== null) return momentShape(text);
  }
  if (text.length === 36 && UUID.test(text)) return 'uuid-dashed';
  if (text.length === 32 && UUID_HEX.test(text) && !DIGITS_ONLY.test(text)) return 'uuid-hex';
  return text.length <= 254 && text.includes('@') && EMAIL.test(text) ? 'email' : 'text';
}

function credentialShape(text: string, first: number, hints: NameHints): ValueShape | null {
  const mayName = first === DOLLAR || first === 0x7b || text.includes('$');
  if (mayName && PASSWORD_HASH.test(text)) return 'password-hash';
  if (hints.password) {
    if (DIGEST.test(text) || /^(pbkdf2|scrypt|bcrypt|argon2)\S{24,}$/i.test(text)) return 'password-hash';
  }
  if (!hints.token || UUID.test(text) || text.charCodeAt(4) === 0x2d) return null;
  const isRandom = [NAMED_TOKEN, RANDOM_TEXT, RANDOM_HEX, RANDOM_LOWER].some((form) => form.test(text));
  return isRandom && !DIGITS_ONLY.test(text) ? 'token' : null;
}

function momentShape(text: string): ValueShape {
  if (text.length === 10) return 'date';
  return text.charAt(10) === ' ' ? 'timestamp-space' : 'timestamp-t';
}

function isJson(text: string): boolean {
  const trimmed = text.trim();
  const [open, close] = [trimmed.charAt(0), trimmed.charAt(trimmed.length - 1)];
  if (!((open === '{' && close === '}') || (open === '[' && close === ']'))) return false;
  if (trimmed.length > LONG_JSON) return true;
  try {
    JSON.parse(trimmed);
    return true;
  } catch {
    return false;
  }
}

/** How a value of this shape is written, where one shape allows several ways; values written alike compare as stored. */
export function formOf(value: Value, shape: ValueShape): string | null {
  if (typeof value !== 'string') return shape === 'epoch-s' || shape === 'epoch-ms' ? 'number' : null;
  switch (shape) {
    case 'uuid-dashed':
    case 'uuid-hex':
      return value === value.toLowerCase() ? 'lower' : value === value.toUpperCase() ? 'upper' : null;
    case 'timestamp-t':
    case 'timestamp-space':
      return `${value.length}${value.slice(19).replace(/^[.,]\d+/, '')}`;
    case 'date':
      return 'date';
    case 'epoch-s':
    case 'epoch-ms':
      return 'text';
    default:
      return null;
  }
}

/** A column has a shape where at least this share of its telling values has it. */
const MAJORITY = 0.95;
/** The rest of a column of hashes are disabled accounts and placeholders. */
const HASH_MAJORITY = 0.5;
const FAMILIES: readonly (readonly ValueShape[])[] = [
  ['timestamp-t', 'timestamp-space', 'date'],
  ['uuid-dashed', 'uuid-hex'],
  ['epoch-s', 'epoch-ms'],
];
const TEXTUAL: readonly ValueShape[] = [
  'text',
  'integer-text',
  'real-text',
  'boolean-text',
  'email',
  'json',
  'date',
  'uuid-hex',
  'uuid-dashed',
  'token',
  'timestamp-t',
  'timestamp-space',
  'password-hash',
];

/** The shape of a column, from how many of its values have which. */
export function columnShape(counts: ReadonlyMap<ValueShape, number>): ValueShape {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return 'empty';
  const share = (shapes: readonly ValueShape[]): number =>
    shapes.reduce((sum, shape) => sum + (counts.get(shape) ?? 0), 0) / total;
  if (share(['password-hash']) >= HASH_MAJORITY) return 'password-hash';
  const [top, ...rest] = [...counts].sort((x, y) => y[1] - x[1]).map(([shape]) => shape);
  // One integer that is neither 0 nor 1 shows that the column counts something.
  const isFlag = top === 'boolean' && !counts.has('integer') && !counts.has('real');
  if (top !== undefined && share([top]) >= MAJORITY && (top !== 'boolean' || isFlag)) return top;
  const family = FAMILIES.find((shapes) => top !== undefined && shapes.includes(top) && share(shapes) >= MAJORITY);
  if (top !== undefined && family !== undefined && rest.length > 0) return top;
  if (share(['integer', 'boolean']) >= MAJORITY) return 'integer';
  if (share(['integer', 'real', 'boolean']) >= MAJORITY) return 'real';
  if (share(['integer-text', 'real-text']) >= MAJORITY) return 'real-text';
  return share(TEXTUAL) >= MAJORITY ? 'text' : 'mixed';
}

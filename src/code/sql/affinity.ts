/**
 * What kind of values a declared type takes, across dialects. SQLite's affinity rules (sqlite.org/datatype3.html, 3.1) decide what
 * no dialect names otherwise; names that SQLite would call numeric (`BOOLEAN`, `TIMESTAMP`, `UUID`) keep the meaning people give them.
 */

export type Family =
  | 'integer'
  | 'boolean'
  | 'number'
  | 'text'
  | 'moment'
  | 'json'
  | 'uuid'
  | 'binary'
  | 'list'
  /** No type, or one that is put together when the program runs: takes anything. */
  | 'any';

export function familyOf(type: string): Family {
  const upper = type.toUpperCase().trim();
  if (upper === '' || upper.includes('?') || upper === 'ANY') return 'any';
  if (/\[\d*\]$|\bARRAY\b/.test(upper)) return 'list';
  const name = upper
    .replace(/\(.*$/, '')
    .replace(/^(?:PG_CATALOG|PUBLIC|SYS)\./, '')
    .trim();
  if (/^BOOL(?:EAN)?$/.test(name) || name === 'BIT' || /^TINYINT ?\(1\)/.test(upper)) return 'boolean';
  if (/^(?:TIMESTAMP|DATETIME|SMALLDATETIME|DATE\b|TIME\b|TIMETZ|YEAR$)/.test(name)) return 'moment';
  if (/^JSONB?$/.test(name)) return 'json';
  if (/^(?:UUID|UNIQUEIDENTIFIER)$/.test(name)) return 'uuid';
  if (/^(?:ENUM|SET|CITEXT|NAME|XML|INET|CIDR|INTERVAL|STRING|N?VARCHAR2?|JSONTEXT)\b/.test(name)) return 'text';
  if (/SERIAL/.test(name)) return 'integer';
  if (/^(?:BYTEA|VARBINARY|BINARY|IMAGE|RAW|BYTES)\b/.test(name)) return 'binary';
  if (/^(?:MONEY|SMALLMONEY|POINT)$/.test(name)) return 'number';
  // SQLite's rules, in SQLite's order.
  if (name.includes('INT')) return 'integer';
  if (/CHAR|CLOB|TEXT/.test(name)) return 'text';
  if (name.includes('BLOB')) return 'binary';
  return 'number';
}

/** Pairs that programs use for one another: nothing fails, nothing is lost. */
const EXCHANGEABLE: ReadonlySet<string> = new Set([
  // SQLite and MySQL have no boolean of their own.
  'boolean integer',
  // Moments, JSON and UUIDs are texts where a database does not know them.
  'moment text',
  'json text',
  'text uuid',
  'boolean number',
]);

export function exchangeable(a: Family, b: Family): boolean {
  return a === b || a === 'any' || b === 'any' || EXCHANGEABLE.has([a, b].sort().join(' '));
}

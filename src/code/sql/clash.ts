/**
 * Two declarations of one table, compared (trap C11): how they differ, and whether a program that was written for one fails or loses
 * data on the other. Says nothing of rows: only what the declarations promise.
 */
import type { DdlColumn, SqlUse } from '../facts.ts';
import { exchangeable, familyOf } from './affinity.ts';

export interface DeclarationDifference {
  readonly what: 'missing' | 'type' | 'not null' | 'primary key' | 'unique' | 'default' | 'references';
  /** As spelled in the declaration that has it; '' where the whole table is meant. */
  readonly column: string;
  /** `age: INTEGER in the first, TEXT in the second`. */
  readonly words: string;
  /** A program for one fails or loses data on the other. */
  readonly isClash: boolean;
}

export interface DeclarationComparison {
  readonly differences: readonly DeclarationDifference[];
  readonly isClash: boolean;
}

export function compareDeclarations(a: readonly DdlColumn[], b: readonly DdlColumn[]): DeclarationComparison {
  const first = byName(a);
  const second = byName(b);
  const differences: DeclarationDifference[] = [];
  for (const [key, column] of first) {
    const other = second.get(key);
    if (other === undefined) differences.push(missing(column, 'second'));
    else compareColumns(column, other, differences);
  }
  for (const [key, column] of second) if (!first.has(key)) differences.push(missing(column, 'first'));
  const keys = [keyOf(a), keyOf(b)] as const;
  if (keys[0] !== keys[1]) {
    const said = keys.map((key) => (key === '' ? 'none' : `(${key})`));
    differences.push({
      what: 'primary key',
      column: '',
      words: `primary key: ${said[0]} in the first, ${said[1]} in the second`,
      isClash: true,
    });
  }
  return { differences, isClash: differences.some(({ isClash }) => isClash) };
}

/** Names of columns do not tell capitals apart. A column that is declared twice counts once. */
function byName(columns: readonly DdlColumn[]): Map<string, DdlColumn> {
  const map = new Map<string, DdlColumn>();
  for (const column of columns) if (!map.has(column.name.toLowerCase())) map.set(column.name.toLowerCase(), column);
  return map;
}

/** A name with a hole in it may be any. */
function missing({ name }: DdlColumn, where: 'first' | 'second'): DeclarationDifference {
  return { what: 'missing', column: name, words: `${name}: missing in the ${where}`, isClash: !name.includes('?') };
}

/** Order does not matter to those who look a row up. */
function keyOf(columns: readonly DdlColumn[]): string {
  return columns
    .filter(({ primaryKey }) => primaryKey)
    .map(({ name }) => name.toLowerCase())
    .sort()
    .join(', ');
}

function compareColumns(a: DdlColumn, b: DdlColumn, differences: DeclarationDifference[]): void {
  const add = (what: DeclarationDifference['what'], words: string, isClash: boolean): void => {
    differences.push({ what, column: a.name, words: `${a.name}: ${words}`, isClash });
  };
  if (normalType(a.type) !== normalType(b.type)) {
    const [x, y] = [a.type, b.type].map((type) => type || 'no type');
    add('type', `${x} in the first, ${y} in the second`, !exchangeable(familyOf(a.type), familyOf(b.type)));
  }
  // A primary key is never NULL in what programs rely on.
  if ((a.notNull ?? a.primaryKey ?? false) !== (b.notNull ?? b.primaryKey ?? false)) {
    const strict = (a.notNull ?? a.primaryKey) ? a : b;
    const where = strict === a ? 'first' : 'second';
    // Who leaves the column out fails there, unless something fills it in.
    const filled = strict.default !== undefined || strict.primaryKey === true || /SERIAL|IDENTITY/i.test(strict.type);
    add('not null', `NOT NULL${filled ? '' : ' without a default'} in the ${where} only`, !filled);
  }
  if ((a.unique ?? a.primaryKey ?? false) !== (b.unique ?? b.primaryKey ?? false) && !a.primaryKey === !b.primaryKey) {
    add('unique', `UNIQUE in the ${a.unique ? 'first' : 'second'} only`, false);
  }
  if (normalDefault(a.default) !== normalDefault(b.default)) {
    add('default', `default ${a.default ?? 'none'} in the first, ${b.default ?? 'none'} in the second`, false);
  }
  if (a.references?.toLowerCase() !== b.references?.toLowerCase()) {
    const [x, y] = [a.references ?? 'nothing', b.references ?? 'nothing'];
    add('references', `refers to ${x} in the first, to ${y} in the second`, false);
  }
}

/** `INT` and `INTEGER`, `BOOL` and `BOOLEAN`, … are two spellings of one type. */
const SPELLINGS: Readonly<Record<string, string>> = {
  INT: 'INTEGER',
  INT4: 'INTEGER',
  INT8: 'BIGINT',
  INT2: 'SMALLINT',
  BOOL: 'BOOLEAN',
  'CHARACTER VARYING': 'VARCHAR',
  CHARACTER: 'CHAR',
  'DOUBLE PRECISION': 'DOUBLE',
  FLOAT8: 'DOUBLE',
  FLOAT4: 'REAL',
  DECIMAL: 'NUMERIC',
  TIMESTAMPTZ: 'TIMESTAMP WITH TIME ZONE',
  'TIMESTAMP WITHOUT TIME ZONE': 'TIMESTAMP',
};

function normalType(type: string): string {
  const upper = type
    .toUpperCase()
    .replace(/\s+/g, ' ')
    .replace(/\s*([(),])\s*/g, '$1')
    .trim();
  const [, name = '', args = '', rest = ''] = /^([^(]*)(\([^)]*\))?(.*)$/.exec(upper) ?? [];
  const whole = `${name}${rest}`.replace(/\s+/g, ' ').trim();
  return `${SPELLINGS[whole] ?? whole}${args}`;
}

const NOW = /^(?:current_timestamp(?:\(\d*\))?|now\(\)|datetime\('now'\)|getdate\(\)|localtimestamp|sysdate)$/;

function normalDefault(value: string | undefined): string {
  let text = (value ?? 'null')
    .trim()
    .toLowerCase()
    .replace(/::[\w\s."[\]]+$/, '');
  while (text.startsWith('(') && text.endsWith(')') && closes(text)) text = text.slice(1, -1).trim();
  text = text.replace(/^(['"])(.*)\1$/s, '$2');
  if (NOW.test(text.replace(/\s+/g, ''))) return 'now';
  return text === 'true' ? '1' : text === 'false' ? '0' : text;
}

/** The bracket at the beginning is closed by the one at the end. */
function closes(text: string): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '(') depth += 1;
    else if (text[index] === ')') depth -= 1;
    if (depth === 0) return index === text.length - 1;
  }
  return false;
}

/**
 * A `CREATE TABLE` with the `ALTER TABLE`s that come after it, in order: those of other tables are passed over, a rename of the table
 * is followed. What an alteration names and the table does not have is passed over too: the table is older than the code that is read.
 */
export function applyAlters(create: SqlUse, alters: readonly SqlUse[]): SqlUse {
  let table = create.table;
  let columns = [...(create.columns ?? [])];
  const indexOf = (name: string): number =>
    columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
  for (const alter of alters) {
    if (alter.table.toLowerCase() !== table.toLowerCase()) continue;
    if (alter.verb !== 'alter table' && alter.verb !== 'rename table') continue;
    for (const name of alter.drops ?? []) columns = columns.filter((_, index) => index !== indexOf(name));
    for (const [from, to] of alter.renames ?? []) {
      const index = indexOf(from);
      if (index >= 0) columns[index] = { ...(columns[index] as DdlColumn), name: to };
    }
    for (const column of alter.modifies ?? []) {
      const index = indexOf(column.name);
      // A key stays a key when its type is declared anew.
      if (index >= 0) columns[index] = { ...(columns[index]?.primaryKey ? { primaryKey: true } : {}), ...column };
    }
    for (const column of alter.columns ?? []) if (indexOf(column.name) < 0) columns.push(column);
    if (alter.renamedTo !== undefined) table = alter.renamedTo;
  }
  return { ...create, table, columns };
}

/** Columns of `CREATE TABLE (…)` and `ALTER TABLE … ADD`, with the table's own constraints applied to them. */
import type { DdlColumn } from '../facts.ts';
import { behindParens, isPunct, readName } from './names.ts';
import type { Token } from './tokens.ts';

/** Ends a type or a default. */
const CONSTRAINT: ReadonlySet<string> = new Set(
  `NOT NULL PRIMARY UNIQUE DEFAULT CHECK REFERENCES COLLATE GENERATED AS AUTOINCREMENT AUTO_INCREMENT CONSTRAINT ON COMMENT
  CHARSET IDENTITY STORED VIRTUAL PERSISTED ENCODE KEY INVISIBLE VISIBLE SPARSE STORAGE COMPRESSION FIRST AFTER DEFERRABLE
  INITIALLY ENFORCED FOREIGN ROWGUIDCOL`.split(/\s+/),
);

type Column = { -readonly [K in keyof DdlColumn]: DdlColumn[K] };

/** Columns between the `(` at `open` and its `)`. `text`: what the tokens were read from. */
export function readColumns(tokens: readonly Token[], open: number, text: string): DdlColumn[] {
  const close = behindParens(tokens, open);
  const columns: Column[] = [];
  const constraints: (readonly [from: number, to: number])[] = [];
  let from = open + 1;
  let depth = 0;
  for (let index = from; index < close; index++) {
    const token = tokens[index] as Token;
    const last = index === close - 1;
    if (token.k === 'punct') {
      if (token.v === '(') depth += 1;
      else if (token.v === ')' && !last) depth -= 1;
      else if (token.v === ',' && depth > 0) continue;
    }
    if (!last && !(depth === 0 && isPunct(token, ','))) continue;
    const to = last && !isPunct(token, ')') ? index + 1 : index;
    if (isTableConstraint(tokens, from, to)) constraints.push([from, to]);
    else {
      const column = readColumn(tokens, from, to, text);
      if (column !== undefined) columns.push(column);
    }
    from = index + 1;
  }
  if (constraints.length > 0) {
    const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
    for (const [start, end] of constraints) applyConstraint(tokens, start, end, byName);
  }
  return columns;
}

/** `PRIMARY KEY (…)`, `KEY idx (…)`, …: no column, though `key TEXT` is one. */
export function isTableConstraint(tokens: readonly Token[], from: number, to: number): boolean {
  const word = tokens[from]?.u ?? '';
  const next = from + 1 < to ? tokens[from + 1] : undefined;
  switch (word) {
    case 'CONSTRAINT':
      return next === undefined || next.k === 'quoted' || next.k === 'word' || next.k === 'hole';
    case 'PRIMARY':
    case 'FOREIGN':
      return next?.u === 'KEY';
    case 'UNIQUE':
    case 'FULLTEXT':
    case 'SPATIAL':
    case 'KEY':
    case 'INDEX': {
      let index = from + 1;
      while (index < to && index < from + 6 && !isPunct(tokens[index], '(')) {
        if (CONSTRAINT.has(tokens[index]?.u ?? '') && tokens[index]?.u !== 'KEY') return false;
        index += 1;
      }
      // `key VARCHAR(255)`, `key ENUM('a')` are columns; `KEY idx (a, b)` is none.
      const inner = tokens[index + 1];
      return isPunct(tokens[index], '(') && (inner?.k === 'word' || inner?.k === 'quoted' || isPunct(inner, '('));
    }
    case 'CHECK':
      return isPunct(next, '(');
    case 'EXCLUDE':
      return isPunct(next, '(') || next?.u === 'USING';
    case 'PERIOD':
      return next?.u === 'FOR';
    case 'LIKE':
      return next !== undefined;
    default:
      return false;
  }
}

function applyConstraint(
  tokens: readonly Token[],
  from: number,
  to: number,
  columns: ReadonlyMap<string, Column>,
): void {
  let at = from;
  if (tokens[at]?.u === 'CONSTRAINT')
    at = /^(?:PRIMARY|UNIQUE|FOREIGN|CHECK)$/.test(tokens[at + 1]?.u ?? '') ? at + 1 : at + 2;
  const kind = tokens[at]?.u;
  if (kind !== 'PRIMARY' && kind !== 'UNIQUE' && kind !== 'FOREIGN') return;
  while (at < to && !isPunct(tokens[at], '(')) at += 1;
  const end = Math.min(to, behindParens(tokens, at));
  const names: Column[] = [];
  for (let index = at + 1; index < end - 1; index++) {
    const before = tokens[index - 1];
    if (index > at + 1 && !isPunct(before, ',')) continue;
    const column = columns.get((tokens[index] as Token).v.toLowerCase());
    if (column !== undefined) names.push(column);
  }
  if (kind === 'PRIMARY') for (const column of names) column.primaryKey = true;
  else if (kind === 'UNIQUE') {
    if (names.length === 1) (names[0] as Column).unique = true;
  } else if (tokens[end]?.u === 'REFERENCES' && end < to) {
    const target = readName(tokens, end + 1);
    if (target !== undefined) for (const column of names) column.references = target.table;
  }
}

/** One column's definition, tokens `from` up to `to`. */
export function readColumn(tokens: readonly Token[], from: number, to: number, text: string): DdlColumn | undefined {
  const named = tokens[from];
  if (from >= to || named === undefined || named.k === 'punct' || named.k === 'number' || named.k === 'body')
    return undefined;
  let at = from + 1;
  let name = named.v;
  while (
    at < to &&
    tokens[at]?.start === tokens[at - 1]?.end &&
    (tokens[at]?.k === 'hole' || tokens[at]?.k === 'word')
  ) {
    name += (tokens[at] as Token).v;
    at += 1;
  }
  const [type, behindType] = readType(tokens, at, to, text);
  const column: Column = { name, type };
  at = behindType;
  while (at < to) {
    const token = tokens[at] as Token;
    const next = at + 1 < to ? tokens[at + 1] : undefined;
    if (isPunct(token, '(')) at = behindParens(tokens, at);
    else if (token.u === 'NOT' && next?.u === 'NULL') {
      column.notNull = true;
      at += 2;
    } else if (token.u === 'PRIMARY' && next?.u === 'KEY') {
      column.primaryKey = true;
      at += 2;
    } else if (token.u === 'UNIQUE') {
      column.unique = true;
      at += 1;
    } else if (token.u === 'REFERENCES') {
      const target = readName(tokens, at + 1);
      if (target !== undefined) column.references = target.table;
      at = Math.max(target?.next ?? 0, at + 1);
    } else if (token.u === 'ON') {
      // ON DELETE SET DEFAULT, ON UPDATE CURRENT_TIMESTAMP, ON CONFLICT REPLACE.
      at += next?.u === 'CONFLICT' || tokens[at + 2]?.u !== 'SET' ? 3 : 4;
    } else if (token.u === 'BY') at += 2;
    else if (token.u === 'COMMENT' || token.u === 'COLLATE' || token.u === 'CONSTRAINT') at += 2;
    else if (token.u === 'DEFAULT') {
      const end = behindDefault(tokens, at + 1, to);
      if (end > at + 1) column.default = render(tokens, at + 1, end, text);
      at = Math.max(end, at + 1);
    } else at += 1;
  }
  return column;
}

/** No type has more words; what has is no type. */
const MOST_TYPE_WORDS = 30;

function readType(tokens: readonly Token[], from: number, to: number, text: string): [type: string, next: number] {
  const parts: string[] = [];
  let at = from;
  /** The part before ends in a mark that the next belongs to. */
  let tight = true;
  while (at < to) {
    const token = tokens[at] as Token;
    if (token.k === 'word' && CONSTRAINT.has(token.u)) break;
    if (token.u === 'CHARACTER' && tokens[at + 1]?.u === 'SET') {
      at += 3;
      continue;
    }
    if (isPunct(token, '(')) {
      const end = Math.min(to, behindParens(tokens, at));
      // Values of an ENUM keep their case.
      const inside = render(tokens, at, end, text);
      parts.push(/['"]/.test(inside) ? inside : inside.toUpperCase());
      tight = false;
      at = end;
    } else if (token.k === 'word' || token.k === 'quoted' || token.k === 'hole') {
      parts.push(tight ? '' : ' ', token.v.toUpperCase());
      tight = false;
      at += 1;
    } else if (isPunct(token, '[') || isPunct(token, ']') || isPunct(token, '.') || token.k === 'number') {
      parts.push(token.v);
      tight = token.v === '.' || token.v === '[';
      at += 1;
    } else break;
    if (parts.length > MOST_TYPE_WORDS * 2) return [parts.join(''), to];
  }
  return [parts.join(''), Math.min(at, to)];
}

/** The tokens as written, without the white space and comments between them that mean nothing. */
function render(tokens: readonly Token[], from: number, to: number, text: string): string {
  let out = '';
  for (let index = from; index < to; index++) {
    const token = tokens[index] as Token;
    if (index > from && token.k !== 'punct' && (tokens[index - 1] as Token).k !== 'punct') out += ' ';
    out += text.slice(token.start, token.end);
  }
  return out;
}

function behindDefault(tokens: readonly Token[], from: number, to: number): number {
  let at = from;
  while (at < to) {
    const token = tokens[at] as Token;
    if (at > from && token.k === 'word' && CONSTRAINT.has(token.u)) break;
    at = isPunct(token, '(') ? Math.min(to, behindParens(tokens, at)) : at + 1;
  }
  return at;
}

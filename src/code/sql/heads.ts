/** How statements begin: each reads its head and says what it does to which table; the clauses behind are read in `statement.ts`. */
import { takeAlter } from './alter.ts';
import { readColumns } from './columns.ts';
import { beginCte, isCte } from './ctes.ts';
import { type Scan, topOf, type Use, useOf } from './frames.ts';
import { behindParens, isPunct, readName } from './names.ts';
import type { Token } from './tokens.ts';

/** Words between a statement's verb and its table. */
const MODIFIERS: ReadonlySet<string> = new Set(
  'LOW_PRIORITY DELAYED HIGH_PRIORITY IGNORE QUICK ONLY OVERWRITE CONCURRENTLY INTO TABLE'.split(' '),
);

/** Reads the head that begins at `at`. Returns the index to go on at; `at` where none begins. */
export function takeHead(scan: Scan, at: number): number {
  const token = scan.tokens[at] as Token;
  const top = scan.frames.length === 1;
  switch (token.u) {
    case 'WITH':
      return isCte(scan.tokens, at) ? beginCte(scan, topOf(scan), at) : at;
    case 'INSERT':
    case 'REPLACE':
    case 'MERGE':
      return write(scan, at);
    case 'UPDATE':
    case 'DELETE':
      return change(scan, at);
    case 'FROM':
      topOf(scan).query = true;
      return at;
    default:
      return top ? takeTopHead(scan, at, token) : at;
  }
}

function takeTopHead(scan: Scan, at: number, token: Token): number {
  const { tokens } = scan;
  const end = tokens.length;
  const next = tokens[at + 1];
  switch (token.u) {
    case 'EXPLAIN':
      return explain(scan, at);
    case 'CREATE':
      return create(scan, at);
    case 'ALTER':
      if (next?.u === 'TABLE') takeAlter(scan, at + 2);
      return end;
    case 'DROP':
      return drop(scan, at);
    case 'TRUNCATE':
      return nameList(scan, next?.u === 'TABLE' ? at + 2 : at + 1, 'truncate', 'write');
    case 'RENAME':
      return next?.u === 'TABLE' ? renameTables(scan, at + 2) : end;
    case 'PRAGMA':
      return pragma(scan, at);
    case 'ATTACH':
      return attach(scan, next?.u === 'DATABASE' ? at + 2 : at + 1);
    case 'VACUUM': {
      const into = tokens.findIndex((one, index) => index > at && one.u === 'INTO');
      const file = into < 0 ? undefined : readName(tokens, into + 1);
      if (file !== undefined) scan.emit(useOf('vacuum into', 'write', file));
      return end;
    }
    case 'COPY':
      return copy(scan, at);
    case 'LOAD':
      return load(scan, at);
    case 'REFRESH': {
      const name = readName(tokens, tokens[at + 3]?.u === 'CONCURRENTLY' ? at + 4 : at + 3);
      if (name !== undefined) scan.emit(useOf('refresh materialized view', 'write', name));
      return end;
    }
    case 'SHOW':
    case 'DESCRIBE':
    case 'DESC':
      return show(scan, at);
    case 'DO':
    case 'BEGIN':
    case 'ELSE':
    case 'LOOP':
      scan.procedural = true;
      topOf(scan).start = token.u !== 'DO' || next?.k === 'word';
      return at + 1;
    case 'IF':
    case 'ELSEIF':
    case 'ELSIF':
    case 'WHILE':
    case 'FOR':
    case 'CASE':
    case 'WHEN':
    case 'DECLARE':
    case 'EXCEPTION':
      scan.procedural = true;
      return at;
    case 'GRANT':
    case 'REVOKE':
    case 'FETCH':
    case 'COMMENT':
    case 'LOCK':
      return end;
    default:
      return at;
  }
}

/** INSERT, REPLACE, MERGE. The words between differ by dialect: `INSERT OR IGNORE INTO`, `REPLACE DELAYED`, `INSERT users SET`. */
function write(scan: Scan, at: number): number {
  const { tokens } = scan;
  let index = at + 1;
  if (tokens[index]?.u === 'OR') index += 2;
  while (MODIFIERS.has(tokens[index]?.u ?? '')) index += 1;
  const name = readName(tokens, index);
  const verb = (tokens[at] as Token).u.toLowerCase();
  if (name === undefined) return index;
  const use = useOf(verb, 'write', name);
  emitDone(scan, use);
  if (verb === 'merge') {
    const frame = topOf(scan);
    frame.target = use;
    frame.filtered = true;
  }
  return name.next;
}

function change(scan: Scan, at: number): number {
  const { tokens } = scan;
  const frame = topOf(scan);
  const verb = (tokens[at] as Token).u.toLowerCase();
  let index = at + 1;
  if (tokens[index]?.u === 'OR') index += 2;
  while (MODIFIERS.has(tokens[index]?.u ?? '')) index += 1;
  if (tokens[index]?.u === 'TOP') index = isPunct(tokens[index + 1], '(') ? behindParens(tokens, index + 1) : index + 2;
  // MySQL and SQL Server name the target first: `DELETE a FROM users a JOIN …`.
  let aliased = verb === 'delete';
  if (verb === 'delete' && tokens[index]?.u === 'FROM') {
    aliased = false;
    index += 1;
    while (MODIFIERS.has(tokens[index]?.u ?? '')) index += 1;
  }
  const name = readName(tokens, index);
  if (name === undefined) return index;
  // `t.*` is the old spelling of a target.
  const use = useOf(verb, 'write', name);
  emitDone(scan, use);
  frame.target = use;
  frame.query = true;
  // `UPDATE a, b SET`, `UPDATE a JOIN b`: what follows before SET is in the from clause.
  frame.from = verb === 'update' || aliased === false;
  return name.next;
}

function emitDone(scan: Scan, use: Use): void {
  if (scan.explain) {
    use.verb = 'explain';
    use.access = 'read';
  }
  scan.emit(use);
}

function explain(scan: Scan, at: number): number {
  const { tokens } = scan;
  let index = at + 1;
  scan.explain = true;
  for (; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    if (token.u === 'ANALYZE' || token.u === 'ANALYSE') scan.explain = false;
    else if (isPunct(token, '(')) {
      const end = behindParens(tokens, index);
      if (tokens.slice(index, end).some(({ u }) => u === 'SELECT')) break;
      if (tokens.slice(index, end).some(({ u }) => u === 'ANALYZE')) scan.explain = false;
      index = end - 1;
    } else if (!/^(?:QUERY|PLAN|VERBOSE|EXTENDED|FOR|FORMAT|JSON|TREE)$/.test(token.u) && !isPunct(token, '=')) break;
  }
  topOf(scan).start = true;
  return index;
}

function create(scan: Scan, at: number): number {
  const { tokens } = scan;
  let temporary = false;
  let virtual = false;
  let index = at + 1;
  for (; index < Math.min(tokens.length, at + 24); index++) {
    const word = tokens[index]?.u;
    if (word === 'TEMP' || word === 'TEMPORARY') temporary = true;
    else if (word === 'VIRTUAL') virtual = true;
    else if (word === 'TABLE') return createTable(scan, index + 1, temporary, virtual);
    else if (word === 'VIEW') return createView(scan, index + 1);
    else if (word === 'INDEX') return createIndex(scan, index + 1);
    else if (word === 'TRIGGER') return createTrigger(scan, index + 1);
    else if (word === 'FUNCTION' || word === 'PROCEDURE' || word === 'PROC' || word === 'EVENT') {
      scan.procedural = true;
      return index + 1;
    } else if (
      /^(?:TYPE|EXTENSION|SEQUENCE|DATABASE|SCHEMA|USER|ROLE|POLICY|RULE|DOMAIN|PUBLICATION|SUBSCRIPTION)$/.test(
        word ?? '',
      )
    )
      break;
  }
  return tokens.length;
}

function behindIfNotExists(tokens: readonly Token[], at: number): number {
  if (tokens[at]?.u !== 'IF') return at;
  return tokens[at + 1]?.u === 'NOT' ? at + 3 : at + 2;
}

function createTable(scan: Scan, at: number, temporary: boolean, virtual: boolean): number {
  const { tokens } = scan;
  const index = behindIfNotExists(tokens, at);
  const name = readName(tokens, index);
  if (name === undefined) return tokens.length;
  // A temporary table is in no store: it is told apart by its verb.
  const verb = virtual
    ? 'create virtual table'
    : temporary || name.table.startsWith('#')
      ? 'create temp table'
      : 'create table';
  const use = useOf(verb, 'ddl', name);
  if (index > at) use.ifNotExists = true;
  let next = name.next;
  if (!virtual && isPunct(tokens[next], '(') && tokens[next + 1]?.u !== 'SELECT' && tokens[next + 1]?.u !== 'WITH') {
    use.columns = readColumns(tokens, next, scan.text);
    const behind = behindParens(tokens, next);
    const body = verb === 'create table' ? bodyOf(scan, next, behind) : undefined;
    if (body !== undefined) use.body = body;
    next = behind;
  }
  scan.emit(use);
  return virtual ? tokens.length : next;
}

/** Longer ones are written by programs. */
const LONGEST_BODY = 20_000;
const TABLE_OPTION = /^(?:WITHOUT|ROWID|STRICT)$/;

/** `(id INTEGER PRIMARY KEY, …) STRICT`. `behind`: the index behind the closing bracket. */
function bodyOf({ tokens, text }: Scan, open: number, behind: number): string | undefined {
  let end = behind;
  while (TABLE_OPTION.test(tokens[end]?.u ?? '') || isPunct(tokens[end], ',')) end += 1;
  const said = tokens.slice(open, end);
  if (!isPunct(tokens[behind - 1], ')') || said.some(({ k }) => k === 'hole')) return undefined;
  // Without comments, which dialects end in different ways.
  const words = said.map(
    (token, i) => `${token.start === said[i - 1]?.end ? '' : ' '}${text.slice(token.start, token.end)}`,
  );
  const body = words.join('').trim();
  return body.length <= LONGEST_BODY ? body : undefined;
}

function createView(scan: Scan, at: number): number {
  const name = readName(scan.tokens, behindIfNotExists(scan.tokens, at));
  if (name === undefined) return scan.tokens.length;
  const use = useOf('create view', 'ddl', name);
  if (scan.tokens[at]?.u === 'IF') use.ifNotExists = true;
  scan.emit(use);
  return name.next;
}

function createIndex(scan: Scan, at: number): number {
  const { tokens } = scan;
  let index = at;
  while (index < Math.min(tokens.length, at + 16) && tokens[index]?.u !== 'ON') index += 1;
  index += tokens[index + 1]?.u === 'ONLY' ? 2 : 1;
  const name = readName(tokens, index);
  if (name !== undefined) {
    const use = useOf('create index', 'ddl', name);
    if (tokens[at]?.u === 'IF' || tokens[at + 1]?.u === 'IF') use.ifNotExists = true;
    scan.emit(use);
  }
  return tokens.length;
}

function createTrigger(scan: Scan, at: number): number {
  const { tokens } = scan;
  scan.procedural = true;
  let index = at;
  while (index < Math.min(tokens.length, at + 60) && tokens[index]?.u !== 'ON') index += 1;
  const name = readName(tokens, index + 1);
  if (name === undefined) return Math.min(index, tokens.length);
  scan.emit(useOf('create trigger', 'ddl', name));
  return name.next;
}

function drop(scan: Scan, at: number): number {
  const { tokens } = scan;
  let index = at + 1;
  while (/^(?:TEMPORARY|TEMP|MATERIALIZED|FOREIGN|EXTERNAL)$/.test(tokens[index]?.u ?? '')) index += 1;
  const kind = tokens[index]?.u;
  if (kind === 'TABLE' || kind === 'VIEW') {
    const first = tokens[index + 1]?.u === 'IF' ? index + 3 : index + 1;
    return nameList(scan, first, `drop ${kind.toLowerCase()}`, 'ddl');
  }
  if (kind === 'INDEX' || kind === 'TRIGGER') {
    const on = tokens.findIndex((token, place) => place > index && token.u === 'ON');
    const name = on < 0 ? undefined : readName(tokens, on + 1);
    if (name !== undefined) scan.emit(useOf(`drop ${kind.toLowerCase()}`, 'ddl', name));
  }
  return tokens.length;
}

function nameList(scan: Scan, from: number, verb: string, access: Use['access']): number {
  const { tokens } = scan;
  let at = tokens[from]?.u === 'ONLY' ? from + 1 : from;
  for (;;) {
    const name = readName(tokens, at);
    if (name === undefined) break;
    scan.emit(useOf(verb, access, name));
    if (!isPunct(tokens[name.next], ',')) {
      // Without `;` the next statement may follow.
      return name.next;
    }
    at = name.next + 1;
  }
  return tokens.length;
}

function renameTables(scan: Scan, from: number): number {
  const { tokens } = scan;
  let at = from;
  for (;;) {
    const name = readName(tokens, at);
    if (name === undefined || tokens[name.next]?.u !== 'TO') break;
    const renamed = readName(tokens, name.next + 1);
    if (renamed === undefined) break;
    scan.emit({ ...useOf('rename table', 'ddl', name), renamedTo: renamed.table });
    if (!isPunct(tokens[renamed.next], ',')) break;
    at = renamed.next + 1;
  }
  return tokens.length;
}

const TABLE_PRAGMA =
  /^(?:table_x?info|table_list|index_list|foreign_key_list|foreign_key_check|integrity_check|quick_check)$/i;

function pragma(scan: Scan, at: number): number {
  const { tokens } = scan;
  const index = isPunct(tokens[at + 2], '.') ? at + 3 : at + 1;
  const argument = tokens[index + 2];
  if (TABLE_PRAGMA.test(tokens[index]?.v ?? '') && argument !== undefined && argument.k !== 'number') {
    const name = readName(tokens, index + 2);
    if (name !== undefined) scan.emit(useOf('pragma', 'read', name));
  }
  return tokens.length;
}

/** `ATTACH 'other.db' AS other`: the table is the file as written, the schema its name here. */
function attach(scan: Scan, at: number): number {
  const { tokens } = scan;
  const file = tokens[at];
  const as = tokens.findIndex((token, index) => index > at && token.u === 'AS');
  const alias = as < 0 ? undefined : readName(tokens, as + 1);
  if (file !== undefined && alias !== undefined) {
    const whole = as === at + 1 && file.k !== 'word';
    scan.emit({ verb: 'attach', access: 'read', table: whole ? file.v : '?', schema: alias.table, line: file.line });
  }
  return tokens.length;
}

function copy(scan: Scan, at: number): number {
  const { tokens } = scan;
  if (isPunct(tokens[at + 1], '(')) {
    topOf(scan).start = true;
    return at + 1;
  }
  const name = readName(tokens, tokens[at + 1]?.u === 'INTO' ? at + 2 : at + 1);
  if (name === undefined) return tokens.length;
  const behind = isPunct(tokens[name.next], '(') ? behindParens(tokens, name.next) : name.next;
  const word = tokens[behind]?.u;
  if (word === 'TO') scan.emit(useOf('copy', 'read', name));
  else if (word === 'FROM') scan.emit(useOf('copy', 'write', name));
  return tokens.length;
}

function load(scan: Scan, at: number): number {
  const { tokens } = scan;
  const table = tokens.findIndex((token, index) => index > at && token.u === 'TABLE');
  const name = table < 0 ? undefined : readName(tokens, table + 1);
  if (name !== undefined) scan.emit(useOf('load data', 'write', name));
  return tokens.length;
}

function show(scan: Scan, at: number): number {
  const { tokens } = scan;
  const verb = (tokens[at] as Token).u === 'SHOW' ? 'show' : 'describe';
  let index = at + 1;
  if (verb === 'show') {
    const of = tokens.findIndex(
      (token, place) =>
        place > at &&
        (token.u === 'TABLE' || (/^(?:FROM|IN)$/.test(token.u) && !/^TABLES$/.test(tokens[place - 1]?.u ?? ''))),
    );
    if (of < 0) return tokens.length;
    index = of + 1;
  } else if (tokens[index]?.u === 'TABLE') index += 1;
  const name = readName(tokens, index);
  if (name !== undefined) scan.emit(useOf(verb, 'read', name));
  return tokens.length;
}

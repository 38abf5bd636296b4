/**
 * Is a text SQL? Asked of every string of a project, so its first word decides most of them. What is left is read as tokens and must
 * have a statement's shape: prose begins with the same words ("Select a file from the list", "Update the users table").
 */
import { isCte } from './ctes.ts';
import { behindParens, isPunct, readName } from './names.ts';
import { statementsOf, type Token } from './tokens.ts';

const GATE =
  /^[\s(;]*(?:--|#|\/\*|\{%|(?:select|insert|replace|update|delete|create|drop|alter|truncate|with|pragma|attach|detach|merge|copy|refresh|rename|load|do|explain|show|describe|begin|start|commit|use|set|vacuum|if|declare|lock)\b)/i;
/** More than this need not be read to tell. */
const ENOUGH = 4000;

export function looksLikeSql(text: string): boolean {
  if (text.length < 7 || !GATE.test(text)) return false;
  let statements = 0;
  for (const tokens of statementsOf(text.length > ENOUGH ? text.slice(0, ENOUGH) : text)) {
    if (isStatement(tokens, 0)) return true;
    // Scripts begin with what says nothing of tables.
    statements += 1;
    if (statements > 8 || !isOpening(tokens)) return false;
  }
  return false;
}

/** `BEGIN;`, `SET FOREIGN_KEY_CHECKS = 0;`, `USE shop;`: may stand before a statement, are none by themselves. */
function isOpening(tokens: readonly Token[]): boolean {
  const first = tokens[0];
  return first !== undefined && /^(?:BEGIN|START|COMMIT|USE|SET|DECLARE|LOCK)$/.test(first.u) && tokens.length < 40;
}

/** How the statement's verb is written: prose begins with a capital, SQL seldom does. */
type Manner = 'upper' | 'lower' | 'title';

function isStatement(tokens: readonly Token[], from: number): boolean {
  let at = from;
  while (isPunct(tokens[at], '(')) at += 1;
  const token = tokens[at];
  if (token === undefined || token.k !== 'word') return false;
  const manner: Manner = token.v === token.u ? 'upper' : token.v === token.v.toLowerCase() ? 'lower' : 'title';
  switch (token.u) {
    case 'SELECT':
      return isSelect(tokens, at + 1, manner);
    case 'WITH':
      return isWith(tokens, at);
    case 'INSERT':
    case 'REPLACE':
      return isInsert(tokens, at + 1, manner);
    case 'UPDATE':
      return isUpdate(tokens, at + 1, manner);
    case 'DELETE':
      return isDelete(tokens, at + 1, manner);
    case 'EXPLAIN':
      return isExplain(tokens, at + 1);
    case 'CREATE':
      return isCreate(tokens, at + 1, manner);
    case 'DROP':
      return isDrop(tokens, at + 1, manner);
    case 'ALTER':
      return isAlter(tokens, at + 1, manner);
    default:
      return isOther(tokens, at, token.u, manner);
  }
}

/** English where a table's name would be. */
const PROSE: ReadonlySet<string> = new Set(
  `THE A AN YOUR MY OUR THIS THAT THESE THOSE IT ITS THEIR HIS HER ANY EACH EVERY SOME TO OF AND OR FOR ONE ALL WHICH WHAT THERE HERE
  ANOTHER ABOVE BELOW EXISTING AVAILABLE EITHER SCRATCH WITHIN AMONG NOT IS ARE IN WITH AS AT BY NO`.split(/\s+/),
);
/** Prose only where nothing else speaks for SQL. */
const PLACES: ReadonlySet<string> = new Set('LIST MENU DROPDOWN OPTIONS LEFT RIGHT TOP DISK SIDEBAR'.split(' '));

const CLAUSE: ReadonlySet<string> = new Set(
  `WHERE ORDER GROUP HAVING LIMIT OFFSET FETCH UNION INTERSECT EXCEPT MINUS INNER LEFT RIGHT FULL CROSS OUTER NATURAL JOIN
  STRAIGHT_JOIN USING SET ON FOR WINDOW VALUES RETURNING AS WITH USE FORCE IGNORE TABLESAMPLE INTO QUALIFY NOT INDEXED FINAL SAMPLE
  PIVOT CONNECT START LATERAL`.split(/\s+/),
);

/** The name at `at`, unless it is an English word. */
function tableAt(tokens: readonly Token[], at: number): { readonly next: number; readonly table: string } | undefined {
  const name = readName(tokens, at);
  if (name === undefined) return undefined;
  // An article is followed by a noun, a table called `a` by a clause.
  const next = tokens[name.next];
  const english = tokens[at]?.k === 'word' && name.next === at + 1 && PROSE.has((tokens[at] as Token).u);
  return english && next?.k === 'word' && !CLAUSE.has(next.u) ? undefined : name;
}

/** What follows a table: a clause, an alias and then a clause, a mark, or nothing. */
function isBehindTable(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined || token.k === 'hole') return true;
  if (token.k === 'punct') return token.v === ',' || token.v === ')' || token.v === '(';
  if (CLAUSE.has(token.u)) return true;
  if (token.k !== 'word' && token.k !== 'quoted') return false;
  const next = tokens[at + 1];
  return next === undefined || next.k === 'hole' || CLAUSE.has(next.u) || isPunct(next, ',') || isPunct(next, ')');
}

function isSelect(tokens: readonly Token[], from: number, manner: Manner): boolean {
  let at = from;
  while (/^(?:DISTINCT|ALL|HIGH_PRIORITY|SQL_\w+)$/.test(tokens[at]?.u ?? '')) at += 1;
  let depth = 0;
  let words = 0;
  let run = 0;
  let marks = 0;
  for (let index = at; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    if (token.k === 'punct') {
      run = 0;
      if (token.v === '(') depth += 1;
      else if (token.v === ')') depth -= 1;
      if (token.v !== '!' && token.v !== '-' && token.v !== ':') marks += 1;
      continue;
    }
    if (token.u === 'FROM' && depth <= 0) {
      // A list of columns has no three words in a row; two are a column and its alias.
      if (index === at || words > 2 || (words > 1 && manner !== 'upper')) return false;
      return isFrom(tokens, index + 1, manner, marks > 0);
    }
    run =
      token.k === 'word' &&
      depth <= 0 &&
      !/^(?:AS|CASE|WHEN|THEN|ELSE|END|AND|OR|IS|NOT|NULL|OVER|BETWEEN|IN|LIKE|FILTER|WITHIN|TOP|COLLATE|AT|TIME|ZONE|INTERVAL)$/.test(
        token.u,
      )
        ? run + 1
        : 0;
    words = Math.max(words, run);
  }
  return isSelectAlone(tokens, at, manner);
}

function isFrom(tokens: readonly Token[], from: number, manner: Manner, marked: boolean): boolean {
  let at = from;
  if (isPunct(tokens[at], '(')) return true;
  // The rest is built elsewhere.
  if (at >= tokens.length) return manner === 'upper';
  while (tokens[at]?.u === 'ONLY' || tokens[at]?.u === 'LATERAL') at += 1;
  if (tokens[at]?.u === 'UNNEST') return true;
  const name = tableAt(tokens, at);
  if (name === undefined) return false;
  if (!isBehindTable(tokens, name.next)) return manner === 'upper' && marked;
  if (marked || manner === 'upper') return true;
  const clause = tokens.slice(name.next).some(({ u }) => /^(?:WHERE|ORDER|GROUP|LIMIT|JOIN)$/.test(u));
  return clause || (manner === 'lower' && !PLACES.has((tokens[at] as Token).u));
}

/** `SELECT 1`, `SELECT version() AS v`, `SELECT EXISTS(…)`; prose has words there. */
function isSelectAlone(tokens: readonly Token[], at: number, manner: Manner): boolean {
  const first = tokens[at];
  const second = tokens[at + 1];
  if (first === undefined || manner === 'title') return false;
  const ends = second === undefined || second.u === 'AS' || isPunct(second, ',') || isPunct(second, '::');
  if (first.k === 'number' || first.k === 'string') return ends || second?.k === 'punct';
  if (first.k === 'hole') return manner === 'upper' && ends;
  if (first.k === 'word' && first.v.startsWith('@')) return true;
  if (first.k !== 'word') return false;
  const called = isPunct(second, '.') ? at + 3 : at + 1;
  if (!isPunct(tokens[called], '(')) return false;
  const behind = tokens[behindParens(tokens, called)];
  return (
    (manner === 'upper' || tokens[called]?.start === tokens[called - 1]?.end) &&
    (behind === undefined || behind.k !== 'word' || behind.u === 'AS')
  );
}

function isWith(tokens: readonly Token[], at: number): boolean {
  if (!isCte(tokens, at)) return false;
  let index = tokens[at + 1]?.u === 'RECURSIVE' ? at + 3 : at + 2;
  if (isPunct(tokens[index], '(')) index = behindParens(tokens, index);
  if (tokens[index]?.u !== 'AS') return false;
  index += 1;
  if (tokens[index]?.u === 'NOT') index += 1;
  if (tokens[index]?.u === 'MATERIALIZED') index += 1;
  return (
    isPunct(tokens[index], '(') && /^(?:SELECT|WITH|VALUES|INSERT|UPDATE|DELETE|)$/.test(tokens[index + 1]?.u ?? '')
  );
}

function isInsert(tokens: readonly Token[], from: number, manner: Manner): boolean {
  let at = tokens[from]?.u === 'OR' ? from + 2 : from;
  while (/^(?:IGNORE|LOW_PRIORITY|DELAYED|HIGH_PRIORITY)$/.test(tokens[at]?.u ?? '')) at += 1;
  if (tokens[at]?.u !== 'INTO' && tokens[at]?.u !== 'OVERWRITE') return false;
  at += tokens[at + 1]?.u === 'TABLE' && tokens[at + 2]?.k !== 'punct' ? 2 : 1;
  const name = tableAt(tokens, at);
  if (name === undefined) return false;
  const next = tokens[name.next];
  if (next === undefined) return manner === 'upper';
  if (next.k === 'hole' || /^(?:VALUES?|SELECT|SET|DEFAULT|WITH|OVERRIDING|OUTPUT)$/.test(next.u)) return true;
  if (isPunct(next, '(')) {
    return manner !== 'title' || tokens.some(({ u }) => u === 'VALUES' || u === 'SELECT');
  }
  return next.u === 'AS' || (next.k === 'word' && isPunct(tokens[name.next + 1], '('));
}

function isUpdate(tokens: readonly Token[], from: number, manner: Manner): boolean {
  let at = tokens[from]?.u === 'OR' ? from + 2 : from;
  while (/^(?:IGNORE|LOW_PRIORITY|ONLY)$/.test(tokens[at]?.u ?? '')) at += 1;
  const name = tableAt(tokens, at);
  if (name === undefined) return false;
  let set = name.next;
  while (set < tokens.length && tokens[set]?.u !== 'SET') set += 1;
  if (set >= tokens.length) return false;
  // Between: an alias, joins, further tables.
  if (set > name.next + 2 && !tokens.slice(name.next, set).some((token) => token.u === 'JOIN' || isPunct(token, ',')))
    return false;
  const first = tokens[set + 1];
  if (first === undefined) return manner === 'upper';
  if (first.k === 'hole' || isPunct(first, '(') || isPunct(first, '[')) return true;
  const column = readName(tokens, set + 1);
  const sign = column === undefined ? undefined : tokens[column.next];
  return sign?.k === 'punct' ? /[=+:|-]/.test(sign.v) : sign === undefined ? manner === 'upper' : sign.k === 'hole';
}

function isDelete(tokens: readonly Token[], from: number, manner: Manner): boolean {
  let at = from;
  while (at < from + 8 && at < tokens.length && tokens[at]?.u !== 'FROM') at += 1;
  if (
    tokens[at]?.u !== 'FROM' ||
    (at > from + 1 && !tokens.slice(from, at).some((token) => isPunct(token, ',') || isPunct(token, '.')))
  ) {
    return false;
  }
  at += tokens[at + 1]?.u === 'ONLY' ? 2 : 1;
  const name = tableAt(tokens, at);
  if (name === undefined || !isBehindTable(tokens, name.next)) return false;
  if (tokens.some(({ u }) => u === 'WHERE')) return true;
  return manner === 'upper' || (manner === 'lower' && !PLACES.has((tokens[at] as Token).u));
}

function isExplain(tokens: readonly Token[], from: number): boolean {
  let at = from;
  if (isPunct(tokens[at], '(')) at = behindParens(tokens, at);
  while (/^(?:ANALYZE|VERBOSE|QUERY|PLAN|EXTENDED)$/.test(tokens[at]?.u ?? '')) at += 1;
  if (tokens[at]?.u === 'FOR') at += 1;
  return !/^EXPLAIN$/.test(tokens[at]?.u ?? '') && isStatement(tokens, at);
}

const OBJECT =
  /^(?:TABLE|VIEW|INDEX|TRIGGER|EXTENSION|SCHEMA|DATABASE|SEQUENCE|TYPE|USER|ROLE|FUNCTION|PROCEDURE|POLICY|DOMAIN|EVENT)$/;

function isCreate(tokens: readonly Token[], from: number, manner: Manner): boolean {
  let at = from;
  while (at < from + 12 && at < tokens.length && !OBJECT.test(tokens[at]?.u ?? '')) {
    if (
      !/^(?:TEMP|TEMPORARY|VIRTUAL|UNLOGGED|GLOBAL|LOCAL|EXTERNAL|FOREIGN|OR|REPLACE|ALTER|UNIQUE|CLUSTERED|NONCLUSTERED|MATERIALIZED|RECURSIVE|FULLTEXT|SPATIAL|CONSTRAINT|DEFINER|ALGORITHM|SQL|SECURITY|INVOKER|UNDEFINED|MERGE|)$/.test(
        tokens[at]?.u ?? '',
      )
    ) {
      return false;
    }
    at += 1;
  }
  const kind = tokens[at]?.u;
  if (kind === undefined || !OBJECT.test(kind)) return false;
  at += tokens[at + 1]?.u === 'CONCURRENTLY' ? 2 : 1;
  const exists = tokens[at]?.u === 'IF' && tokens[at + 1]?.u === 'NOT' && tokens[at + 2]?.u === 'EXISTS';
  if (exists) at += 3;
  const name = tableAt(tokens, at);
  if (kind === 'INDEX' && manner !== 'title') return tokens.slice(at, at + 8).some(({ u }) => u === 'ON');
  if (name === undefined) return false;
  const next = tokens[name.next];
  if (exists) return next === undefined || next.k !== 'word' || manner !== 'title';
  if (kind !== 'TABLE') {
    if (kind === 'VIEW') return next?.u === 'AS' || isPunct(next, '(') || next?.k === 'hole';
    if (kind === 'TRIGGER') return tokens.slice(name.next).some(({ u }) => u === 'ON');
    return manner === 'upper' || (manner === 'lower' && isPunct(next, '('));
  }
  if (next === undefined) return manner === 'upper';
  if (isPunct(next, '(')) return manner !== 'title' || tokens.length > name.next + 4;
  if (next.k === 'hole') return true;
  return (
    /^(?:AS|LIKE|USING|PARTITION|INHERITS|CLONE|ENGINE)$/.test(next.u) &&
    (next.u !== 'AS' ||
      isPunct(tokens[name.next + 1], '(') ||
      /^(?:SELECT|WITH|TABLE|VALUES)$/.test(tokens[name.next + 1]?.u ?? ''))
  );
}

function isDrop(tokens: readonly Token[], from: number, manner: Manner): boolean {
  let at = from;
  while (/^(?:TEMPORARY|MATERIALIZED|FOREIGN)$/.test(tokens[at]?.u ?? '')) at += 1;
  if (!OBJECT.test(tokens[at]?.u ?? '')) return false;
  at += 1;
  const exists = tokens[at]?.u === 'IF' && tokens[at + 1]?.u === 'EXISTS';
  if (exists || tokens[at]?.u === 'CONCURRENTLY') at += exists ? 2 : 1;
  const name = tableAt(tokens, at);
  if (name === undefined) return false;
  const next = tokens[name.next];
  if (next === undefined) return exists || manner !== 'title';
  return next.k !== 'word'
    ? next.k !== 'string' && !isPunct(next, ':')
    : /^(?:CASCADE|RESTRICT|ON|PURGE)$/.test(next.u);
}

const ALTERING =
  /^(?:ADD|DROP|RENAME|ALTER|MODIFY|CHANGE|ENABLE|DISABLE|OWNER|SET|ATTACH|DETACH|CONVERT|ENGINE|AUTO_INCREMENT|CHARACTER|FORCE|CLUSTER|INHERIT|NO|REPLICA|RESTART|WITH|INCREMENT|VALIDATE)$/;

function isAlter(tokens: readonly Token[], from: number, manner: Manner): boolean {
  if (!/^(?:TABLE|VIEW|SEQUENCE|TYPE|DATABASE|SCHEMA|INDEX|USER|ROLE)$/.test(tokens[from]?.u ?? '')) return false;
  let at = from + 1;
  if (tokens[at]?.u === 'IF' && tokens[at + 1]?.u === 'EXISTS') at += 2;
  if (tokens[at]?.u === 'ONLY') at += 1;
  const name = tableAt(tokens, at);
  if (name === undefined) return false;
  const next = tokens[name.next];
  return next === undefined ? manner === 'upper' : next.k === 'hole' || (ALTERING.test(next.u) && manner !== 'title');
}

function isOther(tokens: readonly Token[], at: number, verb: string, manner: Manner): boolean {
  const next = tokens[at + 1];
  switch (verb) {
    case 'PRAGMA': {
      // `pragma: no cover`, `pragma once` are none.
      const behind = tokens[isPunct(tokens[at + 2], '.') ? at + 4 : at + 2];
      return (
        next?.k === 'word' &&
        (behind === undefined ? /_|^OPTIMIZE$/.test(next.u) : isPunct(behind, '=') || isPunct(behind, '('))
      );
    }
    case 'TRUNCATE': {
      const named = next?.u === 'TABLE' ? at + 2 : at + 1;
      if (named === at + 1 && manner !== 'upper') return false;
      const name = tableAt(tokens, named);
      const behind = name === undefined ? undefined : tokens[name.next];
      return (
        name !== undefined &&
        (behind === undefined || behind.k !== 'word' || /^(?:CASCADE|RESTART|CONTINUE)$/.test(behind.u))
      );
    }
    case 'ATTACH': {
      const file = tokens[next?.u === 'DATABASE' ? at + 2 : at + 1];
      if (file === undefined || isPunct(file, ':')) return false;
      return (next?.u === 'DATABASE' || file.k !== 'word') && tokens.some(({ u }) => u === 'AS');
    }
    case 'DETACH':
      return next?.u === 'DATABASE' && tokens.length === at + 3;
    case 'MERGE': {
      const name = tableAt(tokens, next?.u === 'INTO' ? at + 2 : at + 1);
      return (
        manner !== 'title' &&
        name !== undefined &&
        tokens.slice(name.next, name.next + 4).some(({ u }) => u === 'USING')
      );
    }
    case 'COPY': {
      if (manner === 'title') return false;
      if (isPunct(next, '(') && tokens[at + 2]?.u === 'SELECT') return true;
      const name = readName(tokens, at + 1);
      if (name === undefined || next?.k === 'hole' || next?.k === 'string') return false;
      const way = isPunct(tokens[name.next], '(') ? behindParens(tokens, name.next) : name.next;
      const end = tokens[way + 1];
      return (
        /^(?:FROM|TO)$/.test(tokens[way]?.u ?? '') &&
        (end?.k === 'string' || /^(?:STDIN|STDOUT|PROGRAM)$/.test(end?.u ?? ''))
      );
    }
    case 'REFRESH':
      return next?.u === 'MATERIALIZED';
    case 'RENAME':
      return next?.u === 'TABLE' && tokens[tableAt(tokens, at + 2)?.next ?? tokens.length]?.u === 'TO';
    case 'LOAD':
      return next?.u === 'DATA' && tokens.slice(at, at + 4).some(({ u }) => u === 'INFILE');
    case 'DO':
      return next?.k === 'body';
    case 'IF':
      // Blocks of SQL Server: `IF NOT EXISTS (SELECT …) CREATE TABLE …`.
      return manner === 'upper' && tokens.slice(at, at + 5).some(({ u }) => u === 'SELECT' || u === 'OBJECT_ID');
    case 'SHOW':
      return manner === 'upper' && /^(?:TABLES|COLUMNS|FULL|CREATE|INDEX|DATABASES)$/.test(next?.u ?? '');
    case 'DESCRIBE':
      return manner === 'upper' && tokens.length === at + 2 && tableAt(tokens, at + 1) !== undefined;
    case 'BEGIN':
      return (
        manner !== 'title' &&
        tokens.length === at + 2 &&
        /^(?:TRANSACTION|IMMEDIATE|EXCLUSIVE|DEFERRED)$/.test(next?.u ?? '')
      );
    case 'VACUUM':
      return manner !== 'title' && next?.u === 'INTO';
    case 'SET':
      return (
        manner === 'upper' &&
        next?.k === 'word' &&
        /^(?:FOREIGN_KEY_CHECKS|NAMES|SESSION|SEARCH_PATH|LOCAL|TRANSACTION)$/.test(next.u)
      );
    default:
      return false;
  }
}

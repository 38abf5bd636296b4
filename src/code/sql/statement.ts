/** The uses of tables in one statement (or half of one): clauses here, statement heads in `heads.ts`. */

import { beginCte, isCte } from './ctes.ts';
import {
  closeBracket,
  type Frame,
  newFrame,
  openBracket,
  restart,
  type Scan,
  seeUnion,
  settle,
  takeTable,
  topOf,
  type Use,
} from './frames.ts';
import { takeHead } from './heads.ts';
import { isPunct } from './names.ts';
import type { Token } from './tokens.ts';

/** Emits what the statement does in the order in which it is written. `body` gets what `$$ … $$` of a function or block holds. */
export function scanStatement(
  tokens: readonly Token[],
  text: string,
  emit: (use: Use) => void,
  body: (text: string, line: number) => void,
): void {
  const scan: Scan = {
    tokens,
    text,
    frames: [newFrame(true)],
    ctes: new Map(),
    procedural: false,
    explain: false,
    emit,
    body,
  };
  let at = 0;
  while (at < tokens.length) {
    const next = step(scan, at);
    at = next > at ? next : at + 1;
  }
  while (scan.frames.length > 0) settle(scan, scan.frames.pop() as Frame);
}

function step(scan: Scan, at: number): number {
  const token = scan.tokens[at] as Token;
  const frame = topOf(scan);
  if (token.k === 'punct') {
    if (token.v === '(') openBracket(scan, at);
    else if (token.v === ')') closeBracket(scan);
    else if (token.v === ',') {
      if (frame.cte === 'behind') {
        frame.cte = 'name';
        frame.start = false;
      } else if (frame.from) frame.expect = true;
    }
    return at + 1;
  }
  if (frame.cte === 'name') {
    frame.cteName = token.v;
    frame.cte = 'body';
    return at + 1;
  }
  if (frame.cte === 'body' && token.u !== 'SELECT') return at + 1;
  frame.cte = undefined;
  if (frame.expect) {
    const next = takeTable(scan, at);
    if (next > at) return next;
  }
  if (token.k === 'body') {
    if (scan.procedural) scan.body(token.v, token.line);
    return at + 1;
  }
  if (token.k === 'hole') seeHole(scan, frame, at);
  if (token.k !== 'word') {
    frame.start = false;
    return at + 1;
  }
  if (frame.start) {
    frame.start = false;
    const next = takeHead(scan, at);
    if (next > at) return next;
  } else if (scan.frames.length === 1 && beginsAnother(scan, at)) {
    restart(scan);
    topOf(scan).start = false;
    return Math.max(takeHead(scan, at), at + 1);
  }
  return clause(scan, frame, token, at);
}

function clause(scan: Scan, frame: Frame, token: Token, at: number): number {
  switch (token.u) {
    case 'SELECT':
    case 'PERFORM':
      frame.query = true;
      frame.from = false;
      frame.expect = false;
      break;
    case 'FROM':
      if (frame.query && !isDistinctFrom(scan.tokens, at) && scan.tokens[at - 1]?.u !== 'ROWS') {
        frame.from = true;
        frame.expect = true;
        if (frame.target !== undefined) frame.filtered = true;
      }
      break;
    case 'JOIN':
    case 'STRAIGHT_JOIN':
      if (frame.from) {
        frame.expect = true;
        if (frame.target !== undefined) frame.filtered = true;
      }
      break;
    case 'USING':
      // DELETE … USING b, MERGE … USING b; `JOIN b USING (id)` is followed by a bracket.
      if (frame.target !== undefined && !isPunct(scan.tokens[at + 1], '(')) {
        frame.from = true;
        frame.expect = true;
        frame.filtered = true;
      }
      break;
    case 'UNION':
    case 'INTERSECT':
    case 'EXCEPT':
      seeUnion(scan);
      break;
    case 'WITH':
      if (isCte(scan.tokens, at)) return beginCte(scan, frame, at);
      break;
    case 'WHERE':
      frame.filtered = true;
      frame.from = false;
      frame.expect = false;
      break;
    case 'GROUP':
    case 'ORDER':
    case 'HAVING':
    case 'LIMIT':
    case 'OFFSET':
    case 'FETCH':
    case 'WINDOW':
    case 'QUALIFY':
    case 'FOR':
    case 'RETURNING':
    case 'SET':
    case 'VALUES':
      frame.from = false;
      frame.expect = false;
      break;
    case 'THEN':
    case 'BEGIN':
    case 'LOOP':
    case 'DO':
    case 'ELSE':
      if (scan.procedural && scan.frames.length === 1) restart(scan);
      break;
    case 'ROW':
      if (scan.procedural && scan.tokens[at - 1]?.u === 'EACH') restart(scan);
      break;
    default:
  }
  return at + 1;
}

function isDistinctFrom(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 2]?.u;
  return tokens[at - 1]?.u === 'DISTINCT' && (before === 'IS' || before === 'NOT');
}

/** A gap where a WHERE could be: `DELETE FROM t ?`, `UPDATE t SET a = 1 ?`; a parameter stands behind an operator. */
function seeHole(scan: Scan, frame: Frame, at: number): void {
  if (frame.target === undefined) return;
  const before = scan.tokens[at - 1] as Token | undefined;
  if (before === undefined || before.k === 'punct') {
    if (!isPunct(before, ')')) return;
  } else if (before.u === 'SET' || before.u === 'LIMIT' || before.u === 'BY') return;
  frame.filtered = true;
}

const NOT_BEFORE: ReadonlySet<string> = new Set('FOR KEY DO THEN AFTER BEFORE OF OR ON AS TO BY'.split(' '));

/** Scripts of SQL Server do without `;`: a statement's first two words at the beginning of a line begin one. */
function beginsAnother(scan: Scan, at: number): boolean {
  const token = scan.tokens[at] as Token;
  const before = scan.tokens[at - 1];
  if (before === undefined || before.line === token.line || (before.k === 'punct' && before.v !== ')')) return false;
  if (NOT_BEFORE.has(before.u)) return false;
  const next = scan.tokens[at + 1];
  switch (token.u) {
    case 'INSERT':
    case 'MERGE':
      return next?.u === 'INTO';
    case 'UPDATE':
      return (next?.k === 'word' || next?.k === 'quoted') && next.u !== 'SET' && next.u !== 'OF' && next.u !== 'ON';
    case 'DELETE':
      return next?.u === 'FROM';
    case 'CREATE':
    case 'ALTER':
    case 'DROP':
    case 'TRUNCATE':
      return next?.u === 'TABLE';
    default:
      return false;
  }
}

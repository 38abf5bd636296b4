/**
 * Where in a statement a name is a table: one pass over its tokens with a stack of brackets instead of a grammar, since texts
 * in code are often halves of statements and dialects differ. Depth costs memory, never the call stack.
 */
import type { SqlUse } from '../facts.ts';
import { isPunct, readName } from './names.ts';
import type { Token } from './tokens.ts';

export type Use = { -readonly [K in keyof SqlUse]: SqlUse[K] };

/** One bracket level. */
export interface Frame {
  /** FROM means a table here (not so in `EXTRACT(YEAR FROM x)`). */
  query: boolean;
  /** Commas bring further tables. */
  from: boolean;
  /** The next name is a table. */
  expect: boolean;
  /** A statement may begin here. */
  start: boolean;
  /** Between WITH and the main statement: what comes next. */
  cte: 'name' | 'body' | 'behind' | undefined;
  cteName: string;
  recursive: boolean;
  /** Names that WITH gave at this level. */
  given: string[] | undefined;
  /** This bracket is the body of the CTE of that name. */
  readonly bodyOf?: string;
  /** UPDATE or DELETE that waits for its WHERE. */
  target?: Use;
  filtered: boolean;
  aliases: Map<string, string> | undefined;
}

export interface Scan {
  readonly tokens: readonly Token[];
  readonly text: string;
  readonly frames: Frame[];
  /** Names of CTEs in force, and how often. */
  readonly ctes: Map<string, number>;
  /** In a trigger, a procedure, a block: THEN, BEGIN, DO, ELSE, LOOP begin statements. */
  procedural: boolean;
  /** EXPLAIN without ANALYZE: nothing is done. */
  explain: boolean;
  readonly emit: (use: Use) => void;
  /** What `$$ … $$` of a function or block holds. */
  readonly body: (text: string, line: number) => void;
}

export function newFrame(start: boolean, bodyOf?: string): Frame {
  return {
    query: false,
    from: false,
    expect: false,
    start,
    cte: undefined,
    cteName: '',
    recursive: false,
    given: undefined,
    filtered: false,
    aliases: undefined,
    ...(bodyOf === undefined ? {} : { bodyOf }),
  };
}

/** Another statement begins at the same level. */
export function restart(scan: Scan): void {
  settle(scan, scan.frames.pop() as Frame);
  scan.frames.push(newFrame(true));
}

export function topOf(scan: Scan): Frame {
  return scan.frames.at(-1) as Frame;
}

export function openBracket(scan: Scan, at: number): void {
  const frame = topOf(scan);
  const before = scan.tokens[at - 1];
  if (frame.cte === 'body' && (before?.u === 'AS' || before?.u === 'MATERIALIZED')) {
    frame.cte = 'behind';
    if (frame.recursive) give(scan, frame, frame.cteName);
    scan.frames.push(newFrame(true, frame.cteName));
    return;
  }
  const inner = newFrame(frame.start);
  if (frame.expect) {
    inner.query = true;
    inner.from = true;
    inner.expect = true;
  }
  frame.expect = false;
  frame.start = false;
  scan.frames.push(inner);
}

export function closeBracket(scan: Scan): void {
  if (scan.frames.length < 2) return;
  const closed = scan.frames.pop() as Frame;
  settle(scan, closed);
  const frame = topOf(scan);
  frame.expect = false;
  if (closed.bodyOf !== undefined) {
    if (!frame.recursive) give(scan, frame, closed.bodyOf);
    // Without a comma the main statement follows.
    frame.start = true;
  }
}

/** UNION inside a CTE's own body: SQLite lets it name itself without RECURSIVE. */
export function seeUnion(scan: Scan): void {
  const frame = topOf(scan);
  frame.from = false;
  frame.expect = false;
  if (frame.bodyOf !== undefined && !frame.given?.includes(frame.bodyOf)) give(scan, frame, frame.bodyOf);
}

function give(scan: Scan, frame: Frame, name: string): void {
  const key = name.toLowerCase();
  frame.given ??= [];
  frame.given.push(key);
  scan.ctes.set(key, (scan.ctes.get(key) ?? 0) + 1);
}

/** A level ends: its CTEs are gone; an UPDATE or DELETE that saw no WHERE is unfiltered. */
export function settle(scan: Scan, frame: Frame): void {
  for (const name of frame.given ?? []) scan.ctes.set(name, (scan.ctes.get(name) ?? 1) - 1);
  if (frame.target === undefined) return;
  if (!frame.filtered && !scan.explain) frame.target.unfiltered = true;
  // `DELETE u FROM users u`: the target was an alias.
  const meant = frame.target.schema === undefined ? frame.aliases?.get(frame.target.table.toLowerCase()) : undefined;
  if (meant !== undefined) frame.target.table = meant;
}

const NO_ALIAS =
  /^(?:WHERE|SET|ON|USING|JOIN|LEFT|RIGHT|INNER|OUTER|CROSS|FULL|NATURAL|ORDER|GROUP|LIMIT|RETURNING|FROM|VALUES|SELECT|USE|FORCE|UNION)$/;

/** A table is expected at `at`: reads it if it is one. Returns the index behind what was used up. */
export function takeTable(scan: Scan, at: number): number {
  const { tokens } = scan;
  const frame = topOf(scan);
  const token = tokens[at] as Token;
  if (token.u === 'ONLY' || token.u === 'LATERAL' || (token.u === 'TABLE' && isPunct(tokens[at + 1], '('))) {
    if (token.u === 'TABLE') frame.expect = false;
    return at + 1;
  }
  if (token.u === 'SELECT' || token.u === 'WITH' || token.u === 'VALUES') return at;
  frame.expect = false;
  const name = readName(tokens, at);
  if (name === undefined) return at;
  if (isPunct(tokens[name.next], '(') && !/^(?:NOLOCK|READ\w*|UPDLOCK)$/.test(tokens[name.next + 1]?.u ?? ''))
    return name.next;
  const aliasAt = tokens[name.next]?.u === 'AS' ? name.next + 1 : name.next;
  const alias = tokens[aliasAt];
  if (alias !== undefined && (alias.k === 'quoted' || (alias.k === 'word' && !NO_ALIAS.test(alias.u)))) {
    frame.aliases ??= new Map();
    frame.aliases.set(alias.v.toLowerCase(), name.table);
  }
  if (name.schema === undefined && (scan.ctes.get(name.table.toLowerCase()) ?? 0) > 0) return name.next;
  if (token.u === 'DUAL' && name.schema === undefined) return name.next;
  scan.emit(useOf('select', 'read', name));
  return name.next;
}

export function useOf(
  verb: string,
  access: SqlUse['access'],
  name: { readonly table: string; readonly schema?: string; readonly line: number },
): Use {
  const use: Use = { verb, access, table: name.table, line: name.line };
  if (name.schema !== undefined) use.schema = name.schema;
  return use;
}

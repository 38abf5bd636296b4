/**
 * Files of SQL: migrations, schemas, dumps. A dump may be huge and is then read in full at its beginning and by the heads of its
 * statements behind it: rows say nothing that the heads do not.
 */
import { emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language, ReferenceFact, SqlUse, TextFact } from '../facts.ts';
import { mayNameStore } from '../names-store.ts';
import { type Lines, linesOf } from '../text-lines.ts';
import { analyseSql } from './analyse.ts';

const MOST_UNITS = 4_000_000;
/** A statement of the part that is not read in full. */
const LONGEST_STATEMENT = 60_000;

const DUMP = /^\s*(?:--|#|\/\*)[^\n]*(?:dump|generated|do not edit)/im;
/** Strings with the name of a file: `ATTACH 'x.db'`, `COPY t FROM '/data/x.csv'`, `LOAD DATA INFILE 'x.tsv'`. */
const FILE_TEXT = /(['"])([^'"\n]{1,300}\.(?:db3?|s3db|sqlite3?|duckdb|csv|tsv|jsonl?|ndjson))\1/gi;
/** `\i x.sql`, `\ir x.sql`, `.read x.sql`, `source x.sql`; `.open x.db`, `.import x.csv t`. */
const CLIENT_LINE = /^[ \t]*(\\ir?|\.read|\.open|\.import|\.restore|source)[ \t]+['"]?([^\s'";]{1,300})/gim;

export const sql: Language = { id: 'sql', outline: read, structure: read };

function read(text: string): FileFacts {
  const lines = linesOf(text);
  const whole = text.length <= MOST_UNITS;
  const facts = emptyFacts('sql', whole ? 'structure' : 'tokens', lines.count);
  facts.scopes.push({ kind: 'module', name: '', parent: -1, at: [0, text.length, 1], lastLine: lines.count });
  const end = whole ? text.length : endOfStatement(text, MOST_UNITS);
  const head = whole ? text : text.slice(0, end);
  facts.sql = [...once(analyseSql(head, 1))];
  if (!whole) {
    facts.sql = facts.sql.concat(readHeads(text, end, lines));
    facts.problem = `only the first ${megabytes(end)} of ${megabytes(text.length)} were read in full, of the rest the statements' heads`;
  }
  if (DUMP.test(text.slice(0, 600))) facts.generated = true;
  facts.texts.push(...readTexts(head, lines));
  readClientLines(head, lines, facts.references, facts.texts);
  return facts;
}

/** A dump says the same `INSERT` thousands of times: the first of each is enough. Definitions all stay. */
function once(uses: readonly SqlUse[]): readonly SqlUse[] {
  if (uses.length < 200) return uses;
  const seen = new Set<string>();
  return uses.filter((use) => {
    if (use.access === 'ddl' || use.unfiltered) return true;
    const key = `${use.verb}\0${use.schema ?? ''}\0${use.table}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function endOfStatement(text: string, from: number): number {
  const end = text.lastIndexOf(';\n', from);
  return end > from / 2 ? end + 2 : from;
}

/** Definitions and the first write of each table, by the words that begin a line. */
function readHeads(text: string, from: number, lines: Lines): SqlUse[] {
  const uses: SqlUse[] = [];
  const written = new Set<string>();
  const head =
    /^(?:(CREATE|ALTER|DROP)[ \t]+(?:[A-Z]+[ \t]+)?(?:TABLE|VIEW)|((?:INSERT|REPLACE)[ \t]+INTO|COPY)[ \t]+([^\s(]{1,200}))/gim;
  head.lastIndex = from;
  for (let found = head.exec(text); found !== null; found = head.exec(text)) {
    const [, , verb, table] = found;
    if (verb !== undefined && table !== undefined) {
      if (written.has(table)) continue;
      written.add(table);
    }
    const stop = text.indexOf(';', found.index);
    const end = Math.min(
      stop < 0 ? text.length : stop + 1,
      found.index + (verb === undefined ? LONGEST_STATEMENT : 1000),
    );
    uses.push(...analyseSql(text.slice(found.index, end), lines.lineAt(found.index)).slice(0, 1));
  }
  return uses;
}

function readTexts(text: string, lines: Lines): TextFact[] {
  const texts: TextFact[] = [];
  for (const found of text.matchAll(FILE_TEXT)) {
    const v = found[2] as string;
    if (!mayNameStore(v)) continue;
    texts.push({ v, at: [found.index, found.index + found[0].length, lines.lineAt(found.index)], scope: 0 });
    if (texts.length >= 1000) break;
  }
  return texts;
}

function readClientLines(text: string, lines: Lines, references: ReferenceFact[], texts: TextFact[]): void {
  for (const found of text.matchAll(CLIENT_LINE)) {
    const target = found[2] as string;
    const start = found.index + found[0].length - target.length;
    const at = [start, start + target.length, lines.lineAt(start)] as const;
    const command = (found[1] as string).toLowerCase();
    if (command === '.open' || command === '.import' || command === '.restore') {
      if (mayNameStore(target)) texts.push({ v: target, at, scope: 0 });
    } else if (command !== 'source' || target.endsWith('.sql')) references.push({ target, kind: 'include', at });
    if (references.length >= 1000) break;
  }
}

function megabytes(units: number): string {
  return `${Math.max(1, Math.round(units / 1_000_000))} MB`;
}

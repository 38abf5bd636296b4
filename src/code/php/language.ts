/**
 * PHP, with the HTML around it. An outline reads marks only; the structure is parsed, and where a file does not parse it keeps
 * what could be saved of the tree and adds what the marks tell.
 */
import { type Draft, emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language } from '../facts.ts';
import { type Lines, linesOf } from '../text-lines.ts';
import { addLoneTexts } from './lone-texts.ts';
import { lowerAssignment } from './lower-assignment.ts';
import { lowerClass, lowerFunction } from './lower-declaration.ts';
import { lowerStatements } from './lower-statement.ts';
import { outlineInto } from './outline.ts';
import { parsePhp } from './parse.ts';
import { type PhpScan, scanPhp } from './scan.ts';
import type { Lowering } from './state.ts';

/** A larger file is generated; its outline tells enough. */
const MOST_UNITS = 1_000_000;
const GENERATED = /@generated|auto-?generated|do not edit/i;

export const php: Language = {
  id: 'php',
  outline(text) {
    const lines = linesOf(text);
    const scan = scanPhp(text);
    const facts = begin(text, lines, 'outline');
    outlineInto(facts, text, scan, lines);
    return facts;
  },
  structure(text) {
    const lines = linesOf(text);
    const scan = scanPhp(text);
    return text.length > MOST_UNITS
      ? fromMarks(text, lines, scan, 'larger than 1 MB')
      : readStructure(text, lines, scan);
  },
};

function begin(text: string, lines: Lines, read: FileFacts['read']): Draft {
  const facts = emptyFacts('php', read, lines.count);
  if (text.startsWith('#!')) facts.runnable = true;
  if (GENERATED.test(text.slice(0, 500))) facts.generated = true;
  return facts;
}

function readStructure(text: string, lines: Lines, scan: PhpScan): FileFacts {
  const parsed = parsePhp(text, scan.nesting);
  if (parsed.children === undefined) return fromMarks(text, lines, scan, parsed.problem);
  const facts = begin(text, lines, parsed.problem === undefined ? 'structure' : 'tokens');
  const state: Lowering = {
    doors: {
      assignment: lowerAssignment,
      functionScope: lowerFunction,
      classScope: lowerClass,
      statements: lowerStatements,
    },
    text,
    lines,
    facts,
    scopes: [{ kind: 'module', name: '', parent: -1, at: [0, text.length, 1], lastLine: lines.count }],
    namespace: '',
    used: new Set(),
    seen: new Set(),
    scope: 0,
    maybe: false,
    depth: 0,
  };
  try {
    lowerStatements(state, parsed.children);
  } catch (error) {
    return fromMarks(text, lines, scan, error instanceof RangeError ? 'nested too deep' : String(error));
  }
  facts.scopes = state.scopes;
  const outlined = begin(text, lines, 'outline');
  outlineInto(outlined, text, scan, lines);
  facts.texts.push(...outlined.texts.filter(({ prose }) => prose === true));
  if (parsed.problem !== undefined) {
    facts.problem = parsed.problem;
    addLost(facts, outlined, state.seen);
    addLoneTexts(facts, text, scan, lines, state.seen);
  }
  return facts;
}

/** Nothing was saved of the tree: marks alone. */
function fromMarks(text: string, lines: Lines, scan: PhpScan, problem: string): FileFacts {
  const facts = begin(text, lines, 'tokens');
  facts.problem = problem;
  facts.scopes.push({ kind: 'module', name: '', parent: -1, at: [0, text.length, 1], lastLine: lines.count });
  outlineInto(facts, text, scan, lines);
  addLoneTexts(facts, text, scan, lines, new Set());
  return facts;
}

/** What the outline knows and the saved tree does not. */
function addLost(facts: Draft, outlined: Draft, seen: ReadonlySet<number>): void {
  const imported = new Set(facts.imports.map(({ at }) => at[0]));
  const exported = new Set(facts.exports.map(({ name }) => name));
  facts.imports = facts.imports.concat(outlined.imports.filter(({ at }) => !imported.has(at[0])));
  facts.exports = facts.exports.concat(outlined.exports.filter(({ name }) => !exported.has(name)));
  facts.texts = facts.texts.concat(outlined.texts.filter(({ at, prose }) => prose !== true && !seen.has(at[0])));
}

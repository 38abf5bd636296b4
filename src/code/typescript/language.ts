/**
 * TypeScript and JavaScript. An outline comes from a scan alone, which costs a tenth of parsing; the structure from the
 * parser, and from the scan again where a file does not parse.
 */
import { type Draft, emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language } from '../facts.ts';
import { type Lines, linesOf } from '../text-lines.ts';
import { exactExports } from './exact-exports.ts';
import { isRunnable, longLine, MOST_UNITS, mayHaveJsx, saysGenerated } from './file-nature.ts';
import { lowerProgram } from './lower-program.ts';
import { type ModuleFacts, moduleFacts } from './module-facts.ts';
import { MOST_NESTING, type Parsed, parse } from './parse.ts';
import { type Scan, scan } from './scan.ts';
import { codeTexts, commentTexts } from './stored-texts.ts';
import { perhapsStubs, stubsOf } from './stubs.ts';

export const typescript: Language = { id: 'typescript', outline, structure };

type Tree = Extract<Parsed, { readonly program: unknown }>;

interface Read {
  readonly facts: Draft;
  readonly lines: Lines;
  readonly scanned: Scan;
  readonly module: ModuleFacts;
}

/** What a scan tells; nothing where a file is too large to be source. */
function read(text: string, name: string, measure: boolean): Read | FileFacts {
  if (text.length > MOST_UNITS) {
    const problem = `too large: ${Math.round(text.length / 1024 / 1024)} million characters`;
    return { ...emptyFacts('typescript', 'none', countLines(text)), problem, generated: true };
  }
  const lines = linesOf(text);
  const long = longLine(text);
  const minified = long !== undefined || /\.min\.[cm]?js$/.test(name);
  const scanned = scan(text, { jsx: mayHaveJsx(name), measure });
  const module = moduleFacts(text, scanned, lines, /\.d\.[cm]?ts$/.test(name));
  const facts = emptyFacts('typescript', 'outline', lines.count);
  facts.imports = [...module.imports];
  facts.exports = [...module.exports];
  facts.references = [...module.references];
  facts.texts = commentTexts(text, scanned, lines);
  if (isRunnable(text)) facts.runnable = true;
  if (minified || saysGenerated(text, scanned)) facts.generated = true;
  if (minified) {
    facts.read = 'tokens';
    facts.problem = long === undefined ? 'minified' : `minified: line ${long.line} has ${long.length} characters`;
  }
  return { facts, lines, scanned, module };
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function outline(text: string, name: string): FileFacts {
  const found = read(text, name, false);
  if (!('facts' in found)) return found;
  addTexts(found, text);
  const { facts, module } = found;
  if (facts.problem !== undefined) return facts;
  const stubs = perhapsStubs(text, facts.exports, module.declared);
  if (!module.unsure) {
    if (stubs.length === 0) return facts;
    for (const stub of stubs) {
      // What does not parse alone goes on for longer than a stand-in does.
      const alone = parse(stub, name, module.esm, 0);
      if ('program' in alone) markStubs(facts, text, alone);
    }
    return facts;
  }
  const { nesting } = scan(text, { jsx: mayHaveJsx(name), measure: true });
  const parsed = parse(text, name, module.esm, nesting);
  if ('program' in parsed) settleExports(found, text, parsed, stubs.length > 0);
  return facts;
}

function structure(text: string, name: string): FileFacts {
  const found = read(text, name, true);
  if (!('facts' in found)) return found;
  const { facts, scanned, module, lines } = found;
  if (facts.problem !== undefined) {
    addTexts(found, text);
    return facts;
  }
  const parsed = parse(text, name, module.esm, scanned.nesting);
  if ('problem' in parsed) {
    facts.read = 'tokens';
    facts.problem =
      scanned.nesting > MOST_NESTING ? parsed.problem : `line ${lines.lineAt(parsed.offset)}: ${parsed.problem}`;
    addTexts(found, text);
    return facts;
  }
  facts.read = 'structure';
  settleExports(found, text, parsed, true);
  lowerProgram(parsed.program, text, lines, facts);
  return facts;
}

function addTexts({ facts, scanned, lines }: Read, text: string): void {
  const modules = new Set(facts.imports.map(({ at }) => at[0]));
  const texts = [...codeTexts(text, scanned, lines, modules), ...facts.texts];
  facts.texts = texts.sort((x, y) => x.at[0] - y.at[0]);
}

function settleExports({ facts, lines, module }: Read, text: string, parsed: Tree, stubs: boolean): void {
  if (module.unsure) facts.exports = [...exactExports(parsed.module, module.exports, lines)];
  if (stubs) markStubs(facts, text, parsed);
}

function markStubs(facts: Draft, text: string, { program }: Tree): void {
  const stubs = stubsOf(program, text, facts.exports);
  if (stubs.size > 0)
    facts.exports = facts.exports.map((fact) => (stubs.has(fact.name) ? { ...fact, stub: true } : fact));
}

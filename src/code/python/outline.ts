/**
 * What every file is asked for: imports, exports, texts that may name stores or modules, by one pass over its tokens. Kept whole: the
 * pass is a state machine over lines and blocks, run over every file of a project.
 */
import type { FileFacts, ImportFact, ReferenceFact, TextFact } from '../facts.ts';
import type { Lines } from '../text-lines.ts';
import { type Imported, readImport } from './import-statement.ts';
import { computedImport, type NamedModule, namedModule } from './named-modules.ts';
import { textOfLiteral, wordsIn } from './store-texts.ts';
import { isStub } from './stub.ts';
import { folderOnPath } from './sys-path.ts';
import * as t from './tokens.ts';
import { boundNames, Exports, namesInAll } from './top-level.ts';

/** What a block is inside of. */
const GUARDED = 1;
const FUNCTION = 2;
const TYPES = 4;
const CLASS = 8;

export type Outline = Pick<FileFacts, 'imports' | 'exports' | 'texts' | 'references' | 'runnable' | 'generated'>;

/** Statements that open a block, by their first word. */
const OPENS = new Uint8Array(256);
for (const kind of [t.IF, t.ELIF, t.ELSE, t.TRY, t.EXCEPT, t.FINALLY, t.FOR, t.WHILE, t.DEF, t.CLASS, t.WITH, t.ASYNC])
  OPENS[kind] = 1;

export function readOutline(tokens: t.Tokens, lines: Lines, name: string): Outline {
  const { data, text } = tokens;
  const imports: ImportFact[] = [];
  const texts: TextFact[] = [];
  const references: ReferenceFact[] = [];
  const exports = new Exports(tokens, lines);
  const openers: number[] = [];
  const blocks: number[] = [0];
  let runnable = text.startsWith('#!');
  /** Of the block that the statement stands in, and of the one that it opens. */
  let flags = 0;
  let opens = -1;
  let lambdas = 0;
  let statement = 0;
  let begins = true;
  let decorators = 0;
  let overload = false;
  const stubsCount = !name.endsWith('.pyi');

  const lineAt = (offset: number): number => lines.lineAt(offset);
  const text_ = (fact: TextFact): void => void texts.push(fact);
  const imported = ({ module, level, names, as, start, end }: Imported): void => {
    if (module === '__future__' && level === 0 && names.length > 0) return;
    imports.push({
      module,
      ...(level > 0 ? { level } : {}),
      names,
      ...(as === undefined ? {} : { as }),
      kind: flags & TYPES ? 'type' : 'static',
      ...(flags & (GUARDED | TYPES | FUNCTION) ? { guarded: true } : {}),
      scope: 0,
      at: [start, end, lineAt(start)],
    });
  };
  const namedIn = (found: NamedModule): void => {
    const { module, level, names, kind, start, end } = found;
    imports.push({
      module,
      ...(level > 0 ? { level } : {}),
      names,
      kind,
      ...(flags & (GUARDED | FUNCTION) ? { guarded: true } : {}),
      scope: 0,
      at: [start, end, lineAt(start)],
    });
  };

  /** The first token of a statement; gives the index to go on from. */
  const start = (at: number): number => {
    const kind = data[at] as number;
    statement = at;
    lambdas = 0;
    opens = OPENS[kind] === 1 ? flags | GUARDED : -1;
    const top = (flags & (FUNCTION | CLASS)) === 0;
    if (kind === t.IMPORT || kind === t.FROM) {
      const end = readImport(tokens, at, imported);
      return end < 0 ? at + t.STRIDE : end;
    }
    if (kind === t.AT) {
      decorators++;
      if (
        word(at + t.STRIDE) === 'overload' ||
        (data[at + 2 * t.STRIDE] === t.DOT && word(at + 3 * t.STRIDE) === 'overload')
      ) {
        overload = true;
      }
      return at + t.STRIDE;
    }
    const async = kind === t.ASYNC;
    const definition = async ? data[at + t.STRIDE] : kind;
    if (definition === t.DEF || definition === t.CLASS) {
      const named = at + (async ? 2 : 1) * t.STRIDE;
      opens = definition === t.DEF ? flags | FUNCTION | GUARDED : flags | CLASS;
      if (top && data[named] === t.NAME) define(named, definition, async);
      decorators = 0;
      overload = false;
      return named;
    }
    if (kind === t.WITH) opens = flags;
    if (kind === t.IF || kind === t.ELIF) {
      const first = word(at + t.STRIDE);
      if (first === '__name__' || word(at + 3 * t.STRIDE) === '__name__') runnable ||= isMain(at);
      const typing = data[at + 2 * t.STRIDE] === t.DOT ? word(at + 3 * t.STRIDE) : first;
      if (typing === 'TYPE_CHECKING') opens |= TYPES;
      return at + t.STRIDE;
    }
    if (kind === t.GLOBAL) {
      for (let next = at + t.STRIDE; data[next] === t.NAME || data[next] === t.COMMA; next += t.STRIDE) {
        if (data[next] === t.NAME) exports.add(next, 'value');
      }
    } else if (top) {
      if (kind === t.NAME) {
        if (word(at) === '__all__') namesInAll(tokens, at + t.STRIDE, exports);
        else if (data[at + t.STRIDE] === t.NAME && word(at) === 'type') exports.add(at + t.STRIDE, 'type');
        else boundNames(tokens, at, exports);
      } else if (kind === t.FOR || kind === t.WITH || kind === t.ASYNC || kind === t.OPEN_ROUND || kind === t.STAR) {
        boundNames(tokens, at, exports);
      }
    }
    // A string at a statement's start has to be looked at like any other; so has a bracket.
    return kind === t.NAME ? at + t.STRIDE : at;
  };
  const define = (named: number, kind: number, isAsync: boolean): void => {
    let colon = named + t.STRIDE;
    let bases = 0;
    for (let depth = 0; data[colon] !== t.END; colon += t.STRIDE) {
      const token = data[colon];
      if (token === t.OPEN_ROUND || token === t.OPEN_SQUARE || token === t.OPEN_CURLY) depth++;
      else if (token === t.CLOSE_ROUND || token === t.CLOSE_SQUARE || token === t.CLOSE_CURLY) depth--;
      else if ((token === t.COLON && depth === 0) || token === t.NEWLINE) break;
      else if (!(token === t.NAME && word(colon) === 'object')) bases++;
    }
    const isClass = kind === t.CLASS;
    const stub =
      stubsCount && !overload && (!isClass || (bases === 0 && decorators === 0)) && isStub(tokens, colon, isClass);
    exports.add(named, isClass ? 'class' : 'function', {
      ...(isAsync ? { async: true } : {}),
      ...(stub ? { stub: true } : {}),
    });
  };
  const word = (at: number): string => (data[at] === t.NAME ? text.slice(data[at + 1], data[at + 2]) : '');
  const isMain = (at: number): boolean => {
    for (let next = at; data[next] !== t.NEWLINE && data[next] !== t.END; next += t.STRIDE) {
      if (data[next] === t.STRING && text.slice(data[next + 1], data[next + 2]).slice(1, -1) === '__main__')
        return true;
    }
    return false;
  };

  for (let at = 0; data[at] !== t.END; at += t.STRIDE) {
    let kind = data[at] as number;
    if (begins && kind !== t.NEWLINE && kind !== t.INDENT && kind !== t.DEDENT) {
      begins = false;
      at = start(at);
      kind = data[at] as number;
      if (kind === t.END) break;
    }
    switch (kind) {
      case t.NEWLINE:
        begins = true;
        openers.length = 0;
        // `if x: y` opens a block that ends with its line.
        if (data[at + t.STRIDE] !== t.INDENT) {
          opens = -1;
          flags = blocks[blocks.length - 1] as number;
        }
        break;
      case t.INDENT:
        flags = opens >= 0 ? opens : flags | GUARDED;
        blocks.push(flags);
        opens = -1;
        begins = true;
        break;
      case t.DEDENT:
        if (blocks.length > 1) blocks.pop();
        flags = blocks[blocks.length - 1] as number;
        begins = true;
        break;
      case t.SEMICOLON:
        begins = openers.length === 0;
        break;
      case t.LAMBDA:
        if (openers.length === 0) lambdas++;
        break;
      case t.COLON:
        if (openers.length > 0) break;
        if (lambdas > 0) lambdas--;
        else if (opens >= 0 && data[at + t.STRIDE] !== t.NEWLINE) {
          flags = opens;
          begins = true;
        }
        break;
      case t.OPEN_ROUND: {
        const computed = computedImport(tokens, at);
        if (computed !== undefined) namedIn(computed);
        if (word(at - t.STRIDE) === 'globals') mayExportAnything(at);
        else if (data[at - 2 * t.STRIDE] === t.DOT && word(at - 3 * t.STRIDE) === 'path') addedToPath(at);
        openers.push(at);
        break;
      }
      case t.OPEN_SQUARE:
      case t.OPEN_CURLY:
        openers.push(at);
        break;
      case t.CLOSE_ROUND:
      case t.CLOSE_SQUARE:
      case t.CLOSE_CURLY:
        openers.pop();
        break;
      case t.STRING: {
        textOfLiteral(text, data[at + 1] as number, data[at + 2] as number, false, lines, text_);
        if (openers.length > 0 || at > statement) {
          const module = namedModule(tokens, at, { openers, statement });
          if (module !== undefined) namedIn(module);
          else scriptLocation(at);
        }
        break;
      }
      case t.TEMPLATE:
        textOfLiteral(text, data[at + 1] as number, data[at + 2] as number, true, lines, text_);
    }
  }
  const { comments } = tokens;
  for (let index = 0; index < comments.length; index += 2) {
    wordsIn(text, comments[index] as number, comments[index + 1] as number, lines, text_);
  }
  if (comments.length > 0) texts.sort((a, b) => a.at[0] - b.at[0]);

  return {
    imports,
    exports: exports.found,
    texts,
    references,
    ...(runnable ? { runnable: true } : {}),
    ...(isGenerated(tokens) ? { generated: true } : {}),
  };

  /** `globals()[name] = …`, `sys.modules[__name__] = …`: as if everything were exported. */
  function mayExportAnything(at: number): void {
    const after = data[at + 2 * t.STRIDE];
    if (data[at + t.STRIDE] !== t.CLOSE_ROUND || (after !== t.OPEN_SQUARE && after !== t.DOT)) return;
    exports.named('*', 'value', data[at - t.STRIDE + 1] as number, data[at + 2] as number);
  }

  /** `sys.path.insert(0, …)` and `sys.path.append(…)`: where modules are looked for, relative to this file. */
  function addedToPath(open: number): void {
    const method = word(open - t.STRIDE);
    if ((method !== 'insert' && method !== 'append') || word(open - 5 * t.STRIDE) !== 'sys') return;
    let close = open + t.STRIDE;
    for (let depth = 1; data[close] !== t.NEWLINE && data[close] !== t.END; close += t.STRIDE) {
      const kind = data[close];
      if (kind === t.OPEN_ROUND || kind === t.OPEN_SQUARE) depth++;
      else if ((kind === t.CLOSE_ROUND || kind === t.CLOSE_SQUARE) && --depth === 0) break;
    }
    const first = open + (method === 'insert' && data[open + 2 * t.STRIDE] === t.COMMA ? 3 : 1) * t.STRIDE;
    const from = data[first + 1] as number;
    const to = data[close + 1] as number;
    const target = folderOnPath(text, from, to);
    if (target !== undefined) references.push({ target, kind: 'include', at: [from, to, lineAt(from)] });
  }

  /** Alembic: `config.set_main_option("script_location", "app/migrations")`. */
  function scriptLocation(at: number): void {
    if (data[at - t.STRIDE] !== t.COMMA || data[at - 2 * t.STRIDE] !== t.STRING) return;
    if (text.slice(data[at - 2 * t.STRIDE + 1], data[at - 2 * t.STRIDE + 2]).slice(1, -1) !== 'script_location') return;
    const from = (data[at + 1] as number) + 1;
    const to = (data[at + 2] as number) - 1;
    references.push({ target: text.slice(from, to), kind: 'config', at: [from, to, lineAt(from)] });
  }
}

const SAYS_GENERATED = /@generated\b|\bauto-?generated\b|\bgenerated (?:by|from|automatically)\b|\bdo not edit\b/i;

/** Said in the first comments or in the docstring. */
function isGenerated({ data, text, comments }: t.Tokens): boolean {
  const first = data[0] === t.STRING ? (data[4] as number) : (data[1] as number);
  for (let index = 0; index < comments.length && index < 20; index += 2) {
    const from = comments[index] as number;
    if (from > first + 1000) break;
    if (from <= first && SAYS_GENERATED.test(text.slice(from, comments[index + 1]))) return true;
  }
  return (
    data[0] === t.STRING &&
    /@generated\b|\bgenerated (?:by|automatically)\b/i.test(text.slice(data[1], Math.min(data[2] as number, 600)))
  );
}

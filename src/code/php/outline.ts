/** Imports, exports and texts of a PHP file by its marks alone: nothing is parsed. */
import type { Draft } from '../empty-facts.ts';
import type { ExportFact, ImportFact } from '../facts.ts';
import { mayNameStore } from '../names-store.ts';
import type { Lines } from '../text-lines.ts';
import { decodePhp, innerOf, type Mark, type PhpScan, VARIABLE } from './scan.ts';

const MOST_TEXTS = 2_000;
/** Far enough for `dirname(__DIR__, 2) . '/a/b.php'`. */
const AFTER = 300;

export function outlineInto(facts: Draft, text: string, scan: PhpScan, lines: Lines): void {
  /** For each open brace: does it belong to a function, a class? */
  const braces: ('function' | 'class' | '')[] = [];
  let next: 'function' | 'class' | '' = '';
  let functions = 0;
  let classes = 0;
  const { marks } = scan;
  for (let index = 0; index < marks.length; index++) {
    const mark = marks[index] as Mark;
    if (mark.kind === 'open' && mark.v === '{') {
      braces.push(next);
      if (next === 'function') functions += 1;
      if (next === 'class') classes += 1;
      next = '';
    } else if (mark.kind === 'close' && mark.v === '}') {
      const closed = braces.pop();
      if (closed === 'function') functions -= 1;
      if (closed === 'class') classes -= 1;
    } else if (mark.kind === 'text') addText(facts, text, mark, lines);
    else if (mark.kind === 'comment') addProse(facts, text, mark, lines);
    else if (mark.kind === 'word') {
      // `use function a\b;` is read with its `use`.
      const before = marks[index - 1];
      if (before?.v === 'use' && before.kind === 'word' && /^\s+$/.test(text.slice(before.end, mark.start))) continue;
      if (/^(?:include|require)/.test(mark.v)) addInclude(facts, text, mark, functions > 0, lines);
      else if (mark.v === 'use' && classes === 0 && functions === 0) addUse(facts, text, mark, lines);
      else if (mark.v === 'function' || mark.v === 'fn') {
        if (functions === 0 && classes === 0 && mark.v === 'function') addExport(facts, text, mark, 'function', lines);
        if (mark.v === 'function') next = 'function';
      } else if (/^(?:class|interface|trait|enum)$/.test(mark.v)) {
        if (addExport(facts, text, mark, mark.v === 'interface' ? 'type' : 'class', lines)) next = 'class';
      } else if ((mark.v === 'const' && classes === 0) || mark.v === 'define') {
        addConstant(facts, text, mark, lines);
      }
    }
  }
}

function addInclude(facts: Draft, text: string, mark: Mark, guarded: boolean, lines: Lines): void {
  const found = includeTarget(text.slice(mark.end, mark.end + AFTER));
  const start = mark.end + (found?.start ?? 0);
  const end = mark.end + (found?.end ?? 0);
  facts.imports.push({
    module: found?.module ?? null,
    names: [{ name: '*', as: '*' }],
    kind: guarded ? 'dynamic' : 'static',
    ...(guarded ? { guarded: true } : {}),
    scope: 0,
    at: [start, end, lines.lineAt(mark.start)],
  });
}

const LITERAL = /^(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\$]|\\.)*)")\s*\)?\s*(?:;|\?>|\)|,|$)/;
const FOLDER =
  /^(?:__DIR__|dirname\s*\(\s*__FILE__\s*\)|dirname\s*\(\s*(?:__DIR__|dirname\s*\(\s*__FILE__\s*\))\s*(?:,\s*1\s*)?\))\s*\.\s*/;

/** `'x.php'`, `(__DIR__ . '/x.php')`: the module as imports spell it, and where its text stands without quotes. */
function includeTarget(
  after: string,
): { readonly module: string; readonly start: number; readonly end: number } | undefined {
  let at = /^[\s(]*/.exec(after)?.[0].length ?? 0;
  const folder = FOLDER.exec(after.slice(at))?.[0] ?? '';
  at += folder.length;
  const literal = LITERAL.exec(after.slice(at));
  if (literal === null) return undefined;
  const written = literal[1] ?? (literal[2] as string);
  const up = /dirname[\s(]*(?:__DIR__|dirname)/.test(folder) ? '/..' : '';
  const value = decodePhp(written, literal[1] === undefined ? '"' : "'");
  return { module: folder === '' ? value : `.${up}${value}`, start: at + 1, end: at + 1 + written.length };
}

/** `use A\B;`, `use A\{B, C as D};`, `use function A\b;`: not the `use` of closures and traits. */
function addUse(facts: Draft, text: string, mark: Mark, lines: Lines): void {
  const line = /^\s+(function\s+|const\s+)?([\w\\]+)(?:\\\{([^}]{1,2000})\}|[^;{(]{0,1000})\s*;/.exec(
    text.slice(mark.end, mark.end + 3000),
  );
  if (line === null) return;
  const whole = line[0];
  const prefix = line[3] === undefined ? '' : `${(line[2] as string).replace(/\\$/, '')}\\`;
  const items = line[3] ?? whole.slice(0, whole.lastIndexOf(';')).replace(/^\s+(?:function\s+|const\s+)?/, '');
  let cursor = mark.end + whole.indexOf(items);
  for (const item of items.split(',')) {
    const named = /^\s*(?:function\s+|const\s+)?([\w\\]+)(?:\s+as\s+(\w+))?\s*$/i.exec(item);
    if (named !== null) {
      const spelled = named[1] as string;
      const start = cursor + item.indexOf(spelled);
      facts.imports.push(useOf(`${prefix}${spelled}`, named[2], [start, start + spelled.length, lines.lineAt(start)]));
    }
    cursor += item.length + 1;
  }
}

/** A global name is an import of itself, a qualified one takes its last part out of what its file declares. */
export function useOf(qualified: string, alias: string | undefined, at: ImportFact['at']): ImportFact {
  const module = qualified.replace(/^\\/, '');
  const last = module.slice(module.lastIndexOf('\\') + 1);
  const as = alias ?? last;
  return module === last
    ? { module, names: [], as, kind: 'static', scope: 0, at }
    : { module, names: [{ name: last, as }], kind: 'static', scope: 0, at };
}

function addExport(facts: Draft, text: string, mark: Mark, kind: ExportFact['kind'], lines: Lines): boolean {
  const name = /^\s+&?\s*([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)/.exec(text.slice(mark.end, mark.end + 200));
  // `function (`, `class extends`, `Foo::class`, `enum` as a name.
  if (name === null || /^(?:extends|implements)$/i.test(name[1] as string)) return false;
  const start = mark.end + name[0].length - (name[1] as string).length;
  facts.exports.push({ name: name[1] as string, kind, at: [start, mark.end + name[0].length, lines.lineAt(start)] });
  return true;
}

function addConstant(facts: Draft, text: string, mark: Mark, lines: Lines): void {
  const pattern = mark.v === 'const' ? /^\s+(\w+)\s*=/ : /^\s*\(\s*['"](\w+)['"]\s*,/;
  const found = pattern.exec(text.slice(mark.end, mark.end + 200));
  if (found === null) return;
  const start = mark.end + found[0].indexOf(found[1] as string);
  const name = found[1] as string;
  facts.exports.push({ name, kind: 'value', at: [start, start + name.length, lines.lineAt(start)] });
}

function addText(facts: Draft, text: string, mark: Mark, lines: Lines): void {
  if (mark.end - mark.start > 500 || mark.end - mark.start < 6 || facts.texts.length >= MOST_TEXTS) return;
  const { start, end } = innerOf(text, mark);
  const inner = text.slice(start, end);
  const holes = mark.v !== "'" && inner.includes('$') ? inner.replace(VARIABLE, '{}') : inner;
  const v = decodePhp(holes, mark.v);
  if (!mayNameStore(v)) return;
  const at = [mark.start, mark.end, lines.lineAt(mark.start)] as const;
  facts.texts.push(holes === inner ? { v, at, scope: 0 } : { v, at, scope: 0, holes: true });
}

const WORD = /[^\s'"`<>|*?;=(),[\]{}]+/g;

function addProse(facts: Draft, text: string, mark: Mark, lines: Lines): void {
  const written = text.slice(mark.start, Math.min(mark.end, mark.start + 20_000));
  if (!/[.:][a-z]/i.test(written)) return;
  for (const found of written.matchAll(WORD)) {
    const v = found[0].replace(/[.:!]+$/, '');
    if (v.length < 4 || !mayNameStore(v) || facts.texts.length >= MOST_TEXTS) continue;
    const start = mark.start + found.index;
    facts.texts.push({ v, at: [start, start + v.length, lines.lineAt(start)], scope: 0, prose: true });
  }
}

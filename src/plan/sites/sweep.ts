/**
 * Nothing that spells an old name is silent: every place in the texts of the project that names what moves, and that no edit or reason covers yet,
 * with what it stands in. Prose is left; what stands in code that runs, and nobody could explain, is a question.
 */
import { posix } from 'node:path';
import { purposeOf } from '../../bindings/purpose.ts';
import type { FileFacts, LanguageId, Span } from '../../code/facts.ts';
import { scan } from '../../code/python/scan.ts';
import * as t from '../../code/python/tokens.ts';
import { moduleSegments } from '../../edit/respell-module.ts';
import type { OpenSite, SiteEdit, Sites } from './model.ts';
import { afterwards, type Moves } from './moves.ts';
import { inListOfNames, namesOnPurpose, neverEdited, PLAN_FILE } from './never.ts';
import type { OpenCode } from './open-code.ts';
import { dottedWords, pathWords } from './path-words.ts';
import { lineAt } from './placed-literal.ts';

const CODE: ReadonlySet<LanguageId> = new Set<LanguageId>(['python', 'typescript', 'php']);
/** A larger text holds data. */
const MOST_UNITS = 2_000_000;

export interface Swept {
  readonly moves: Moves;
  /** Edits and reasons that there are already. */
  readonly known: Sites;
  readonly only: readonly string[] | null;
}

export function sweep(open: OpenCode, { moves, known, only }: Swept): Sites {
  const { code } = open.facts;
  const names = namesOf(open, moves);
  const left: Sites['left'][number][] = [];
  const unsettled: OpenSite[] = [];
  if (names.length === 0) return { edits: [], left, open: unsettled, bindings: [] };
  const edited = new Map<string, SiteEdit[]>();
  for (const edit of known.edits) edited.set(edit.path, [...(edited.get(edit.path) ?? []), edit]);
  const told = new Set([...known.left, ...known.open].map(({ path, line }) => `${path}:${line}`));
  for (const path of code.paths) {
    if ((only !== null && !only.includes(path)) || PLAN_FILE.test(path)) continue;
    const facts = code.files.get(path);
    if (facts?.read === 'none' || open.stores.byPath(path) !== undefined) continue;
    if (facts === undefined && !isText(path)) continue;
    const text = open.source(path)?.text;
    if (text === undefined || text.length > MOST_UNITS || !names.some(({ name }) => text.includes(name))) continue;
    const spans = edited.get(path) ?? [];
    // Whether an import still leads there was looked up: what it spells is no open question.
    const imports = code.graph.edgesFrom(path).filter(({ how }) => how === 'module' || how === 'member');
    for (const name of names) {
      const words = name.dotted ? dottedWords(text, name.name) : pathWords(text, name.name);
      for (const { start, end, text: word } of words) {
        if (!name.dotted && (!means(word, name) || isAnother(word, path, name.from, code.paths))) continue;
        if (spans.some((edit) => edit.start <= end && start <= edit.end)) continue;
        if (imports.some(({ fact: { at } }) => at[0] <= start && end <= at[1])) continue;
        const line = lineAt(text, start);
        if (told.has(`${path}:${line}`)) continue;
        told.add(`${path}:${line}`);
        const why = reason(open, path, facts, text, start, end, name.from);
        if (why.left) left.push({ path, line, why: why.says });
        else unsettled.push({ path, line, why: why.says });
      }
    }
  }
  return { edits: [], left, open: unsettled, bindings: [] };
}

interface Name {
  /** What is looked for: the last segment, or a dotted name. */
  readonly name: string;
  readonly from: string;
  readonly dotted: boolean;
  /** No other file of the project is called so. */
  readonly alone: boolean;
}

function namesOf({ facts: { code } }: OpenCode, moves: Moves): readonly Name[] {
  const count = new Map<string, number>();
  for (const path of code.paths) {
    const base = path.slice(path.lastIndexOf('/') + 1);
    count.set(base, (count.get(base) ?? 0) + 1);
  }
  const found: Name[] = [];
  for (const from of new Set([...moves.moved.keys(), ...moves.instead.keys()])) {
    if (afterwards(moves, from) === from && !moves.instead.has(from)) continue;
    const name = from.slice(from.lastIndexOf('/') + 1);
    found.push({ name, from, dotted: false, alone: count.get(name) === 1 });
    const segments = moduleSegments(from);
    if (segments === null) continue;
    for (let root = 0; root < segments.length - 1; root++)
      found.push({ name: segments.slice(root).join('.'), from, dotted: true, alone: true });
  }
  return found;
}

/** As much as is written has to fit; a bare name has to be the only one of its kind. */
function means(word: string, { from, alone }: Name): boolean {
  const plain = word
    .replace(/[?#].*$/s, '')
    .replace(/^[a-z][\w+]*:\/*(?=[\w./])/i, '')
    .replace(/^(?:\.{0,2}\/)+/, '');
  if (plain === from || plain.endsWith(`/${from}`)) return true;
  return from.endsWith(`/${plain}`) && (plain.includes('/') || alone);
}

/** From the root, or from its own folder, it is the path of another file that is there. */
function isAnother(word: string, path: string, from: string, paths: ReadonlySet<string>): boolean {
  const folder = posix.dirname(path);
  const meant = [posix.normalize(word), posix.join(folder, word)].filter((one) => paths.has(one));
  return meant.length > 0 && !meant.includes(from);
}

interface Reason {
  readonly left: boolean;
  readonly says: string;
}

function reason(
  open: OpenCode,
  path: string,
  facts: FileFacts | undefined,
  text: string,
  start: number,
  end: number,
  name: string,
): Reason {
  const { code } = open.facts;
  const never = neverEdited(path, facts) ?? namesOnPurpose(path, name, code);
  if (never !== undefined) return { left: true, says: never };
  if (facts === undefined) return { left: true, says: 'a text that no program of the project is known to read' };
  if (facts.language === 'markdown') return { left: true, says: 'prose' };
  if (purposeOf(path) === 'migration') return { left: true, says: 'a migration: it names things as they were then' };
  const covers = ({ at }: { readonly at: Span }): boolean => at[0] <= start && end <= at[1];
  if (facts.texts.some((one) => one.prose === true && covers(one))) return { left: true, says: 'prose' };
  if (facts.language === 'python' && isDocstring(text, start)) return { left: true, says: 'prose' };
  if (isComment(text, start, facts.language)) return { left: true, says: 'a comment' };
  if (!CODE.has(facts.language)) return { left: false, says: 'it is named there, and from which folder is not known' };
  const list = inListOfNames(code.structureOf(path), start, end);
  if (list !== undefined) return { left: true, says: list };
  if (purposeOf(path) === 'test') return { left: true, says: 'a test names it and does not open it' };
  return { left: false, says: 'code names it, and what for is not known' };
}

/** A text that is a statement of its own. */
function isDocstring(text: string, at: number): boolean {
  const { data, count } = scan(text);
  for (let index = 0; index < count; index++) {
    const token = index * t.STRIDE;
    if ((data[token + 1] as number) > at || at >= (data[token + 2] as number)) continue;
    const [before, after] = [index === 0 ? t.NEWLINE : data[token - t.STRIDE], data[token + t.STRIDE]];
    const begins = before === t.NEWLINE || before === t.INDENT || before === t.DEDENT;
    return data[token] === t.STRING && begins && (after === t.NEWLINE || after === t.END);
  }
  return false;
}

function isComment(text: string, at: number, language: LanguageId): boolean {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  if (language === 'typescript' || language === 'php') {
    if (/^\s*(?:\/\/|\*|\/\*|#)/.test(line) || /\s\/\/\s/.test(line)) return true;
    const opened = text.lastIndexOf('/*', at);
    return (
      opened >= 0 &&
      text.indexOf('*/', opened) > at &&
      /^[^'"`]*$/.test(text.slice(text.lastIndexOf('\n', opened) + 1, opened))
    );
  }
  return /^\s*#/.test(line) || /\s#\s/.test(line);
}

const isText = (path: string): boolean =>
  /\.(?:txt|html?|vue|svelte|astro|xml|rst|adoc|tex|css|scss|graphql|tmpl|tpl|j2|jinja2?|ejs|hbs|csv|log|ipynb|lock|jsonc?|json5)$|(?:^|\/)[A-Z][\w-]*$|(?:^|\/)\.[\w-]+$/.test(
    path,
  );

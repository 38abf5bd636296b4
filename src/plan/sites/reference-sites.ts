/**
 * Paths and modules that commands, builds, units, manifests, ignore rules and links in documents name: words of the text that lead to what
 * moves, from a folder that the file can mean. Formats are not read for this: a word that leads there is a reference, whoever reads it.
 */
import { posix } from 'node:path';
import type { FileFacts, LanguageId } from '../../code/facts.ts';
import { inLiteral } from '../../edit/literal.ts';
import { moduleSegments } from '../../edit/respell-module.ts';
import { changedPart, respellPath } from '../../edit/respell-path.ts';
import type { Left } from '../model.ts';
import { copiedPlaces } from './copied-place.ts';
import { matrixValue } from './matrix-value.ts';
import type { OpenSite, SiteEdit, Sites } from './model.ts';
import { afterwards, type Moves, movedFolders } from './moves.ts';
import { neverEdited, PLAN_FILE } from './never.ts';
import type { OpenCode } from './open-code.ts';
import { dottedWords, pathWords, type Word } from './path-words.ts';
import { lineAt } from './placed-literal.ts';
import { startedModules } from './started-modules.ts';

const CODE: ReadonlySet<LanguageId> = new Set<LanguageId>(['python', 'typescript', 'php', 'sql']);
const PROSE: ReadonlySet<LanguageId> = new Set<LanguageId>(['markdown']);
/** Read by tools, though no language here. */
const TOOLED =
  /(?:^|\/)(?:\.[\w-]*ignore|\.gitattributes|CODEOWNERS|Jenkinsfile|Vagrantfile|Caddyfile|MANIFEST\.in|\.flake8|\.coveragerc|\.pylintrc|\.editorconfig|\.eslintrc|\.babelrc)$|\.(?:conf|code-workspace|jsonc?|nix|hcl|tf|bzl|bazel|gradle|cmake|plist|desktop)$/;

export interface Referred {
  readonly moves: Moves;
  /** Only what these files name; `null`: all. */
  readonly only: readonly string[] | null;
  /** Prose is edited too. */
  readonly docs: boolean;
}

export function referenceSites(open: OpenCode, { moves, only, docs }: Referred): Sites {
  const { code } = open.facts;
  const edits: SiteEdit[] = [];
  const left: Left[] = [];
  const unsettled: OpenSite[] = [];
  const targets = targetsOf(moves, code.paths);
  if (targets.length === 0) return { edits, left, open: unsettled, bindings: [] };
  for (const path of code.paths) {
    const facts = code.files.get(path);
    if ((only !== null && !only.includes(path)) || PLAN_FILE.test(path)) continue;
    if (facts === undefined ? !TOOLED.test(path) : CODE.has(facts.language) || facts.read === 'none') continue;
    const source = open.source(path);
    if (source === null || !(mayName(source.text, targets) || startsModules(facts))) continue;
    const never = neverEdited(path, facts);
    const known = new Set<number>();
    const seen = new Set<number>();
    const copied =
      facts?.language === 'dockerfile' && never === undefined ? copiedPlaces(path, source.text, targets) : [];
    edits.push(...copied);
    for (const found of wordsOf(path, facts, source.text, targets, moves)) {
      const line = lineAt(source.text, found.start);
      known.add(line);
      seen.add(found.start);
      if (copied.some(({ start, end }) => start < found.end && found.start < end)) continue;
      if (never !== undefined) left.push({ path, line, why: never });
      else if (isComment(source.text, found.start, facts) && !docs) left.push({ path, line, why: 'a comment' });
      else if (facts !== undefined && PROSE.has(facts.language) && !docs) left.push({ path, line, why: 'prose' });
      else {
        const edit = placedWord(path, source.text, found, facts?.language ?? 'env', line);
        if (edit === null || !source.takes(found.now))
          unsettled.push({ path, line, why: 'the new name does not fit there' });
        else edits.push(edit);
      }
    }
    if (facts !== undefined && !PROSE.has(facts.language) && never === undefined) {
      const own = folderOf(path);
      const bases = basesOf(path, facts);
      const after = folderOf(afterwards(moves, path));
      const modules = startedModules(facts, source.text, code.paths, moves, bases, { before: own, after });
      for (const found of modules.followed) {
        if (seen.has(found.start)) continue;
        const edit = placedWord(path, source.text, found, facts.language, found.line);
        if (edit === null || !source.takes(found.now))
          unsettled.push({ path, line: found.line, why: 'the new name does not fit there' });
        else edits.push(edit);
      }
      unsettled.push(
        ...modules.lost.filter(({ line }) => !known.has(line)).map(({ line, why }) => ({ path, line, why })),
      );
    }
    // What is put together of several words, as from a matrix, is named in none of them.
    for (const { target, at, kind } of facts?.references ?? []) {
      if (kind === 'link' || never !== undefined || known.has(at[2])) continue;
      const bases = basesOf(path, facts);
      const hit = targets.find(
        (one) => one.dotted !== true && pathAfterwards(path, target, one, bases, moves) !== undefined,
      );
      if (hit === undefined || source.text.slice(at[0], at[1]).includes(hit.from)) continue;
      known.add(at[2]);
      const edit = matrixValue(path, source.text, at, hit.from, hit.to);
      if (edit !== null) {
        edits.push(edit);
        continue;
      }
      unsettled.push({ path, line: at[2], why: `it names ${hit.from}, put together of several words` });
    }
  }
  return { edits, left, open: unsettled, bindings: [] };
}

const startsModules = (facts: FileFacts | undefined): boolean =>
  facts !== undefined && (facts.imports.length > 0 || facts.variables.some(({ name }) => name === 'FLASK_APP'));

const folderOf = (path: string): string => (path.includes('/') ? posix.dirname(path) : '');

/** A name may be put together of its stem and its suffix. */
const mayName = (text: string, targets: readonly Target[]): boolean =>
  targets.some(({ name, dotted }) => text.includes(dotted === true ? name : name.replace(/\.\w+$/, '')));

interface Target {
  /** Last segment, or the whole dotted name. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly dotted?: true;
}

function targetsOf(moves: Moves, paths: ReadonlySet<string>): readonly Target[] {
  const found: Target[] = [];
  const add = (from: string, to: string): void => {
    found.push({ name: posix.basename(from), from, to });
  };
  for (const [from, to] of moves.moved) {
    add(from, to);
    const before = moduleSegments(from);
    const after = moduleSegments(to);
    if (before === null || after === null || after.length === 0) continue;
    for (let root = 0; root < before.length - 1; root++)
      found.push({ name: before.slice(root).join('.'), from, to, dotted: true });
  }
  for (const [from, to] of movedFolders(moves, paths)) add(from, to);
  return found;
}

interface Found extends Word {
  readonly now: string;
}

function* wordsOf(
  path: string,
  facts: FileFacts | undefined,
  text: string,
  targets: readonly Target[],
  moves: Moves,
): Generator<Found> {
  const bases = basesOf(path, facts);
  const done = new Set<number>();
  for (const target of targets) {
    const words = target.dotted === true ? dottedWords(text, target.name) : pathWords(text, target.name);
    for (const word of words) {
      if (done.has(word.start) || isObject(text, word)) continue;
      const now =
        target.dotted === true
          ? dottedAfterwards(target, bases)
          : pathAfterwards(path, word.text, target, bases, moves);
      if (now === undefined || now === word.text) continue;
      done.add(word.start);
      yield { ...word, now };
    }
  }
}

/** `app` in `main:app` is something in a module, and no folder. */
const isObject = (text: string, { start, text: word }: Word): boolean =>
  /^\w+$/.test(word) && /(?:^|[\s"'=])[A-Za-z_][\w.]*:$/.test(text.slice(Math.max(0, start - 200), start));

/** Folders that a relative word of the file may count from. */
function basesOf(path: string, facts: FileFacts | undefined): ReadonlySet<string> {
  const own = folderOf(path);
  const bases = new Set(['', own]);
  for (let folder = own; folder !== ''; folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '')
    bases.add(folder);
  const add = (written: string | undefined): void => {
    if (written === undefined || written.includes('$')) return;
    for (const base of ['', own]) {
      const joined = posix.join(base, written.replace(/^\//, '')).replace(/\/$/, '');
      bases.add(joined === '.' ? '' : joined);
    }
  };
  for (const { cwd } of facts?.commands ?? []) add(cwd);
  for (const { build, workdir } of facts?.places ?? []) {
    add(build);
    add(workdir);
  }
  return bases;
}

function pathAfterwards(
  file: string,
  word: string,
  { from, to }: Target,
  bases: ReadonlySet<string>,
  moves: Moves,
): string | undefined {
  const plain = word.replace(/^[a-z][\w+]*:\/{0,2}(?=[./])/i, '');
  if (plain.startsWith('/')) {
    // In a container or on a host: what stands in front of the project's own path stays.
    const written = plain.replace(/\/$/, '');
    const head = written.endsWith(`/${from}`) ? written.slice(0, -from.length - 1) : undefined;
    if (head === undefined) return undefined;
    return (
      word.slice(0, word.length - plain.length) + respellPath(plain, { base: '/', from: written, to: `${head}/${to}` })
    );
  }
  const own = folderOf(file);
  const lead = word.slice(0, word.length - plain.length);
  // The likeliest first: an upward path can only count from where it leads to something.
  for (const base of bases) {
    const full = posix.join('/', base, plain).replace(/(.)\/$/, '$1');
    if (full !== `/${from}` || posix.join(base, plain).startsWith('..')) continue;
    // What counts from the file's own folder does so where the file goes.
    const moved = afterwards(moves, file);
    const after = base === own && base !== '' && moved !== file ? posix.dirname(moved) : base;
    const now = respellPath(plain, { base: posix.join('/', base), from: `/${from}`, to: `/${to}` });
    if (now === null) continue;
    if (after === base) return lead + now;
    return lead + posix.relative(posix.join('/', after), `/${to}`);
  }
  return undefined;
}

function dottedAfterwards({ name, from, to }: Target, bases: ReadonlySet<string>): string | undefined {
  const before = moduleSegments(from);
  const after = moduleSegments(to);
  if (before === null || after === null) return undefined;
  const root = before.length - name.split('.').length;
  const folder = before.slice(0, root).join('/');
  if (!bases.has(folder) && folder !== 'src') return undefined;
  return after.slice(0, root).join('/') === folder ? after.slice(root).join('.') : undefined;
}

/** `#` and `//` up to the end of the line, where the format has them. */
function isComment(text: string, at: number, facts: FileFacts | undefined): boolean {
  if (facts !== undefined && PROSE.has(facts.language)) return false;
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  if (facts?.language === 'json') return /(?:^|\s)\/\//.test(line);
  return /^\s*(?:#(?!!)|;|\/\/)/.test(line) || /\s#\s/.test(line);
}

function placedWord(
  path: string,
  text: string,
  { start, end, text: old, now }: Found,
  language: LanguageId,
  line: number,
): SiteEdit | null {
  const part = changedPart(old, now, old.includes('/') || now.includes('/') ? '/' : '.');
  if (part === null) return null;
  const place = inLiteral(text, [start, end], old, language)?.place(part.from, part.to, part.added);
  if (place == null) return null;
  return {
    path,
    ...place,
    line,
    from: text.slice(place.start, place.end),
    with: part.added,
    why: 'reference',
    proof: `${old} leads to what moves`,
  };
}

/**
 * What a shell script runs, where and with which variables: `cd`, subshells, `export`, `A=1 cmd`, wrappers, `sh -c`,
 * containers. Control flow is not evaluated: every branch and every body counts, once, in the order of the text. Whole
 * in one file because scopes, pipes and compound commands share one pass over the tokens.
 */
import type { CommandFact, PlaceFact, Span, VariableFact } from '../facts.ts';
import { linesOf } from '../text-lines.ts';
import type { WrittenText } from '../written-text.ts';
import { insideContainer, placeOf } from './containers.ts';
import { joinFolder } from './folders.ts';
import { innerScripts } from './inner-scripts.ts';
import { knownFolder, START_FOLDER } from './known-folder.ts';
import { type Heredoc, type Named, namedBy, storesIn, storesInText, wordSpan } from './program-files.ts';
import { type Token, tokensOf } from './tokens.ts';
import { ASSIGNMENT, type Nesting, offsetIn, type Word } from './words.ts';
import { baseName, insideWrapper, type Simple, takeFolderOption } from './wrappers.ts';

export interface ScriptOptions {
  readonly by: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly weak?: true;
}

export interface ScriptFacts extends Named {
  readonly commands: CommandFact[];
  readonly variables: VariableFact[];
  /** Containers that the script starts itself. */
  readonly places: PlaceFact[];
  /** What of it does not parse. */
  readonly problem?: string;
}

interface Scope {
  readonly cwd: string | undefined;
  readonly before?: string;
  readonly dirs: readonly (string | undefined)[];
  readonly env: Readonly<Record<string, string>>;
  /** Given a value, not exported (yet). */
  readonly own: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  /** Variables that hold a folder which is known: see `knownFolder`. */
  readonly folders: Readonly<Record<string, string>>;
  /** In `sh -c`, where `$0` is no file. */
  readonly nameless?: true;
  /** `set -a` */
  readonly all: boolean;
}

interface Reading extends ScriptFacts {
  /** Functions of the script itself: calling one starts no program. */
  readonly functions: Set<string>;
  readonly options: ScriptOptions;
  /** Variables and what they were given; `null`: more than one thing. */
  readonly given: Map<string, string | null>;
  budget: number;
  problem?: string;
}

const MAX_DEPTH = 8;
/** Words looked at in all nested scripts of one file, so that nothing that nests costs more than a long script. */
const BUDGET = 400_000;
/** Variables that are carried along; a script that sets more is data. */
const MAX_VARIABLES = 300;

/** Programs that neither open a store nor start anything; a store among their words is a text all the same. */
const SILENT = new Set(
  `echo printf : true false exit return test [ [[ read shift sleep wait trap alias unalias umask ulimit shopt let break
  continue getopts hash type which local declare typeset readonly export unset set jobs disown tput clear date tee head tail
  awk cut sort uniq wc tr ls df du free ps netstat ss top uname whoami id pgrep pkill kill killall lsof nproc seq basename
  dirname realpath readlink pwd tty stty hostname uptime`.split(/\s+/),
);
const OPENERS = new Set([
  'if',
  'then',
  'elif',
  'else',
  'while',
  'until',
  'do',
  '!',
  'time',
  'coproc',
  '{',
  'fi',
  'done',
  'in',
]);

export function parseCommands(
  script: string,
  options: ScriptOptions & { readonly line: number; readonly offset: number },
): ScriptFacts {
  const lines = linesOf(script);
  const span = (start: number, end: number): Span => [
    options.offset + start,
    options.offset + end,
    options.line + lines.lineAt(start) - 1,
  ];
  return readCommands({ text: script, span }, options);
}

/** The same for a script that stands in another file: see `WrittenText`. */
export function readCommands(script: WrittenText, options: ScriptOptions): ScriptFacts {
  const reading: Reading = {
    options,
    budget: BUDGET,
    functions: new Set(),
    given: new Map(),
    commands: [],
    variables: [],
    texts: [],
    references: [],
    imports: [],
    sql: [],
    places: [],
  };
  const scope: Scope = {
    cwd: options.cwd,
    dirs: [],
    env: options.env ?? {},
    own: {},
    files: [],
    folders: {},
    all: false,
  };
  readScript(reading, script, 0, script.text.length, scope, options.by, 0);
  const { options: _, budget: __, given: ___, functions, commands, ...facts } = reading;
  return {
    ...facts,
    commands: functions.size === 0 ? commands : commands.filter(({ words }) => !functions.has(words[0] as string)),
  };
}

interface Open {
  readonly kind: '(' | '{' | 'function' | 'case';
  readonly scope: Scope;
}

/** Returns the scope that holds behind it. */
function readScript(
  reading: Reading,
  script: WrittenText,
  from: number,
  to: number,
  start: Scope,
  by: string,
  depth: number,
): Scope {
  const nesting: Nesting = { failures: 0, ...(reading.options.weak ? { backslashes: true as const } : {}) };
  const tokens = tokensOf(script.text, from, to, nesting);
  if (nesting.unclosed !== undefined && depth === 0) {
    reading.problem ??= `line ${script.span(nesting.unclosed, nesting.unclosed + 1)[2]}: what opens here is never closed`;
  }
  let scope = start;
  const open: Open[] = [];
  let words: Word[] = [];
  let assigns: Word[] = [];
  let heredocs: Heredoc[] = [];
  let fed: Heredoc[] = [];
  let listStart = start;
  let pattern = false;
  let isFunction = false;
  const finish = (op: string): void => {
    if (words.length > 0 || assigns.length > 0) {
      const piped: Heredoc[] = [];
      if (op === '|' || op === '|&') {
        piped.push(...heredocs);
        if (/^(?:echo|printf)$/.test(words[0]?.value ?? '')) {
          for (const word of words.slice(1)) if (word.quoted) piped.push({ from: word.start + 1, to: word.end - 1 });
        }
      }
      scope = runSimple(reading, script, words, assigns, [...fed, ...heredocs], scope, by, depth);
      fed = piped;
    }
    words = [];
    assigns = [];
    heredocs = [];
  };
  for (let index = 0; index < tokens.length; index++) {
    if (--reading.budget < 0) {
      reading.problem ??= 'too long: only its first part was read';
      break;
    }
    const token = tokens[index] as Token;
    if (pattern) {
      if (token.k === 'op' && token.op === ')') pattern = false;
      else if (token.k === 'word' && token.word.value === 'esac') {
        pattern = false;
        closeTo(open, 'case');
      }
      continue;
    }
    if (token.k === 'op') {
      const next = tokens[index + 1];
      if (token.op === '(' && words.length === 1 && assigns.length === 0 && next?.k === 'op' && next.op === ')') {
        // `name()`: a function follows.
        reading.functions.add((words[0] as Word).value);
        words = [];
        isFunction = true;
        index++;
      } else if (token.op === '(') {
        finish('(');
        open.push({ kind: '(', scope });
        listStart = scope;
      } else if (token.op === ')') {
        finish(')');
        scope = closeTo(open, '(') ?? scope;
      } else {
        finish(token.op);
        if (token.op === '&') scope = listStart;
        if (token.op === ';' || token.op === '\n' || token.op === '&') listStart = scope;
        if (token.op.startsWith(';') && token.op.length > 1 && open.at(-1)?.kind === 'case') pattern = true;
        if (token.op !== '|' && token.op !== '|&' && token.op !== '\n') fed = [];
      }
      continue;
    }
    if (token.k === 'heredoc') {
      heredocs.push({ from: token.from, to: token.to });
      continue;
    }
    if (token.k === 'redirect') {
      inner(reading, script, token.target, scope, by, depth);
      storesIn(reading, script, token.target);
      if (token.op === '<<<') heredocs.push({ from: token.target.start, to: token.target.end });
      else if (/\.(?:sql|py|sh)$/.test(token.target.value)) {
        const kind = token.op === '<' ? 'script' : 'copy';
        reading.references.push({ target: token.target.value, kind, at: wordSpan(script, token.target) });
      }
      continue;
    }
    const { word } = token;
    inner(reading, script, word, scope, by, depth);
    if (words.length === 0) {
      if (assigns.length === 0 && !word.quoted) {
        const { value } = word;
        if (value === '}') {
          scope = closeTo(open, '{') ?? scope;
          continue;
        }
        if (value === '{') {
          open.push({ kind: isFunction ? 'function' : '{', scope });
          isFunction = false;
          continue;
        }
        if (value === 'esac') {
          closeTo(open, 'case');
          continue;
        }
        if (value === 'function') {
          isFunction = true;
          index++;
          const named = tokens[index];
          if (named?.k === 'word') reading.functions.add(named.word.value);
          if (isOp(tokens[index + 1], '(')) index += 2;
          continue;
        }
        if (value === 'for' || value === 'select' || value === 'case') {
          const named = tokens[index + 1];
          if (value !== 'case' && named?.k === 'word') reading.given.set(named.word.value, null);
          index = skipHead(tokens, index + 1, reading, script, scope, by, depth);
          if (value === 'case') {
            open.push({ kind: 'case', scope });
            pattern = true;
          }
          continue;
        }
        if (value === '[[') {
          const close = testEnd(tokens, index);
          for (; index < close; index++) {
            const within = tokens[index] as Token;
            const tested = within.k === 'word' ? within.word : within.k === 'redirect' ? within.target : undefined;
            if (tested === undefined) continue;
            inner(reading, script, tested, scope, by, depth);
            storesIn(reading, script, tested);
          }
          continue;
        }
        if (OPENERS.has(value)) continue;
      }
      if (ASSIGNMENT.test(script.text.slice(word.start, Math.min(word.end, word.start + 200)))) {
        assigns.push(word);
        continue;
      }
    }
    words.push(word);
  }
  finish('\n');
  return scope;
}

/** Of `[[ a && b ]]`: index of its `]]`, or its own where the line has none. */
function testEnd(tokens: readonly Token[], start: number): number {
  for (let index = start + 1; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    if (token.k === 'word' && token.word.value === ']]') return index;
    if (token.k === 'op' && token.op === '\n') break;
  }
  return start;
}

const isOp = (token: Token | undefined, op: string): boolean => token?.k === 'op' && token.op === op;

/** Takes off what is open down to the nearest of that kind; the scope to go on with. */
function closeTo(open: Open[], kind: '(' | '{' | 'case'): Scope | undefined {
  let at = open.length - 1;
  while (at >= 0 && !(open[at]?.kind === kind || (kind === '{' && open[at]?.kind === 'function'))) at--;
  if (at < 0) return undefined;
  const closed = open[at] as Open;
  open.length = at;
  // A group and a case run in the shell itself: what they change stays changed.
  return closed.kind === '(' || closed.kind === 'function' ? closed.scope : undefined;
}

/** Over `x in a b c` of a loop or `"$1" in` of a case; index of the last token that belongs to it. */
function skipHead(
  tokens: readonly Token[],
  start: number,
  reading: Reading,
  script: WrittenText,
  scope: Scope,
  by: string,
  depth: number,
): number {
  let index = start;
  let listed = false;
  for (; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    if (token.k === 'op') return token.op === '\n' && !listed && index === start + 1 ? index : index;
    if (token.k !== 'word') continue;
    inner(reading, script, token.word, scope, by, depth);
    if (token.word.value === 'do') return index;
    if (token.word.value === 'in' && index === start + 1) {
      listed = true;
      // A case's patterns follow on the same line.
      if ((tokens[start - 1] as Extract<Token, { k: 'word' }>).word.value === 'case') return index;
    } else if (listed) {
      namedBy([PLACEHOLDER, token.word], script, [], reading);
    }
  }
  return index;
}

/** Stands for a program that is not known. */
const PLACEHOLDER: Word = { value: '', start: 0, end: 0, marks: [], quoted: false, inner: [] };

/** Scripts in `$(…)` and backticks: they see the scope and change nothing in it. */
function inner(reading: Reading, script: WrittenText, word: Word, scope: Scope, by: string, depth: number): void {
  if (depth >= MAX_DEPTH) return;
  for (const [from, to] of word.inner) readScript(reading, script, from, to, scope, by, depth + 1);
  if (word.list !== undefined) {
    for (const token of tokensOf(script.text, word.list[0], word.list[1], { failures: 0 })) {
      if (token.k !== 'word') continue;
      for (const [from, to] of token.word.inner) readScript(reading, script, from, to, scope, by, depth + 1);
      namedBy([PLACEHOLDER, token.word], script, [], reading);
    }
  }
}

function declare(
  reading: Reading,
  script: WrittenText,
  word: Word,
  by: string,
): [name: string, value: string] | undefined {
  const match = ASSIGNMENT.exec(word.value);
  if (match === null) return undefined;
  const name = match[1] as string;
  const value = word.value.slice(match[0].length);
  const variable = { name, value, at: script.span(word.start, word.end), by: by === 'line' ? '' : by };
  reading.variables.push(variable);
  const before = reading.given.get(name);
  reading.given.set(name, before === undefined || before === value ? value : null);
  return [name, value];
}

/** The folder that a text means here. Branches are not told apart: a variable that was given two values is not known. */
function folderOf(reading: Reading, scope: Scope, text: string): string | undefined {
  return knownFolder(text, {
    variable: (name) =>
      reading.given.get(name) !== null && Object.hasOwn(scope.folders, name) ? scope.folders[name] : undefined,
    cwd: scope.cwd,
    nameless: scope.nameless === true,
  });
}

function withFolder(reading: Reading, scope: Scope, [name, value]: readonly [string, string]): Scope['folders'] {
  const folder = folderOf(reading, scope, value);
  return folder === undefined ? scope.folders : withVariable(scope.folders, [name, folder]);
}

function withVariable(
  known: Readonly<Record<string, string>>,
  [name, value]: readonly [string, string],
): Readonly<Record<string, string>> {
  return Object.hasOwn(known, name) || Object.keys(known).length < MAX_VARIABLES ? { ...known, [name]: value } : known;
}

function runSimple(
  reading: Reading,
  script: WrittenText,
  words: readonly Word[],
  assigns: readonly Word[],
  fed: readonly Heredoc[],
  scope: Scope,
  by: string,
  depth: number,
): Scope {
  for (const word of assigns) storesIn(reading, script, word);
  if (words.length === 0) {
    let { own, env, folders } = scope;
    for (const word of assigns) {
      const declared = declare(reading, script, word, by);
      if (declared === undefined) continue;
      folders = withFolder(reading, { ...scope, folders }, declared);
      const exported = scope.all || Object.hasOwn(env, declared[0]);
      if (exported) env = withVariable(env, declared);
      else own = withVariable(own, declared);
    }
    return { ...scope, own, env, folders };
  }
  const name = words[0]?.value ?? '';
  const changed = builtin(reading, script, name, words, scope, by);
  if (changed !== undefined) return changed;
  let { env } = scope;
  for (const word of assigns) {
    const match = ASSIGNMENT.exec(word.value);
    if (match !== null) env = withVariable(env, [match[1] as string, word.value.slice(match[0].length)]);
  }
  const first = words[0] as Word;
  const last = words.at(-1) as Word;
  const at = script.span((assigns[0] ?? first).start, last.end);
  emit(reading, script, { words, env, cwd: scope.cwd, envFiles: scope.files, by }, fed, at, depth, scope);
  return scope;
}

/** What changes the shell itself; `undefined` for everything else. */
function builtin(
  reading: Reading,
  script: WrittenText,
  name: string,
  words: readonly Word[],
  scope: Scope,
  by: string,
): Scope | undefined {
  const operands = words.slice(1).filter(({ value }) => !/^-[A-Za-z@]*$|^--$/.test(value) || value === '-');
  switch (name) {
    case 'cd':
    case 'pushd': {
      const written = operands[0]?.value ?? '~';
      const to = folderOf(reading, scope, written) ?? written;
      const start = to === START_FOLDER || to.startsWith(`${START_FOLDER}/`);
      const joined =
        to === '-'
          ? scope.before
          : start
            ? joinFolder(undefined, `.${to.slice(START_FOLDER.length)}`)
            : joinFolder(scope.cwd, to);
      const cwd = joined === '.' ? undefined : joined;
      const dirs = name === 'pushd' ? [...scope.dirs.slice(-50), scope.cwd] : scope.dirs;
      const { before: _, ...rest } = scope;
      return { ...rest, cwd, dirs, ...(scope.cwd === undefined ? {} : { before: scope.cwd }) };
    }
    case 'popd':
      return { ...scope, cwd: scope.dirs.at(-1), dirs: scope.dirs.slice(0, -1) };
    case 'set':
      if (words.some(({ value }) => /^-[a-z]*a/.test(value) || value === 'allexport')) {
        return { ...scope, all: !words.some(({ value }) => value === '+o') };
      }
      return words.some(({ value }) => /^\+[a-z]*a/.test(value)) ? { ...scope, all: false } : scope;
    case 'source':
    case '.': {
      const file = operands[0];
      if (file === undefined) return scope;
      const settings = /(?:^|\/)\.?env(?:\.[\w.-]+)?$|\.env$/.test(file.value);
      reading.references.push({ target: file.value, kind: 'include', at: wordSpan(script, file) });
      return settings ? { ...scope, files: [...scope.files, file.value] } : scope;
    }
    case 'export':
    case 'declare':
    case 'typeset':
    case 'local':
    case 'readonly': {
      const exported = name === 'export' || words.some(({ value }) => /^-[a-zA-Z]*x/.test(value));
      let { env, own, files, folders } = scope;
      for (const word of operands) {
        storesIn(reading, script, word);
        const loaded =
          /\b(?:cat|grep|sed|xargs)\b[^|]*?(?<![\w/])((?:[\w.$"{}-]+\/)*\.?env(?:\.[\w-]+)*)(?=[\s"')|]|$)/.exec(
            word.value,
          );
        if (exported && word.inner.length > 0 && loaded !== null && !ASSIGNMENT.test(word.value)) {
          files = [...files, (loaded[1] as string).replace(/"/g, '')];
          continue;
        }
        const declared = declare(reading, script, word, by);
        if (declared !== undefined) {
          folders = withFolder(reading, { ...scope, folders }, declared);
          if (exported || scope.all || Object.hasOwn(env, declared[0])) env = withVariable(env, declared);
          else own = withVariable(own, declared);
        } else if (exported && Object.hasOwn(own, word.value)) {
          env = withVariable(env, [word.value, own[word.value] as string]);
        }
      }
      return { ...scope, env, own, files, folders };
    }
    case 'command':
      // `command -v x` only asks.
      return /^-[vV]$/.test(words[1]?.value ?? '') ? scope : undefined;
    case 'unset': {
      const env: Record<string, string> = { ...scope.env };
      for (const { value } of operands) delete env[value];
      return { ...scope, env };
    }
    default:
      return undefined;
  }
}

/** One program: wrappers taken off, containers entered, what it runs itself read as a script. */
function emit(
  reading: Reading,
  script: WrittenText,
  given: Simple,
  fed: readonly Heredoc[],
  at: Span,
  depth: number,
  scope: Scope,
): void {
  let simple = given;
  for (let layer = 0; layer < 20; layer++) {
    const container = insideContainer(simple);
    if (container === null) break;
    if (container !== undefined) {
      // Mounts and files of variables are said outside.
      namedBy(simple.words.slice(0, simple.words.length - container.simple.words.length), script, [], reading);
      if (container.place !== undefined) {
        if (reading.places.length < 200) reading.places.push(placeOf(container.place, container.simple.cwd, at));
        if (container.simple.words.length === 0) return;
      }
      simple = container.simple;
      continue;
    }
    const inside = insideWrapper(simple);
    if (inside === undefined) break;
    simple = inside;
  }
  simple = takeFolderOption(simple);
  const name = baseName(simple.words[0]?.value ?? '');
  const scripts = depth < MAX_DEPTH ? innerScripts(simple) : undefined;
  const within: Scope = { ...scope, cwd: simple.cwd, env: simple.env, files: simple.envFiles, nameless: true };
  if (scripts !== undefined) {
    for (const { word, from, to, prefix } of scripts) {
      const value = (prefix ?? '') + word.value.slice(from, to);
      const shift = (prefix ?? '').length;
      const unit = (index: number): number => offsetIn(word, from + Math.max(index - shift, 0));
      const text: WrittenText = {
        text: value,
        span: (start, end) => script.span(unit(start), end > start ? unit(end - 1) + 1 : unit(start)),
      };
      readScript(reading, text, 0, value.length, within, simple.by, depth + 1);
    }
    return;
  }
  for (const { from, to } of fed) storesInText(reading, script, from, to);
  if (SILENT.has(name)) {
    if (name !== 'echo' && name !== 'printf') for (const word of simple.words) storesIn(reading, script, word);
    return;
  }
  // Prose has blocks that are no commands: answers, JSON, output.
  if (reading.options.weak && !/^[\w./~$@%{}+-]+$/.test(simple.words[0]?.value ?? '')) return;
  namedBy(simple.words, script, fed, reading);
  const command: CommandFact = {
    by: simple.by,
    words: simple.words.map((word) => word.value),
    env: simple.env,
    ...(simple.cwd === undefined ? {} : { cwd: simple.cwd }),
    ...(simple.envFiles.length === 0 ? {} : { envFiles: simple.envFiles }),
    at,
    ...(reading.options.weak ? { weak: true as const } : {}),
  };
  reading.commands.push(command);
}

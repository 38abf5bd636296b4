/**
 * What a command line names: scripts and settings that it runs on, modules (`python -m a.b`, `uvicorn app.main:app`),
 * stores, and the SQL it hands to a client. Decided by the words alone.
 */
import type { ImportFact, ReferenceFact, Span, SqlUse, TextFact } from '../facts.ts';
import { analyseSql } from '../sql/analyse.ts';
import { namesStore } from '../store-text.ts';
import type { WrittenText } from '../written-text.ts';
import { offsetIn, type Word } from './words.ts';
import { baseName } from './wrappers.ts';

export interface Named {
  readonly texts: TextFact[];
  readonly references: ReferenceFact[];
  readonly imports: ImportFact[];
  readonly sql: SqlUse[];
}

const SOURCE = /^[^\s*?|<>"'`,;=]*[\w}\])]\.(?:pyw?|[cm]?[jt]sx?|bash|zsh|sh|php|sql|rb|pl|R|jar|ipynb)$/;
const SETTINGS = /^[^\s*?|<>"'`,;=]*[\w}\])]*\.(?:ya?ml|ini|toml|cfg|conf|prisma|env)$|(?:^|\/)\.env(?:\.[\w.-]+)?$/;
const REMOTE = /^[a-z][\w+.-]*:\/\//i;
const MODULE = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
const COPIES = new Set(['cp', 'mv', 'rsync', 'scp', 'install', 'ln', 'tar', 'zip', 'gzip', 'gsutil', 'rclone']);
/** These look at files or take them away: what they name need not be there. */
const LOOKERS = new Set([
  'rm',
  'unlink',
  'touch',
  'git',
  'ls',
  'find',
  'grep',
  'pkill',
  'pgrep',
  'mkdir',
  'diff',
  'shred',
]);
const SERVERS = new Set([
  'uvicorn',
  'gunicorn',
  'hypercorn',
  'daphne',
  'granian',
  'waitress-serve',
  'arq',
  'dramatiq',
  'rq',
  'faust',
  'taskiq',
]);
const SQLITE = new Set(['sqlite3', 'sqlite', 'litecli', 'duckdb']);
interface Client {
  readonly valued: string;
  readonly sql: string;
}

const CLIENTS: ReadonlyMap<string, Client> = new Map(
  Object.entries<Client>({
    psql: {
      valued:
        '-c -f -d -h -p -U -v -o -L -T -P -F -R --command --file --dbname --host --port --username --set --output',
      sql: '-c --command',
    },
    pgcli: { valued: '-h -p -U -d', sql: '' },
    mysql: {
      valued: '-h -P -D -e --host --port --user --database --execute --protocol --socket -S',
      sql: '-e --execute',
    },
    mariadb: {
      valued: '-h -P -D -e --host --port --user --database --execute --protocol --socket -S',
      sql: '-e --execute',
    },
  }),
);

/** A shell's quotes around `start`–`end` of the script belong to a text's span. */
function textSpan(script: WrittenText, start: number, end: number): Span {
  const quote = script.text[start - 1];
  const quoted = (quote === '"' || quote === "'") && script.text[end] === quote;
  return quoted ? script.span(start - 1, end + 1) : script.span(start, end);
}

export function wordSpan(script: WrittenText, word: Word, from = 0, to: number = word.value.length): Span {
  const start = offsetIn(word, from);
  return script.span(start, to > from ? offsetIn(word, to - 1) + 1 : start);
}

function addText(out: Named, script: WrittenText, word: Word, from: number): void {
  const v = word.value.slice(from);
  const start = offsetIn(word, from);
  const at = textSpan(script, start, offsetIn(word, word.value.length - 1) + 1);
  out.texts.push({ v, at, scope: 0, ...(/[$`]/.test(v) ? { holes: true as const } : {}) });
}

/** Texts of one word: the whole, what follows `=`, and the parts of `a:b`. */
export function storesIn(out: Named, script: WrittenText, word: Word): void {
  const { value } = word;
  if (value.length < 4 || value.length > 1000) return;
  if (namesStore(value)) addText(out, script, word, 0);
  const equals = value.indexOf('=');
  if (equals > 0 && namesStore(value.slice(equals + 1))) addText(out, script, word, equals + 1);
}

/** Texts in code or data that a script carries along: here-documents, `python -c`. */
export function storesInText(out: Named, script: WrittenText, from: number, to: number): void {
  const pattern = /[^\s"'`=,;()<>[\]]{4,400}/g;
  const body = script.text.slice(from, to);
  for (const match of body.matchAll(pattern)) {
    const v = match[0];
    if (!namesStore(v)) continue;
    const start = from + match.index;
    const holes = /[{$]/.test(v) ? { holes: true as const } : {};
    out.texts.push({ v, at: textSpan(script, start, start + v.length), scope: 0, ...holes });
  }
}

function addSql(out: Named, script: WrittenText, word: Word, from = 0): void {
  const line = wordSpan(script, word, from)[2];
  out.sql.push(...analyseSql(word.value.slice(from), line));
}

function addModule(out: Named, script: WrittenText, word: Word, from: number, to: number): void {
  const module = word.value.slice(from, to);
  if (!MODULE.test(module)) return;
  out.imports.push({ module, names: [], kind: 'text', scope: 0, at: wordSpan(script, word, from, to) });
}

export interface Heredoc {
  readonly from: number;
  readonly to: number;
}

/** `fed`: what another command or a here-document pipes into it. */
export function namedBy(words: readonly Word[], script: WrittenText, fed: readonly Heredoc[], out: Named): void {
  const program = baseName(words[0]?.value ?? '');
  if (program === 'echo' || program === 'printf') return;
  const python = /^(?:python[\d.]*|pypy3?|coverage|ipython)$/.test(program);
  const copies = COPIES.has(program);
  for (const [index, word] of words.entries()) {
    if (!LOOKERS.has(program) && (index > 0 || word.value.includes('/'))) files(word, copies, index, script, out);
    storesIn(out, script, word);
    const next = words[index + 1];
    if (python && word.value === '-m' && next !== undefined) addModule(out, script, next, 0, next.value.length);
    if (
      (word.value === '-c' && python) ||
      (/^(?:-e|-p|--eval|-r)$/.test(word.value) && /^(?:node|php|bun|ruby|tsx)$/.test(program))
    ) {
      if (next !== undefined) storesInText(out, script, next.start, next.end);
      if (python) break;
    }
    const settings = /^--(?:settings|ds|app)(=|$)/.exec(word.value);
    if (settings !== null && settings[1] === '=')
      addModule(out, script, word, settings[0].length, moduleEnd(word.value, settings[0].length));
    else if ((settings !== null || (program === 'celery' && word.value === '-A')) && next !== undefined) {
      addModule(out, script, next, 0, moduleEnd(next.value, 0));
    }
  }
  if (SERVERS.has(program)) servers(words, script, out);
  if (SQLITE.has(program)) sqlite(words, script, fed, out);
  else if (CLIENTS.has(program)) client(words, CLIENTS.get(program) as Client, script, fed, out);
}

function moduleEnd(value: string, from: number): number {
  const colon = value.indexOf(':', from);
  return colon === -1 ? value.length : colon;
}

function files(word: Word, copies: boolean, index: number, script: WrittenText, out: Named): void {
  const equals = word.value.startsWith('-') ? word.value.indexOf('=') : -1;
  if (equals === -1 && word.value.startsWith('-')) return;
  const from = equals + 1;
  const path = word.value.slice(from);
  if (path.length > 300 || REMOTE.test(path)) return;
  const kind = SOURCE.test(path) ? 'script' : SETTINGS.test(path) ? 'config' : undefined;
  // `./manage`, `bin/console`: run by its path.
  const run =
    index === 0 &&
    /^\.{0,2}\/?[\w.$@{}-]+(?:\/[\w.$@{}-]+)*$/.test(path) &&
    !/^\/(?:usr|bin|sbin|opt|etc)\//.test(path);
  if (kind === undefined && !run) return;
  out.references.push({ target: path, kind: copies ? 'copy' : (kind ?? 'script'), at: wordSpan(script, word, from) });
}

/** `gunicorn -w 4 pkg.wsgi:app`: the first word that names a module and something in it, else the first that is one. */
function servers(words: readonly Word[], script: WrittenText, out: Named): void {
  const operand = words
    .slice(1)
    .find(
      ({ value }) =>
        /^[A-Za-z_]\w*(?:\.\w+)*:[A-Za-z_]\w*(?:\.\w+)*(?:\(\))?$/.test(value) &&
        !/^(?:localhost|unix|fd):/.test(value),
    );
  const dotted = operand ?? words.find(({ value }, index) => index === 1 && value.includes('.') && MODULE.test(value));
  if (dotted !== undefined) addModule(out, script, dotted, 0, moduleEnd(dotted.value, 0));
}

function sqlite(words: readonly Word[], script: WrittenText, fed: readonly Heredoc[], out: Named): void {
  const valued = new Set([
    '-init',
    '-cmd',
    '-separator',
    '-newline',
    '-nullvalue',
    '-vfs',
    '-maxsize',
    '-lookaside',
    '-mmap',
    '-heap',
    '-pagecache',
  ]);
  let operands = 0;
  for (let index = 1; index < words.length; index++) {
    const word = words[index] as Word;
    if (word.value.startsWith('-')) {
      if (word.value === '-cmd' && words[index + 1] !== undefined) addSql(out, script, words[index + 1] as Word);
      if (valued.has(word.value)) index++;
    } else if (operands++ === 0) {
      // The first operand is the store, whatever its name (trap S11).
      const known = namesStore(word.value) || word.value === ':memory:' || word.value.length === 0;
      if (!known) addText(out, script, word, 0);
    } else if (word.value.startsWith('.')) dotCommand(word, script, out);
    else addSql(out, script, word);
  }
  for (const { from, to } of fed) out.sql.push(...analyseSql(script.text.slice(from, to), script.span(from, to)[2]));
}

/** `.read schema.sql`, `.backup 'copy.db'`. */
function dotCommand(word: Word, script: WrittenText, out: Named): void {
  const match = /^\.(read|backup|save|open|restore|clone|import)\s+(?:--?\w+\s+)*(['"]?)([^\s'"]+)\2/.exec(word.value);
  if (match === null) return;
  const target = match[3] as string;
  const from = match[0].length - target.length - (match[2] as string).length;
  const at = wordSpan(script, word, from, from + target.length);
  if (match[1] === 'read') out.references.push({ target, kind: 'script', at });
  else out.texts.push({ v: target, at, scope: 0, ...(/[$`]/.test(target) ? { holes: true as const } : {}) });
}

function client(
  words: readonly Word[],
  { valued, sql }: Client,
  script: WrittenText,
  fed: readonly Heredoc[],
  out: Named,
): void {
  const takes = new Set(valued.split(' '));
  const runs = new Set(sql.split(' '));
  for (let index = 1; index < words.length; index++) {
    const word = words[index] as Word;
    const equals = word.value.startsWith('--') ? word.value.indexOf('=') : -1;
    const option = equals === -1 ? word.value : word.value.slice(0, equals);
    if (runs.has(option)) {
      if (equals !== -1) addSql(out, script, word, equals + 1);
      else if (words[index + 1] !== undefined) addSql(out, script, words[index + 1] as Word);
    }
    if (equals === -1 && takes.has(option)) index++;
    else if (/^-[a-zA-Z]*c$/.test(option) && runs.has('-c') && words[index + 1] !== undefined) {
      // `psql -tAc "select 1"`
      addSql(out, script, words[++index] as Word);
    }
  }
  for (const { from, to } of fed) out.sql.push(...analyseSql(script.text.slice(from, to), script.span(from, to)[2]));
}

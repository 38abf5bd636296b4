/**
 * Passwords that stand in source and settings files (trap C24). What is found carries no part of the secret: a digest
 * of it, made with a key that lives as long as the process, only tells which places hold the same one.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { callsOf, lastName, pushChildren } from '../code/calls.ts';
import type { Expr, FileFacts } from '../code/facts.ts';
import { isAside } from './set-aside.ts';
import { areLabels, areMostlyShown, isAboutPassword, isPlaceOfWords } from './shown-words.ts';

export interface WrittenCredential {
  readonly path: string;
  readonly line: number;
  /** `postgresql://***@db.example.com`, `password of psycopg2.connect`, `POSTGRES_PASSWORD`. */
  readonly what: string;
  readonly form: 'url' | 'call' | 'setting' | 'default';
  /** The server is this machine or a neighbour in its own compose network, as far as its name tells. */
  readonly local: boolean;
  /** A word that stands in many tutorials: not likely to be the real one. */
  readonly placeholder: boolean;
  /** A key or token of the program: by its name no password of a database. */
  readonly other?: true;
  /** Equal for equal secrets, within one process. */
  readonly same: string;
}

const KEY = randomBytes(16);
const digest = (secret: string): string => createHmac('sha256', KEY).update(secret).digest('hex');

const URL =
  /\b([a-z][a-z0-9+]{1,30}):\/\/([^\s:/@'"`<>]{1,80}):([^\s@/'"`]{1,200})@(\[[0-9a-f:.]+\]|[\w.-]{0,200}|\{[^}]{0,80}\}|\$\{?\w{0,80}\}?)/i;
const DATABASE_SCHEME =
  /^(?:postgres(?:ql)?|mysql2?|mariadb|mongodb|redis|rediss|mssql|sqlserver|oracle|cockroachdb|clickhouse|amqps?|libsql|jdbc)(?:\+\w+)?$/i;
const PASSWORD_KEY = /^(?:password|passwd|pwd|pass)$/i;
const CONNECT =
  /^(?:connect|create_pool|createPool|createConnection|createClient|Pool|Client|PoolConfig|mysqli|PDO|ConnectionPool|SimpleConnectionPool|ThreadedConnectionPool|Redis|StrictRedis|MongoClient|Connection|DataSource|Sequelize|knex|postgres|PostgresqlDatabase|MySQLDatabase|mysqli_connect|pg_connect)$/;
const DATABASE_PASSWORD =
  /(?:^|_|\b)(?:db|database|sql|mysql|mariadb|postgres|postgresql|pg|pgsql|redis|mongo|mongodb|mssql|oracle)\w*?(?:pass|passwd|password|pwd)\w*$/i;
const SECRET_NAME = /(?:PASS|PASSWD|PASSWORD|PWD|SECRET|SECRET_KEY|TOKEN|API_?KEY|PRIVATE_KEY|ACCESS_KEY)$/i;
const PLACEHOLDER =
  /^(?:x+|\*+|\.+|-+|_+|0+|1234\d*|none|null|undefined|true|false|todo|tbd|fixme|pass|passwd|password\d*|passw0rd|pwd|secret\d*|change[-_ ]?me|change[-_ ]?this|changeit|replace[-_ ]?me|example|sample|dummy|test(?:ing|er)?\d*|dev|development|local|demo|guest|root|admin|user|username|postgres|postgresql|mysql|mariadb|mongo|redis|sa|toor|default|foo|bar|qwerty|letmein|p@ss\w*|key|token)$|change|placeholder|your|my[-_]?(?:secret|password|pass)|insert|<|>|\{|\}|^\$|^%|\*\*\*|\.\.\.|example|xxx|redacted|super[-_]?secret|not[-_]?(?:a[-_])?(?:real|secret)|dummy|fake/i;
const LOCAL =
  /^(?:|localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1|\[::1\]|host\.docker\.internal|[\w-]+\.local|[\w-]+\.(?:internal|svc|test|example)|[a-z][\w-]*)$/i;

export function writtenCredentials(
  path: string,
  facts: FileFacts,
  git: ((path: string) => string) | undefined,
): readonly WrittenCredential[] {
  if (isAside(path, facts) || facts.language === 'markdown') return [];
  const state = git?.(path);
  const isTracked = state === 'tracked' || state === 'ignored-tracked';
  const isEnv = facts.language === 'env';
  // Where secrets belong: an environment file that stays out of git.
  if (isEnv && !isTracked) return [];
  const found = new Map<string, WrittenCredential>();
  const add = (line: number, secret: string, one: Omit<WrittenCredential, 'path' | 'line' | 'same'>): void => {
    const same = digest(secret);
    const key = `${line}:${same}`;
    // A call or URL says more than the setting or the options that it is made of.
    const known = found.get(key)?.form;
    if (known !== 'url' && known !== 'call') found.set(key, { path, line, same, ...one });
  };
  const lookAtUrl = (text: string, line: number): boolean => {
    const match = URL.exec(text);
    if (match === null) return false;
    const [, scheme = '', user = '', secret = '', host = ''] = match;
    if (!DATABASE_SCHEME.test(scheme)) return false;
    // Filled in when the program runs.
    if (hasHole(secret)) return true;
    const placeholder = isPlaceholder(secret) || secret === user;
    const local = LOCAL.test(host);
    // An address of digits or words, never what a template put there.
    const shown = /^[\w.-]+$/.test(host) ? host : 'a server';
    add(line, `${scheme}|${user}|${secret}|${host}`, {
      what: `${scheme}://***@${shown}`,
      form: 'url',
      local,
      placeholder,
    });
    return true;
  };
  for (const { v, at, prose } of facts.texts) if (prose !== true) lookAtUrl(v, at[2]);
  const areWords = isPlaceOfWords(path) || areMostlyShown((facts.settings ?? []).map(({ v }) => v));
  for (const { key, v, at } of facts.settings ?? []) {
    if (lookAtUrl(v, at[2]) || areWords) continue;
    if (namesPassword(key.replaceAll('.', '_')) && isLiteral(v)) {
      add(at[2], v, { what: key, form: 'setting', local: true, placeholder: isPlaceholder(v) });
    }
  }
  for (const { name, value, at } of facts.variables) {
    if (value === null || value === '' || lookAtUrl(value, at[2])) continue;
    const concerns = (isEnv && SECRET_NAME.test(name)) || namesPassword(name);
    if (concerns && isLiteral(value) && !/_FILE$|_PATH$/i.test(name))
      add(at[2], value, {
        what: name,
        form: 'setting',
        local: !isEnv,
        placeholder: isPlaceholder(value),
        ...(namesPassword(name) || /PASS|PWD/i.test(name) ? {} : { other: true as const }),
      });
  }
  if (facts.read === 'structure') lookAtCode(facts, lookAtUrl, add, isPlaceOfWords(path));
  return [...found.values()];
}

type Add = (line: number, secret: string, one: Omit<WrittenCredential, 'path' | 'line' | 'same'>) => void;

function lookAtCode(
  facts: FileFacts,
  lookAtUrl: (text: string, line: number) => boolean,
  add: Add,
  areWords: boolean,
): void {
  for (const { call, name } of callsOf(facts)) {
    const line = call.at[2];
    if (CONNECT.test(name)) {
      const options: Record<string, Expr> = { ...call.named };
      for (const arg of call.args) for (const [key, value] of entriesOf(arg)) options[key] ??= value;
      const secret = Object.entries(options).find(([key]) => PASSWORD_KEY.test(key))?.[1];
      // mysqli(host, user, password), PDO(dsn, user, password).
      const third = /^(?:mysqli|PDO|mysqli_connect)$/.test(name) ? call.args[2] : undefined;
      const given = textOf(secret) ?? textOf(third);
      const host = Object.entries(options).find(([key]) => /^(?:host|hostname|server|url|uri)$/i.test(key))?.[1];
      const at = host === undefined && third !== undefined ? call.args[0] : host;
      if (given !== undefined && given !== '') {
        const local = at === undefined || (at.k === 'text' && LOCAL.test(hostIn(at.v)));
        add(line, given, {
          what: `password of ${spelled(call.fn)}()`,
          form: 'call',
          local,
          placeholder: isPlaceholder(given),
        });
      }
    }
    // getenv("DB_PASSWORD", "…")
    const [variable, fallback] = call.args;
    const other = textOf(fallback) ?? textOf(call.named?.default);
    if (variable?.k === 'text' && /^(?:getenv|get|env|config|str)$/.test(name) && other !== undefined && other !== '') {
      if (!lookAtUrl(other, line) && namesPassword(variable.v))
        add(line, other, {
          what: `default of ${variable.v}`,
          form: 'default',
          local: true,
          placeholder: isPlaceholder(other),
        });
    }
  }
  if (areWords) return;
  for (const { to, value, at } of facts.assigns) {
    const name = /([\w$]+)(?:"\])?$/.exec(to)?.[1] ?? '';
    const literal = textOf(value);
    if (literal !== undefined && literal !== '' && namesPassword(name) && isLiteral(literal))
      add(at[2], literal, { what: name, form: 'setting', local: true, placeholder: isPlaceholder(literal) });
    lookAtParts(value, at[2], add);
  }
  for (const { value, at } of facts.statements) lookAtParts(value, at[2], add);
}

/** Options with host, user and password beside each other; `process.env.DB_PASSWORD || '…'`. */
function lookAtParts(root: Expr, line: number, add: Add): void {
  const queue: Expr[] = [root];
  for (let expr = queue.pop(); expr !== undefined; expr = queue.pop()) {
    if (expr.k === 'map') {
      const entries = new Map(entriesOf(expr).map(([key, value]) => [key.toLowerCase(), value]));
      const isConnection =
        (entries.has('host') || entries.has('database') || entries.has('engine') || entries.has('dbname')) &&
        (entries.has('user') || entries.has('username')) &&
        !isForPeople(entries);
      for (const [key, value] of entries) {
        const secret = PASSWORD_KEY.test(key) && isConnection ? textOf(value) : undefined;
        if (secret === undefined || secret === '') continue;
        const host = textOf(entries.get('host')) ?? '';
        const at = value.k === 'text' ? value.at[2] : line;
        add(at, secret, {
          what: 'password of connection settings',
          form: 'setting',
          local: LOCAL.test(host),
          placeholder: isPlaceholder(secret),
        });
      }
    }
    if (expr.k === 'op' && /^(?:\|\||\?\?|or)$/.test(expr.op) && expr.b?.k === 'text' && expr.b.v !== '') {
      const name = lastName(expr.a) || (expr.a.k === 'call' ? (textOf(expr.a.args[0]) ?? '') : '');
      if (namesPassword(name))
        add(expr.b.at[2], expr.b.v, {
          what: `default of ${name}`,
          form: 'default',
          local: true,
          placeholder: isPlaceholder(expr.b.v),
        });
    }
    pushChildren(expr, queue);
  }
}

function entriesOf(expr: Expr): readonly (readonly [string, Expr])[] {
  if (expr.k !== 'map') return [];
  return expr.entries.flatMap(([key, value]) =>
    key.k === 'text' || key.k === 'name' ? [[key.v, value] as const] : [],
  );
}

/** Labels of a form, messages, translations: the names of settings, and words for people. */
function isForPeople(entries: ReadonlyMap<string, Expr>): boolean {
  const texts = (keys: Iterable<string>): string[] =>
    [...keys].flatMap((key) => {
      const text = textOf(entries.get(key));
      return text === undefined || text === '' ? [] : [text];
    });
  const own = [...entries.keys()].filter((key) => PASSWORD_KEY.test(key) || /^(?:user(?:name)?|host)$/.test(key));
  return areLabels(texts(own)) || areMostlyShown(texts(entries.keys()));
}

const textOf = (expr: Expr | undefined): string | undefined => (expr?.k === 'text' ? expr.v : undefined);
const spelled = (fn: Expr): string => (fn.k === 'member' && fn.of.k === 'name' ? `${fn.of.v}.${fn.v}` : lastName(fn));
const namesPassword = (name: string): boolean => DATABASE_PASSWORD.test(name) && !isAboutPassword(name);
const hasHole = (text: string): boolean => /[{}]|^\$|%s|^\?$/.test(text);
/** Neither taken from elsewhere nor a path to it. */
const isLiteral = (text: string): boolean =>
  text !== '' && !/^\$|\$\{|^\/|^%\(|\{\{|^(?:env|file|op|vault|arn):/.test(text) && !/\s/.test(text);
const isPlaceholder = (text: string): boolean => text.length < 3 || PLACEHOLDER.test(text);
const hostIn = (text: string): string => text.replace(/^[a-z]+:\/\//i, '').replace(/[:/].*$/, '');

/** Which store a path or URL means, once it is known: schemes, containers, holes, temporary files. */
import { posix } from 'node:path';
import type { Context, Located } from './contexts.ts';
import type { BindingTarget } from './model.ts';
import { HOLE } from './path-functions.ts';
import type { Opening } from './value.ts';

/** What a text means to the library that is given it. */
export type Meaning =
  | { readonly is: 'path'; readonly path: string }
  | { readonly is: 'memory' }
  | { readonly is: 'server'; readonly engine: string; readonly url: string }
  | { readonly is: 'unknown'; readonly why: string };

const SERVERS: Readonly<Record<string, string>> = {
  postgres: 'postgresql',
  postgresql: 'postgresql',
  pgsql: 'postgresql',
  cockroachdb: 'postgresql',
  mysql: 'mysql',
  mysql2: 'mysql',
  mariadb: 'mysql',
  mssql: 'mssql',
  sqlserver: 'mssql',
  oracle: 'oracle',
  mongodb: 'mongodb',
  'mongodb+srv': 'mongodb',
  redis: 'redis',
  rediss: 'redis',
  'prisma+postgres': 'postgresql',
  prisma: 'prisma',
  libsql: 'libsql',
  http: 'http',
  https: 'http',
  ws: 'http',
  wss: 'http',
  clickhouse: 'clickhouse',
};

const SCHEME = /^(?:jdbc:)?([a-z][\w-]*)(?:\+[\w-]+)?:(.*)$/is;

/** SQLAlchemy: three slashes and a relative path, four and an absolute one. Others (`sqlite:path`, `sqlite://path`) read it as it stands. */
export function meaningOf(text: string, opening: Pick<Opening, 'form' | 'engine'>): Meaning {
  const value = text.trim();
  const driver = serverOf(opening.engine);
  if (driver !== undefined) return meaningToServer(value, driver);
  if (value === '' || value === ':memory:' || value === 'file::memory:') {
    return opening.form === 'url' && value === '' ? { is: 'unknown', why: 'the URL is empty' } : { is: 'memory' };
  }
  if (value.replaceAll(HOLE, '').trim() === '') return { is: 'unknown', why: 'it is computed when the program runs' };
  const match = SCHEME.exec(value);
  const scheme = match?.[1]?.toLowerCase() ?? '';
  const full = /^(?:jdbc:)?([a-z][\w+-]*):/i.exec(value)?.[1]?.toLowerCase() ?? '';
  const engine = SERVERS[full] ?? SERVERS[scheme];
  if (engine !== undefined && !(opening.form === 'path' && opening.engine === 'sqlite')) {
    return { is: 'server', engine, url: redact(value) };
  }
  if (scheme === 'sqlite' || scheme === 'sqlite3' || scheme === 'duckdb') return sqlitePath(match?.[2] ?? '');
  if (scheme === 'file') return filePath(match?.[2] ?? '');
  if (match !== null && opening.form === 'url' && scheme.length > 1 && /^\/\//.test(match[2] ?? '')) {
    return { is: 'server', engine: scheme, url: redact(value) };
  }
  if (opening.form === 'url' && /^<[^<>]*>$/.test(value)) {
    return { is: 'unknown', why: `${redact(value).slice(0, 60)} stands for something to be filled in` };
  }
  if (opening.form === 'url' && value.startsWith(HOLE) && !/[./]/.test(value)) {
    return { is: 'unknown', why: 'it is computed when the program runs' };
  }
  return { is: 'path', path: opening.form === 'path' ? value : withoutQuery(value) };
}

/** The server that an engine's driver speaks to; `undefined`: a file, or whatever the address says. */
export function serverOf(engine: string): string | undefined {
  if (/^(?:postgres|pg$|cockroach)/.test(engine)) return 'postgresql';
  if (/^(?:mysql|mariadb)/.test(engine)) return 'mysql';
  return /^(?:mongodb|redis|mssql|oracle)/.exec(engine)?.[0];
}

/** `host=db dbname=shop`, `Server=db;Database=shop`. */
const BY_KEYS =
  /(?:^|[\s;])(?:host|hostaddr|dbname|database|user|username|server|port|service|unix_socket|data source)\s*=/i;

/** What a driver of one server makes of a text: never a file. */
function meaningToServer(value: string, driver: string): Meaning {
  if (value === '') return { is: 'unknown', why: 'the address is empty' };
  if (value.replaceAll(HOLE, '').trim() === '') return { is: 'unknown', why: 'it is computed when the program runs' };
  const scheme = /^(?:jdbc:)?([a-z][\w-]*)(?:\+[\w-]+)*:/i.exec(value)?.[1]?.toLowerCase() ?? '';
  const full = /^(?:jdbc:)?([a-z][\w+-]*):/i.exec(value)?.[1]?.toLowerCase() ?? '';
  const engine = SERVERS[full] ?? SERVERS[scheme];
  if (engine !== undefined) return { is: 'server', engine, url: redact(value) };
  if (/^(?:sqlite3?|duckdb|file)$/.test(scheme) || value === ':memory:') {
    return { is: 'unknown', why: `a driver of ${driver} cannot open ${redact(value)}` };
  }
  if (!BY_KEYS.test(value) && /[\s<>]/.test(value)) {
    return { is: 'unknown', why: `${redact(value).slice(0, 60)} is no address of a server` };
  }
  return { is: 'server', engine: driver, url: redact(value) };
}

const withoutQuery = (path: string): string => path.replace(/[?#].*$/s, '');

function sqlitePath(rest: string): Meaning {
  const path = withoutQuery(rest);
  if (path === '' || path === '//' || path === '///' || path.includes(':memory:')) return { is: 'memory' };
  if (path.startsWith('////')) return known(path.slice(3));
  if (path.startsWith('///')) return known(path.slice(3));
  if (path.startsWith('//')) return known(path.slice(2));
  return known(path);
}

function filePath(rest: string): Meaning {
  if (/[?&]mode=memory\b/.test(rest) || rest.startsWith(':memory:')) return { is: 'memory' };
  const path = withoutQuery(rest);
  if (path.startsWith('///')) return known(path.slice(2));
  if (path.startsWith('//')) return known(path.replace(/^\/\/[^/]*/, '') || path.slice(2));
  return known(path);
}

const known = (path: string): Meaning =>
  path.replaceAll(HOLE, '') === ''
    ? { is: 'unknown', why: 'it is computed when the program runs' }
    : { is: 'path', path };

/** Without user and password. */
export function redact(url: string): string {
  return url
    .replaceAll(HOLE, '…')
    .replace(/\/\/[^/@\s]*@/, '//***@')
    .replace(
      /((?:^|[?&;\s])(?:password|pwd|passwd|user|username|uid|token|authToken|api_?key|secret)\s*=\s*)(?:'[^']*'|"[^"]*"|[^&;\s]*)/gi,
      '$1***',
    )
    .slice(0, 160);
}

export interface StoreIndex {
  /** Store by path relative to the project (its own path or a link to it). */
  byPath(path: string): string | undefined;
  readonly paths: readonly string[];
}

/** The absolute path, in words of the context, of what is opened. */
export function absolute(path: string, context: Context): string {
  return posix.normalize(path.startsWith('/') ? path : `${context.cwd}/${path}`);
}

export function targetOf(
  path: string,
  context: Context,
  opening: Pick<Opening, 'creates'>,
  stores: StoreIndex,
): { readonly target: BindingTarget; readonly located: Located } {
  const full = absolute(path, context);
  const located = context.locate(full);
  if (located.in !== 'project') {
    const temporary = full.startsWith(`${context.temp}/`) || /^(?:\/var)?\/tmp\//.test(full);
    return { target: { kind: temporary ? 'temporary' : 'outside', path: readable(full) }, located };
  }
  if (located.path.includes(HOLE)) {
    const stored = family(located.path, stores);
    return { target: { kind: 'family', pattern: readable(located.path), stores: stored }, located };
  }
  const store = stores.byPath(located.path);
  if (store !== undefined) return { target: { kind: 'store', store }, located };
  return { target: { kind: opening.creates ? 'runtime' : 'missing', path: located.path }, located };
}

/** Stores whose path fits a pattern with holes; a hole is no folder boundary. */
function family(pattern: string, stores: StoreIndex): readonly string[] {
  const parts = pattern.split(HOLE);
  // A folder that is not known could be any: only names with something of their own are looked for.
  if ((parts.at(-1) ?? '').length < 3 && parts.join('').length < 6) return [];
  const expression = new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^/]+')}$`);
  return stores.paths.filter((path) => expression.test(path));
}

export const readable = (path: string): string => path.replaceAll(HOLE, '{}');

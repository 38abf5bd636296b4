/** What calls do to stores, by the name that is called and what it is given. A library's word for it is one entry of the list. */
import type { Call } from '../calls.ts';
import type { Expr, LanguageId } from '../facts.ts';
import { mayNameStore } from '../names-store.ts';
import { dottedName, walkExpr } from '../walk-expr.ts';
import { commandAct } from './command-acts.ts';
import type { Act } from './model.ts';

export interface CallPlace {
  readonly language: LanguageId;
  readonly call: Call;
  readonly name: string;
  readonly line: number;
  /** `.where(…)` follows. */
  readonly filteredLater: boolean;
  /** Texts that may name stores among the arguments and what is called on, names followed within the file. */
  readonly stores: readonly string[];
  /** Names among them that sound like a store: `DB_PATH`. */
  readonly soundsLikeStore: boolean;
  /** A text among the arguments, names followed within the file, that matches. */
  readonly names: (pattern: RegExp) => boolean;
}

type Does = Pick<Act, 'does' | 'destructive'>;

interface CallRule {
  readonly name: RegExp;
  readonly act: (place: CallPlace) => Does | undefined;
}

const WIPE: Does = { does: 'wipe', destructive: true };
const rule = (name: RegExp, does: Act['does']): CallRule => ({ name, act: () => ({ does }) });
const TEXT_FILE = /\.(?:csv|tsv|jsonl?|ndjson|xlsx?|parquet|xml|txt|sql)$/i;

/** The first whose name fits and that answers counts. */
const RULES: readonly CallRule[] = [
  {
    name: /(?:^|\.)(?:drop_all|dropDatabase|drop_database|dropCollection|drop_collection|drop_table|dropTable(?:IfExists)?|dropAllTables|drop_tables|dropSchema|dropAllSchemas|flushall|flushAll|flushdb|flushDb)$/,
    act: () => WIPE,
  },
  {
    name: /(?:^|\.)(?:sync|synchronize)$/,
    act: ({ call }) =>
      call.args.some((arg) => isTrue(arg) || isTrue(entry(arg, 'force')))
        ? WIPE
        : /sync/.test(dottedName(call.fn)) &&
            /(?:sequelize|models?|db|database|dataSource|connection)\.sync/i.test(dottedName(call.fn))
          ? { does: 'define' }
          : undefined,
  },
  { name: /\.deleteMany$/, act: ({ call }) => (isUnfiltered(call) ? WIPE : { does: 'delete' }) },
  {
    name: /\.truncate$/,
    act: ({ name, stores }) =>
      /(?:^|\.)(?:f|file|fh|fp|out)\.truncate$/.test(name) && stores.length === 0 ? undefined : WIPE,
  },
  {
    name: /\.destroy$/,
    act: ({ call }) =>
      call.args.some((arg) => isTrue(entry(arg, 'truncate')))
        ? WIPE
        : call.args.some((arg) => entry(arg, 'where') !== undefined)
          ? { does: 'delete' }
          : undefined,
  },
  // Django and SQLAlchemy: what the chain filtered before.
  { name: /(?:\.objects\.all\(\)|\.query\([^)]*\)|\.query|\.objects)\.delete$/, act: () => WIPE },
  { name: /\.(?:filter|filter_by|exclude|where)\(\)(?:\.\w+\(\))*\.(?:delete|del)$/, act: () => ({ does: 'delete' }) },
  {
    name: /^(?:\w+\.)?(?:knex|db|trx)\(\)\.(?:del|delete)$/,
    act: ({ filteredLater }) => (filteredLater ? { does: 'delete' } : WIPE),
  },
  {
    // Drizzle takes a table, sessions of SQLAlchemy take a row.
    name: /(?:^|\.)(?:db|tx|trx|database|drizzle|session)\.delete$/,
    act: ({ call, filteredLater, language }) => {
      if (call.args.length !== 1) return undefined;
      return filteredLater || language !== 'typescript' ? { does: 'delete' } : WIPE;
    },
  },
  {
    name: /(?:^|\.)(?:remove|unlink|unlinkSync|rm|rmSync|rmdir|rmdirSync|rmtree|rimraf|removeSync|emptyDir|emptyDirSync|deleteFile)$/,
    act: ({ stores, soundsLikeStore, name }) => {
      // A list has `remove` too.
      if (!isFileCall(name) && (stores.length === 0 || /\.remove$/.test(name))) return undefined;
      return stores.length > 0 || soundsLikeStore ? WIPE : { does: 'delete' };
    },
  },
  rule(
    /(?:^|\.)(?:create_all|create_table|createTable|createTableIfNotExists|create_tables|migrate\.latest|runMigrations|run_migrations|migrate_up|upgrade_head|alterTable|add_column|addColumn)$|(?:^|\.)command\.upgrade$/,
    'define',
  ),
  {
    name: /(?:^|\.)(?:copy|copy2|copyfile|copyFile|copyFileSync|copyfileobj|copytree|cpSync|copySync)$/,
    act: ({ stores, soundsLikeStore }) => (stores.length > 0 || soundsLikeStore ? { does: 'copy' } : undefined),
  },
  { name: /\.backup$/, act: () => ({ does: 'copy' }) },
  {
    name: /(?:^|\.)(?:connect|Database|DatabaseSync|createConnection|createPool|create_engine|create_async_engine|createClient|PrismaClient|Pool|open_db|connectDb|PDO|mysqli|MongoClient)$/,
    act: ({ call }) => (call.args.length + Object.keys(call.named ?? {}).length > 0 ? { does: 'open' } : undefined),
  },
  rule(
    /\.(?:insert_one|insert_many|insertOne|insertMany|bulk_create|bulkCreate|bulk_save_objects|bulk_insert_mappings|add_all|createMany|to_sql|bulkWrite|upsert|get_or_create|update_or_create)$|\.objects\.create$|^(?:session|db\.session|\w+\.session)\.add$|(?:^|\.)(?:prisma|db|tx)\.\w+\.create$/,
    'insert',
  ),
  rule(
    /\.(?:updateMany|update_many|updateOne|update_one|bulk_update|save)$|(?:^|\.)(?:prisma|db|tx)\.\w+\.update$/,
    'update',
  ),
  rule(
    /\.(?:findMany|findFirst|findUnique|findAll|findOne|find_one|count_documents|countDocuments|fetchall|fetchone|scalars|aggregate|groupBy|queryRaw|\$queryRaw)$|\.objects\.(?:all|filter|count|values|get)$|\.query\(\)(?:\.\w+\(\))*\.(?:all|first|count|one)$|(?:^|\.)(?:prisma|db|tx)\.\w+\.count$|(?:^|\.)read_sql(?:_query|_table)?$|(?:^|\.)(?:get_table_names|getTables|inspect)$/,
    'read',
  ),
  rule(
    /(?:^|\.)(?:read_csv|read_excel|read_json|DictReader|readtable|fromCSV|csvtojson)$|^csv\.reader$|(?:^|\.)Papa\.parse$|^csv$|^csvParser$/,
    'read-file',
  ),
  rule(
    /(?:^|\.)(?:to_csv|to_json|to_excel|to_parquet|DictWriter|createObjectCsvWriter|fputcsv)$|^csv\.writer$|(?:^|\.)Papa\.unparse$|^json\.dump$/,
    'write-file',
  ),
  {
    name: /(?:^|\.)(?:readFile|readFileSync|createReadStream|json\.load|file_get_contents|loadtxt|fopen|open)$/,
    act: ({ names, call }) =>
      !names(TEXT_FILE) ? undefined : isWriting(call) ? { does: 'write-file' } : { does: 'read-file' },
  },
  {
    name: /(?:^|\.)(?:writeFile|writeFileSync|createWriteStream|write_text|file_put_contents)$/,
    act: ({ names }) => (names(TEXT_FILE) ? { does: 'write-file' } : undefined),
  },
  rule(
    /^(?:requests|httpx|axios|ky|got|http|https|aiohttp|http_client|httpClient)\.(?:get|post|request|put)$|^(?:fetch|axios|got|ky|urlopen)$|(?:^|\.)(?:urlopen|feedparser\.parse|curl_exec)$/,
    'fetch',
  ),
  rule(
    /(?:^|\.)(?:listen|serve_forever|run_polling|run_forever|infinity_polling|start_polling)$|^(?:app|application|socketio|bot|client|server|mcp|demo|dp)\.(?:run|launch|start)$|^(?:uvicorn|waitress|hypercorn|web)\.(?:run|serve|run_app)$|(?:^|\.)execute_from_command_line$|^Deno\.serve$|^Bun\.serve$/,
    'serve',
  ),
  rule(
    /^(?:print|pprint|echo|printf|print_r|var_dump|click\.echo|typer\.echo|logger\.info|logging\.info)$|^console\.(?:log|table|info|error|warn)$|(?:^|\.)(?:sys\.exit|process\.exit|stdout\.write)$/,
    'say',
  ),
  rule(/^(?:fake|faker|Faker)\.\w|(?:^|\.)faker\.\w+\.\w+$/, 'seed'),
];

/** Programs that are started from code. */
const RUNS =
  /(?:^|\.)(?:run|call|check_call|check_output|Popen|system|popen|exec|execSync|execFile|execFileSync|spawn|spawnSync|execa|shell_exec|passthru|\$)$/;

export function callAct(place: CallPlace): Act | undefined {
  const { name, line, call } = place;
  if (RUNS.test(name)) {
    const words = wordsOf(call);
    const act = words.length === 0 ? undefined : commandAct(words, line);
    if (act !== undefined) return act;
  }
  for (const one of RULES) {
    const does = one.name.test(name) ? one.act(place) : undefined;
    if (does === undefined) continue;
    const named = does.does === 'wipe' || does.does === 'copy' ? place.stores[0] : undefined;
    return {
      ...does,
      line,
      text: `${name.slice(-60)}(${named === undefined || named.includes('://') ? '' : `"${named}"`})`,
    };
  }
  return undefined;
}

function isFileCall(name: string): boolean {
  return /^(?:os|fs|shutil|fsp|fse|fsPromises|fs\.promises|promises|path|Path\(\)|File|Storage)\.|^(?:unlink|unlinkSync|rmSync|rmtree|rimraf|removeSync|emptyDirSync|rmdir)$|\.unlink$/.test(
    name,
  );
}

/** `["npx", "prisma", "migrate", "reset"]`, `"npx prisma migrate reset"`, `("npx", ["prisma", …])`. */
function wordsOf(call: Call): readonly string[] {
  const words: string[] = [];
  for (const arg of call.args.slice(0, 2)) {
    for (const item of arg.k === 'list' ? arg.items : [arg]) {
      const text = textOf(item);
      if (text !== undefined) words.push(...(arg.k === 'list' ? [text] : text.trim().split(/\s+/)));
      else if (arg.k === 'list') words.push('?');
    }
  }
  return words;
}

/** A text; a template with its holes as `x`. */
function textOf(expr: Expr): string | undefined {
  if (expr.k === 'text') return expr.v;
  if (expr.k !== 'concat') return undefined;
  return expr.parts.map((part) => (part.k === 'text' ? part.v : 'x')).join('');
}

function entry(expr: Expr, key: string): Expr | undefined {
  if (expr.k !== 'map') return undefined;
  return expr.entries.find(([name]) => (name.k === 'text' || name.k === 'name') && name.v === key)?.[1];
}

function isTrue(expr: Expr | undefined): boolean {
  return expr?.k === 'bool' && expr.v;
}

/** `deleteMany()`, `deleteMany({})`, `deleteMany({ where: {} })`. */
function isUnfiltered({ args }: Call): boolean {
  const [filter] = args;
  if (filter === undefined) return true;
  if (filter.k !== 'map') return false;
  const where = entry(filter, 'where');
  return filter.entries.length === 0 || (where?.k === 'map' && where.entries.length === 0);
}

/** `open(path, "w")`. */
function isWriting({ args, named }: Call): boolean {
  const mode = named?.mode ?? args[1];
  return mode?.k === 'text' && /^[wax]/.test(mode.v);
}

/** Texts that name a store in `expr`; names are looked up among the file's own assignments, a few steps deep. */
export function textsIn(
  expr: Expr,
  valuesOf: (name: string) => readonly Expr[],
): { readonly texts: readonly string[]; readonly namesUsed: readonly string[] } {
  const texts: string[] = [];
  const names = new Set<string>();
  let queue: readonly Expr[] = [expr];
  for (let depth = 0; depth < 4 && queue.length > 0 && texts.length < 50; depth++) {
    const next: Expr[] = [];
    for (const one of queue) {
      walkExpr(one, (part) => {
        if (part.k === 'text') texts.push(part.v);
        else if (part.k === 'name' || part.k === 'member') {
          const name = part.k === 'name' ? part.v : dottedName(part);
          if (names.has(name) || names.size > 50) return;
          names.add(name);
          next.push(...valuesOf(name));
        }
      });
    }
    queue = next;
  }
  return { texts, namesUsed: [...names] };
}

const STORE_FILE = /\.(?:db|db3|sqlite|sqlite3|s3db|duckdb|mdb)$/i;

/** A file that is a store; `file:` alone is none. */
export function isStoreText(text: string): boolean {
  return mayNameStore(text) && STORE_FILE.test(text.replace(/\?.*$/, ''));
}

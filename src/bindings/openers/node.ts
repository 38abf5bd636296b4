/** Calls of Node libraries that open a store. */
import { callsOf } from '../../code/calls.ts';
import type { Reading } from '../libraries/library.ts';
import { prismaSource } from '../settings.ts';
import { asSymbol, type Value } from '../value.ts';
import { byUrl, copied, literal, type Opened, type Opener, option, server, sqliteFile, textFile } from './opener.ts';

const SQLITE_CLIENT = /^(?:better-)?sqlite3?$|^libsql$|^sqljs$|^expo$|^cordova$/;

/** `{ client: 'sqlite3', connection: { filename } }`, `{ type: 'sqlite', database }`, `{ dialect: 'sqlite', storage }`. */
function byOptions(options: Value | undefined): Opened | undefined {
  if (options?.v !== 'map') return undefined;
  const kind =
    literal(option(options, 'client')) ?? literal(option(options, 'type')) ?? literal(option(options, 'dialect'));
  const connection = option(options, 'connection');
  if (kind !== undefined && SQLITE_CLIENT.test(kind)) {
    const file =
      option(connection, 'filename') ??
      option(options, 'storage') ??
      option(options, 'database') ??
      option(options, 'filename') ??
      (connection?.v === 'map' ? undefined : connection);
    return { engine: 'sqlite', form: 'path', target: file === undefined ? undefined : asSymbol(file), creates: true };
  }
  const url =
    option(options, 'url') ??
    option(options, 'connectionString') ??
    (connection?.v === 'symbol' ? connection : option(connection, 'connectionString'));
  if (url !== undefined) return { engine: kind ?? 'url', form: 'url', target: asSymbol(url), creates: true };
  if (kind === undefined) return undefined;
  const from = connection?.v === 'map' ? connection : options;
  const host = option(from, 'host');
  const database = option(from, 'database');
  const engine = /^(?:pg|postgres)/.test(kind) ? 'postgresql' : kind;
  return {
    engine,
    form: 'url',
    target: {
      s: 'apply',
      op: 'concat',
      of: [
        { s: 'text', v: `${engine}://` },
        host === undefined ? { s: 'text', v: 'localhost' } : asSymbol(host),
        { s: 'text', v: '/' },
        database === undefined ? { s: 'text', v: '' } : asSymbol(database),
      ],
    },
    creates: false,
  };
}

const optionsOrUrl: Opener['open'] = (reading) => {
  const first = exportedBy(reading, reading.arg(0));
  if (first?.v === 'map') return changedLater(reading, byOptions(first));
  if (first?.v === 'either') return byOneOf(first);
  if (first?.v === 'symbol') {
    const second = byOptions(reading.arg(1) ?? reading.arg(3));
    return second?.engine === 'sqlite' && second.target !== undefined
      ? second
      : { engine: 'url', form: 'url', target: first.symbol, creates: true };
  }
  // `new Sequelize(name, user, password, { dialect, storage })`.
  return (
    byOptions(reading.arg(3)) ??
    (first === undefined ? undefined : { engine: 'url', form: 'url', target: undefined, creates: true })
  );
};

/** Of `knex(require('./knexfile'))` what that file exports. */
const exportedBy = ({ evaluator }: Reading, value: Value | undefined): Value | undefined =>
  value?.v === 'module' ? evaluator.exported(value.file, 'default') : value;

/** Of several settings those of one engine: its first decides which. */
function byOneOf(settings: Value & { v: 'either' }): Opened | undefined {
  const each = settings.of.flatMap(({ value, when }) => {
    const opened = byOptions(value);
    return opened?.target === undefined ? [] : [{ opened, target: opened.target, when }];
  });
  const first = each[0]?.opened;
  if (first === undefined) return { engine: 'url', form: 'url', target: undefined, creates: true };
  const same = each.filter(({ opened }) => opened.form === first.form);
  return { ...first, target: { s: 'either', of: same.map(({ target, when }) => ({ value: target, when })) } };
}

/** `Object.assign(options, …)` where they were written: they are what stands there in one case only. */
function changedLater(reading: Reading, opened: Opened | undefined): Opened | undefined {
  const [given] = reading.call.args;
  if (opened?.target === undefined || given?.k !== 'name') return opened;
  for (const { file, name } of writtenIn(reading, given.v)) {
    const change = callsOf(reading.evaluator.program.facts(file)).find(
      ({ call: { fn, args } }) =>
        fn.k === 'member' &&
        fn.v === 'assign' &&
        fn.of.k === 'name' &&
        fn.of.v === 'Object' &&
        args[0]?.k === 'name' &&
        args[0].v === name,
    );
    if (change === undefined) continue;
    const when = `${file}:${change.call.at[2]} changes nothing about it`;
    return { ...opened, target: { s: 'either', of: [{ value: opened.target, when }] } };
  }
  return opened;
}

/** The file itself, and the one that it takes the name from. */
function writtenIn({ at, evaluator: { program } }: Reading, name: string): { file: string; name: string }[] {
  const found = [{ file: at.file, name }];
  for (const fact of program.facts(at.file).imports) {
    const taken = fact.names.find(({ as }) => as === name);
    const file = taken && program.resolverOf(at.file)?.resolve(at.file, fact).file;
    if (taken !== undefined && file !== undefined && program.has(file)) found.push({ file, name: taken.name });
  }
  return found;
}

export const NODE_OPENERS: readonly Opener[] = [
  {
    names: [
      'better-sqlite3',
      'node:sqlite.DatabaseSync',
      'sqlite3.Database',
      'sqlite3.verbose().Database',
      // `const sqlite3 = require('sqlite3').verbose()`: what is taken of the module is known, not that it is called.
      'sqlite3.verbose.Database',
      'sqlite3.cached.Database',
      '@photostructure/sqlite.DatabaseSync',
      'bun:sqlite.Database',
      'bun:sqlite',
      'libsql',
      'better-sqlite3-multiple-ciphers',
      'expo-sqlite.openDatabase',
      'expo-sqlite.openDatabaseSync',
    ],
    open: (reading) => {
      const given = reading.arg(0);
      if (given === undefined)
        return { engine: 'sqlite', form: 'path', target: { s: 'text', v: ':memory:' }, creates: true };
      const mustExist = option(reading.arg(1), 'fileMustExist') ?? option(reading.arg(1), 'readonly');
      const exists = mustExist?.v === 'bool' && mustExist.b;
      return { ...(sqliteFile('filename')(reading) as Opened), creates: !exists };
    },
  },
  {
    names: ['sqlite.open'],
    open: (reading) => {
      const file = option(reading.arg(0), 'filename') ?? reading.arg(0);
      return { engine: 'sqlite', form: 'path', target: file === undefined ? undefined : asSymbol(file), creates: true };
    },
  },
  {
    names: ['@libsql/client.createClient', '@libsql/client/node.createClient', '@libsql/client/web.createClient'],
    open: (reading) => {
      const url = option(reading.arg(0), 'url');
      return { engine: 'url', form: 'url', target: url === undefined ? undefined : asSymbol(url), creates: true };
    },
  },
  { names: ['knex', 'knex.knex', 'knex.default'], open: optionsOrUrl },
  { names: ['sequelize.Sequelize', 'sequelize', 'sequelize-typescript.Sequelize'], open: optionsOrUrl },
  {
    names: [
      'typeorm.DataSource',
      'typeorm.createConnection',
      'typeorm.Connection',
      '@nestjs/typeorm.TypeOrmModule.forRoot',
    ],
    open: optionsOrUrl,
  },
  { names: ['@mikro-orm/core.MikroORM.init'], open: optionsOrUrl },
  {
    names: ['@prisma/client.PrismaClient', '@prisma/client/edge.PrismaClient'],
    rule: 'PrismaClient (prisma)',
    open: (reading) => {
      const options = reading.arg(0);
      // It works on what its adapter opens.
      if (option(options, 'adapter') !== undefined) return undefined;
      const sources = option(options, 'datasources');
      const [source] = sources?.v === 'map' ? sources.entries.values() : [];
      const url = option(options, 'datasourceUrl') ?? option(source, 'url');
      if (url !== undefined) return { engine: 'url', form: 'url', target: asSymbol(url), creates: true };
      const schema = prismaSource(reading.evaluator, reading.at.file);
      if (schema === undefined) return undefined;
      const { engine, form, target, creates, base } = schema;
      return { engine, form, target, creates, ...(base === undefined ? {} : { base }) };
    },
  },
  {
    names: [
      'drizzle-orm/better-sqlite3.drizzle',
      'drizzle-orm/libsql.drizzle',
      'drizzle-orm/node-postgres.drizzle',
      'drizzle-orm/postgres-js.drizzle',
      'drizzle-orm/mysql2.drizzle',
    ],
    open: (reading) => {
      const first = reading.arg(0);
      if (first?.v !== 'symbol' && first?.v !== 'map') return undefined;
      const url =
        first.v === 'symbol'
          ? first
          : (option(first, 'connection', 'url') ??
            option(first, 'connection', 'source') ??
            option(first, 'connection'));
      if (url === undefined || url.v !== 'symbol') return undefined;
      return { engine: 'url', form: 'url', target: url.symbol, creates: true };
    },
  },
  {
    names: ['drizzle-kit.defineConfig'],
    open: (reading) => byOptions(option(reading.arg(0), 'dbCredentials')) ?? fromCredentials(reading.arg(0)),
  },
  {
    names: [
      'pg.Pool',
      'pg.Client',
      'pg.default.Pool',
      'pg.native.Pool',
      'postgres',
      '@vercel/postgres.createPool',
      '@neondatabase/serverless.neon',
      '@neondatabase/serverless.Pool',
      'slonik.createPool',
      'pg-promise()',
    ],
    open: server('postgresql'),
  },
  {
    names: [
      'mysql.createConnection',
      'mysql.createPool',
      'mysql2.createConnection',
      'mysql2.createPool',
      'mysql2/promise.createConnection',
      'mysql2/promise.createPool',
      'mariadb.createPool',
      'mariadb.createConnection',
    ],
    open: server('mysql'),
  },
  {
    names: ['mongoose.connect', 'mongoose.createConnection', 'mongodb.MongoClient', 'mongodb.MongoClient.connect'],
    open: server('mongodb'),
  },
  { names: ['ioredis', 'ioredis.Redis', 'redis.createClient'], open: server('redis') },
  {
    names: [
      'lowdb/node.JSONFile',
      'lowdb/node.JSONFileSync',
      'lowdb/node.JSONFilePreset',
      'lowdb/adapters/FileSync',
      'lowdb.JSONFile',
    ],
    open: textFile(0, undefined, 'write'),
  },
  {
    names: [
      'fs.copyFileSync',
      'fs.copyFile',
      'fs.promises.copyFile',
      'fs/promises.copyFile',
      'fs-extra.copyFile',
      'fs-extra.copyFileSync',
      'fs-extra.copy',
      'fs-extra.copySync',
    ],
    rule: 'copy',
    open: textFile(0, undefined, 'read'),
    also: copied('node-join'),
  },
  {
    names: [
      'fs.readFileSync',
      'fs.readFile',
      'fs.createReadStream',
      'fs/promises.readFile',
      'fs.promises.readFile',
      'fs-extra.readJson',
      'fs-extra.readJsonSync',
      'fs-extra.readFileSync',
      'fs-extra.readFile',
      'Bun.file',
      'Deno.readTextFile',
    ],
    rule: 'readFile',
    open: textFile(0, undefined, 'read'),
  },
  {
    names: [
      'fs.writeFileSync',
      'fs.writeFile',
      'fs.appendFileSync',
      'fs.appendFile',
      'fs.createWriteStream',
      'fs/promises.writeFile',
      'fs/promises.appendFile',
      'fs.promises.writeFile',
      'fs.promises.appendFile',
      'fs-extra.writeJson',
      'fs-extra.writeJsonSync',
      'fs-extra.outputFile',
      'fs-extra.writeFile',
      'fs-extra.writeFileSync',
      'Bun.write',
      'Deno.writeTextFile',
    ],
    rule: 'writeFile',
    open: textFile(0, undefined, 'write'),
  },
  {
    names: ['kysely.SqliteDialect'],
    open: (reading) => {
      const database = option(reading.arg(0), 'database');
      return database?.v === 'symbol'
        ? { engine: 'sqlite', form: 'path', target: database.symbol, creates: true }
        : undefined;
    },
  },
  { names: ['databases.connect'], open: byUrl('url') },
];

/** drizzle.config: `{ dialect: 'sqlite', dbCredentials: { url } }`. */
function fromCredentials(options: Value | undefined): Opened | undefined {
  const url = option(options, 'dbCredentials', 'url') ?? option(options, 'dbCredentials', 'connectionString');
  if (url === undefined) return undefined;
  const sqlite = /sqlite|turso|libsql/.test(
    literal(option(options, 'dialect')) ?? literal(option(options, 'driver')) ?? '',
  );
  return { engine: sqlite ? 'sqlite' : 'url', form: sqlite ? 'path' : 'url', target: asSymbol(url), creates: true };
}

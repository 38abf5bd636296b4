/** Calls of Python libraries that open a store. */
import { asSymbol } from '../value.ts';
import { byUrl, copied, literal, type Opener, server, sqliteFile, symbolOfArgument, textFile } from './opener.ts';

const CREATE_ENGINE: Opener['open'] = byUrl('url');

/** `open(path, mode)`: the first letter tells. */
const openFile =
  (index: number): Opener['open'] =>
  (reading) => {
    const path = index < 0 ? reading.self : reading.arg(0, 'file');
    if (path === undefined || (path.v !== 'symbol' && path.v !== 'either')) return undefined;
    const mode = literal(reading.arg(index + 1, 'mode')) ?? 'r';
    const access = mode.includes('+') ? 'read-write' : /[wax]/.test(mode) ? 'write' : 'read';
    return { engine: 'file', form: 'path', target: asSymbol(path), access, creates: access !== 'read', whole: true };
  };

const ofSelf =
  (access: 'read' | 'write'): Opener['open'] =>
  (reading) =>
    reading.self?.v === 'symbol' && reading.self.path === 'pathlib'
      ? { engine: 'file', form: 'path', target: reading.self.symbol, access, creates: access === 'write', whole: true }
      : undefined;

export const PYTHON_OPENERS: readonly Opener[] = [
  {
    names: ['sqlite3.connect', 'sqlite3.dbapi2.connect', 'aiosqlite.connect', 'pysqlite3.connect', 'apsw.Connection'],
    open(reading) {
      const target = symbolOfArgument(reading.arg(0, 'database') ?? reading.arg(-1, 'filename'));
      const uri = reading.arg(-1, 'uri');
      return {
        engine: 'sqlite',
        form: uri?.v === 'bool' && uri.b ? 'sqlite-uri' : 'path',
        target,
        creates: true,
      };
    },
  },
  { names: ['sqlite_utils.Database', 'sqlite_utils.db.Database'], open: sqliteFile('filename_or_conn') },
  { names: ['peewee.SqliteDatabase', 'playhouse.sqlite_ext.SqliteExtDatabase'], open: sqliteFile('database') },
  { names: ['pysqlcipher3.dbapi2.connect', 'sqlcipher3.connect'], open: sqliteFile('database') },
  {
    names: [
      'sqlalchemy.create_engine',
      'sqlalchemy.engine.create_engine',
      'sqlalchemy.ext.asyncio.create_async_engine',
      'sqlmodel.create_engine',
      'databases.Database',
      'dataset.connect',
      'playhouse.db_url.connect',
      'gino.Gino',
      'ormar.DatabaseConnection',
      'records.Database',
    ],
    open: CREATE_ENGINE,
  },
  {
    names: ['tortoise.Tortoise.init', 'tortoise.contrib.fastapi.register_tortoise'],
    open: byUrl('db_url', 1),
  },
  {
    names: ['dj_database_url.config'],
    open: (reading) => {
      const fallback = reading.arg(0, 'default');
      const variable = {
        s: 'env' as const,
        name: literal(reading.arg(-1, 'env')) ?? 'DATABASE_URL',
        source: reading.source,
      };
      return {
        engine: 'url',
        form: 'url',
        target: fallback === undefined ? variable : { s: 'or', a: variable, b: asSymbol(fallback) },
        creates: true,
      };
    },
  },
  { names: ['dj_database_url.parse'], open: byUrl('url') },
  {
    names: ['duckdb.connect'],
    open: (reading) => ({ ...(sqliteFile('database')(reading) as never as object), engine: 'duckdb' }) as never,
  },
  { names: ['tinydb.TinyDB'], open: textFile(0, 'path', 'write') },
  { names: ['shelve.open', 'dbm.open'], open: textFile(0, 'filename', 'write') },
  {
    names: [
      'psycopg2.connect',
      'psycopg.connect',
      'psycopg.AsyncConnection.connect',
      'psycopg.Connection.connect',
      'psycopg_pool.ConnectionPool',
      'psycopg_pool.AsyncConnectionPool',
      'asyncpg.connect',
      'asyncpg.create_pool',
      'pg8000.connect',
      'peewee.PostgresqlDatabase',
      'playhouse.pool.PooledPostgresqlDatabase',
      'aiopg.create_pool',
    ],
    open: server('postgresql'),
  },
  {
    names: ['psycopg2.pool.SimpleConnectionPool', 'psycopg2.pool.ThreadedConnectionPool'],
    open: (reading) =>
      server('postgresql')({ ...reading, arg: (index, name) => reading.arg(index < 0 ? index : index + 2, name) }),
  },
  {
    names: [
      'pymysql.connect',
      'MySQLdb.connect',
      'mysql.connector.connect',
      'aiomysql.create_pool',
      'aiomysql.connect',
      'mariadb.connect',
      'peewee.MySQLDatabase',
    ],
    open: server('mysql'),
  },
  { names: ['pymongo.MongoClient', 'motor.motor_asyncio.AsyncIOMotorClient'], open: server('mongodb') },
  {
    names: ['redis.Redis', 'redis.StrictRedis', 'redis.from_url', 'redis.Redis.from_url', 'redis.asyncio.from_url'],
    open: server('redis'),
  },
  {
    names: ['pandas.read_csv', 'pandas.read_json', 'polars.read_csv', 'csv.DictReader.open', 'numpy.genfromtxt'],
    open: textFile(0, 'filepath_or_buffer', 'read'),
  },
  { names: ['*.to_csv', '*.to_json', '*.write_csv'], rule: 'to_csv', open: textFile(0, 'path_or_buf', 'write') },
  { names: ['open', 'io.open', 'codecs.open', 'aiofiles.open', 'builtins.open'], rule: 'open', open: openFile(0) },
  {
    names: ['shutil.copy', 'shutil.copy2', 'shutil.copyfile', 'shutil.move'],
    rule: 'copy',
    open: textFile(0, 'src', 'read'),
    also: copied('python-join', 'dst'),
  },
  { names: ['text.open'], rule: 'open', open: openFile(-1) },
  { names: ['text.read_text', 'text.read_bytes'], rule: 'open', open: ofSelf('read') },
  { names: ['text.write_text', 'text.write_bytes'], rule: 'open', open: ofSelf('write') },
];

import { describe, expect, it } from 'vitest';
import { repeatedConnectionModule } from '../../src/audit/detectors/repeated-connection-module.ts';
import { facts, store, table } from '../builders/facts.ts';
import { readCode } from '../builders/read-code.ts';

const PACKAGE = '{ "name": "kiosk", "scripts": { "start": "node src/server.js" } }';
const POOL = `import pg from 'pg';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
export function getPool() { return pool; }
export async function query(text) { return pool.query(text); }
export async function close() { await pool.end(); }
`;
const SECOND = `import pg from 'pg';
let pool = null;
export async function query(text) { pool ??= new pg.Pool({ connectionString: process.env.DATABASE_URL }); return pool.query(text); }
export function db() { pool ??= new pg.Pool({ connectionString: process.env.DATABASE_URL }); return pool; }
`;
const SERVER = `import { getPool } from './db/pool.js';
import { db } from './lib/database.js';
getPool(); db().query('SELECT 1');
`;

const detect = async (texts: Readonly<Record<string, string>>, stores: readonly string[] = []) =>
  repeatedConnectionModule.detect(
    facts(
      stores.map((path) => store(path, [table('users', 3)])),
      [],
      { code: await readCode(texts, stores) },
    ),
  );

describe('repeated-connection-module', () => {
  it('C6, C8: reports two modules of one server, what only one has, and who would miss it', async () => {
    const found = await detect({
      'package.json': PACKAGE,
      'src/db/pool.js': POOL,
      'src/lib/database.js': SECOND,
      'src/server.js': SERVER,
    });
    expect(found).toMatchObject([
      {
        severity: 'high',
        message: 'src/db/pool.js and src/lib/database.js each make connections to postgresql (DATABASE_URL).',
      },
    ]);
    const evidence = found[0]?.evidence ?? [];
    expect(evidence).toContain(
      'src/db/pool.js would be the one to keep: reached from an entry point, 3 of 4 members, no stub, 1 importer',
    );
    expect(evidence).toContain('only src/lib/database.js has db');
    expect(evidence).toContain('src/server.js uses db, which src/db/pool.js lacks');
  });

  it('C8: says where a member is async in one and not in the other', async () => {
    const sync = POOL.replace('export async function query', 'export function query');
    const [found] = await detect({
      'package.json': PACKAGE,
      'src/db/pool.js': sync,
      'src/lib/database.js': SECOND,
      'src/server.js': SERVER.replace('{ db }', '{ db, query }'),
    });
    expect(found?.evidence).toContain('query: async function in src/lib/database.js, function in src/db/pool.js');
    expect(found?.evidence).toContain('src/server.js uses query, which is of another kind in src/db/pool.js');
  });

  it('C5: is silent about modules of one name that open different stores', async () => {
    const python = (name: string): string =>
      `import os, sqlite3\nPATH = os.path.join(os.path.dirname(__file__), "${name}")\ndef get_db():\n    return sqlite3.connect(PATH)\n`;
    const texts = {
      'shop/db.py': python('shop.db'),
      'mail/db.py': python('mail.db'),
      'app.py': 'from shop.db import get_db\nfrom mail.db import get_db as mail\nget_db()\nmail()\n',
    };
    expect(await detect(texts, ['shop/shop.db', 'mail/mail.db'])).toEqual([]);
    // The near miss is one: with one store for both it is reported.
    const one = { ...texts, 'mail/db.py': python('../shop/shop.db') };
    expect(await detect(one, ['shop/shop.db'])).toMatchObject([{ stores: ['shop/shop.db'], confidence: 'proven' }]);
  });

  it('is silent about programs that open the store for themselves, and about tests', async () => {
    const script = `import sqlite3\nconn = sqlite3.connect("data/app.db")\ndef main():\n    conn.execute("SELECT 1")\nif __name__ == "__main__":\n    main()\n`;
    const module = `import sqlite3\ndef connect():\n    return sqlite3.connect("data/app.db")\n`;
    const texts = {
      'db.py': module,
      'main.py': 'from db import connect\nconnect()\n',
      'fix_users.py': script,
      'tests/db.py': module,
      'tests/test_a.py': 'from tests.db import connect\n',
    };
    expect(await detect(texts, ['data/app.db'])).toEqual([]);
  });

  it('knows a pool that is kept across reloads, and a class that hands one out', async () => {
    const kept = POOL.replace('new pg.Pool', 'globalThis.pool ?? new pg.Pool');
    const handed = `import pg from 'pg';
export class Store {
  constructor() { this.pool = new pg.Pool({ connectionString: process.env.DATABASE_URL }); }
  connection() { return this.pool; }
}
`;
    const [found] = await detect({
      'package.json': PACKAGE,
      'src/db/pool.js': kept,
      'src/lib/database.js': handed,
      'src/server.js': SERVER.replace('{ db }', '{ Store }').replace('db().query', 'new Store().connection().query'),
    });
    expect(found?.evidence.filter((line) => line.includes(' gives '))).toEqual([
      'src/db/pool.js gives getPool: 1 importer',
      'src/lib/database.js gives Store: 1 importer',
    ]);
  });

  it('counts importers through a barrel', async () => {
    const [found] = await detect({
      'package.json': PACKAGE,
      'src/db/pool.js': POOL,
      'src/db/index.js': `export { getPool as pool } from './pool.js';\n`,
      'src/lib/database.js': SECOND,
      'src/server.js': `import { pool } from './db/index.js';\nimport { db } from './lib/database.js';\npool(); db();\n`,
    });
    expect(found?.evidence[0]).toMatch(/^src\/db\/pool\.js gives getPool: 1 importer$/);
  });
});

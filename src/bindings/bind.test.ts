/** From lines that open stores to bindings: what a driver can open, which guess wins, what is said of what nobody knows. */
import { describe, expect, it } from 'vitest';
import { bindingsOf, said } from '../../test/builders/program-bindings.ts';
import type { Binding } from './model.ts';

describe('C4: a driver of a server opens no file', () => {
  const dotenv = 'DATABASE_URL=sqlite:///app.db\n';
  const script = (open: string): string =>
    `import os, dotenv, psycopg2, asyncpg, sqlalchemy\nU = os.environ['DATABASE_URL']\n${open}\n`;

  it.each([
    ['psycopg2.connect(U)', ['unknown unknown a driver of postgresql cannot open sqlite:///app.db']],
    ['psycopg2.connect(dsn=U)', ['unknown unknown a driver of postgresql cannot open sqlite:///app.db']],
    // What reads the scheme opens what it says.
    ['sqlalchemy.create_engine(U)', ['likely store']],
  ])('%s', async (open, expected) => {
    const found = await bindingsOf({ 'app.py': script(open), '.env': dotenv }, ['app.db']);
    expect(found.map((one) => said(one))).toEqual(expected);
  });

  it.each([
    ['"postgresql://u:geheim@db/shop"', 'proven server postgresql://***@db/shop'],
    ['"dbname=shop user=u password=geheim host=db"', 'proven server dbname=shop user=*** password=*** host=db'],
    [`"host=db password='ge heim' dbname=shop"`, 'proven server host=db password=*** dbname=shop'],
    ['"shop"', 'proven server shop'],
    ['"<your connection string>"', 'unknown unknown <your connection string> is no address of a server'],
    ['"put the address here"', 'unknown unknown put the address here is no address of a server'],
    ['"file:shop.db"', 'unknown unknown a driver of postgresql cannot open file:shop.db'],
  ])('psycopg2.connect(%s)', async (text, expected) => {
    const found = await bindingsOf({ 'app.py': `import psycopg2\npsycopg2.connect(${text})\n` });
    expect(found.map(said)).toEqual([expected]);
  });
});

describe('C5: what stands in the place of an address is no path', () => {
  const schema = (provider: string): string =>
    `datasource db {\n  provider = "${provider}"\n  url = env("DATABASE_URL")\n}\n`;

  it.each([
    // The variable alone says more.
    ['postgresql', '<connection string>', 'server'],
    ['postgresql', 'file:./dev.db', 'server'],
    ['sqlite', '<connection string>', 'unknown'],
    ['sqlite', 'file:./dev.db', 'runtime'],
    ['postgresql', 'postgresql://h/d', 'server'],
  ])('%s %s', async (provider, url, kind) => {
    const found = await bindingsOf({
      'prisma/schema.prisma': schema(provider),
      '.env.example': `DATABASE_URL="${url}"\n`,
    });
    expect(found.map(({ target }) => target.kind)).toEqual([kind]);
    expect(found.map((one) => said(one)).join()).not.toContain('<');
  });
});

describe('of several guesses', () => {
  const php = {
    'web/endpoints/a/page.php': "<?php include '../../includes/db.php';\n",
    'web/includes/db.php': "<?php\n$db = new SQLite3('../../db/x.db');\n",
  };

  it('C6: the folder of the page that is asked for wins over one that leads outside', async () => {
    expect((await bindingsOf(php)).map(said)).toEqual(['likely runtime web/db/x.db']);
  });

  it('one that leads to a store wins', async () => {
    const found = await bindingsOf(php, ['web/endpoints/db/x.db', 'db/x.db']);
    expect(found.map(({ store }) => store)).not.toContain('web/endpoints/db/x.db');
    const [there] = await bindingsOf(php, ['web/db/x.db']);
    expect(there?.store).toBe('web/db/x.db');
  });

  it('one that stays in the project wins over the likelier folder', async () => {
    const found = await bindingsOf({
      'requirements.txt': 'flask\n',
      'tools/a.py': "import sqlite3\nsqlite3.connect('../x.db').execute('CREATE TABLE t (id)')\n",
    });
    expect(found.map(said)).toEqual(['likely runtime x.db']);
  });

  it('where all lead outside, the first is shown', async () => {
    const found = await bindingsOf({ 'a.py': "import sqlite3\nsqlite3.connect('../../x.db')\n" });
    expect(found.map(({ target, confidence }) => [target.kind, confidence])).toEqual([['outside', 'likely']]);
  });
});

describe('a variable that is not set', () => {
  const app = { 'app.ts': "import knex from 'knex';\nknex(process.env.DATABASE_URL);\n" };

  it('is asked for, and nothing is assumed beside an unknown answer', async () => {
    const [found] = await bindingsOf(app);
    expect(found).toMatchObject({
      target: { kind: 'unknown', why: 'DATABASE_URL is set nowhere in this project; set it in .env to see' },
      assumes: [],
      changesIf: ['DATABASE_URL is set'],
    });
  });

  it('is not set nowhere where something else sets it', async () => {
    const compose = 'services:\n  other:\n    image: x\n    environment: { DATABASE_URL: "postgresql://db/app" }\n';
    const [found] = await bindingsOf({ ...app, 'compose.yml': compose });
    expect(found?.target).toMatchObject({
      why: 'DATABASE_URL is set elsewhere only (compose.yml:4); set it in .env to see',
    });
    expect(found?.evidence).toContainEqual(expect.objectContaining({ path: 'compose.yml', line: 4 }));
  });

  it('is assumed not to be where a default answers', async () => {
    const text = "import knex from 'knex';\nknex(process.env.DATABASE_URL ?? 'postgresql://h/d');\n";
    const [found] = await bindingsOf({ 'app.ts': text });
    expect(found).toMatchObject({ assumes: ['DATABASE_URL is not set'], context: 'wherever it is started' });
  });
});

it('a service that is given a file of variables which is not here proves no default', async () => {
  const texts = (more: string): Record<string, string> => ({
    'compose.yml': `services:\n  web:\n    build: .\n    env_file: web.env\n${more}`,
    Dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["node", "app.js"]\n',
    'app.js': "const knex = require('knex');\nknex(process.env.DATABASE_URL || 'postgresql://h/d');\n",
  });
  const inside = async (of: Readonly<Record<string, string>>): Promise<Binding | undefined> =>
    (await bindingsOf(of)).find(({ context }) => context.includes('service web'));
  const labels = (await bindingsOf(texts(''))).map(({ context, confidence }) => `${confidence} ${context}`);
  expect(labels).toEqual(['proven started from the project’s root', 'likely in docker compose (service web)']);
  const found = await inside(texts(''));
  expect(found?.confidence).toBe('likely');
  expect(found?.evidence).toContainEqual({ text: 'web.env, which may set it, is not in this project' });
  expect((await inside({ ...texts(''), 'web.env': 'OTHER=1\n' }))?.confidence).toBe('proven');
  expect((await inside(texts('    environment: { DATABASE_URL: "postgresql://db/x" }\n')))?.confidence).toBe('proven');
});

describe('a container that is only supposed to run a file', () => {
  it('proves nothing', async () => {
    const found = await bindingsOf({
      Dockerfile: 'FROM python:3.12\nWORKDIR /app\nENV DB=/data/x.db\nCOPY . .\n',
      'app.py': "import os, sqlite3\nsqlite3.connect(os.environ['DB'])\n",
    });
    const [inside] = found.filter(({ context }) => context.startsWith('in the container'));
    expect(inside).toMatchObject({
      target: { kind: 'outside', path: '/data/x.db' },
      confidence: 'likely',
      assumes: ['the container runs it, which nothing says'],
    });
  });
});

describe('an absent file that is only read', () => {
  const reader = (path: string): string =>
    `import sqlite3\nfrom pathlib import Path\nc = sqlite3.connect(Path(__file__).parent / '${path}')\nc.execute('SELECT id FROM users')\n`;
  const target = async (texts: Readonly<Record<string, string>>, file = 'read.py'): Promise<string[]> =>
    (await bindingsOf(texts)).filter(({ path }) => path === file).map(said);

  it('is missing: the line makes an empty one and fails', async () => {
    expect(await target({ 'read.py': reader('x.db') })).toEqual(['likely missing x.db']);
    expect(await target({ 'read.py': reader('x.db'), 'b.py': reader('x.db') })).toEqual(['likely missing x.db']);
  });

  it.each([
    [
      'another line makes its tables',
      { 'make.py': reader('x.db').replace(/SELECT.*users/, 'CREATE TABLE users (id)') },
    ],
    [
      'another line writes to it',
      { 'make.py': reader('x.db').replace(/SELECT.*users/, 'INSERT INTO users VALUES (1)') },
    ],
    ['another line does what cannot be read', { 'make.py': reader('x.db').replace(/c\.execute.*/, 'migrate(c)') }],
    ['it asks first', { 'read.py': `import os\nif os.path.exists('x.db'): pass\n${reader('x.db')}` }],
    ['a script of statements', { 'read.py': `${reader('x.db')}c.executescript(open('schema.sql').read())\n` }],
    [
      'only which columns there are',
      { 'read.py': reader('x.db').replace('SELECT id FROM users', 'PRAGMA table_info(users)') },
    ],
    ['only whether there are tables', { 'read.py': reader('x.db').replace('users', 'sqlite_master') }],
  ])('is made when it runs: %s', async (_, texts) => {
    expect(await target({ 'read.py': reader('x.db'), ...texts })).toEqual(['proven runtime x.db']);
  });

  it('in a test: it is made when it runs', async () => {
    expect(await target({ 'tests/test_a.py': reader('x.db') }, 'tests/test_a.py')).toEqual([
      'proven runtime tests/x.db',
    ]);
  });
});

it('a loop over files of which none is there yet opens each of them', async () => {
  const found = await bindingsOf({
    'merge.py': 'import sqlite3\nfor path in ["bot.db", "data/bot.db"]:\n    sqlite3.connect(path)\n',
  });
  expect(found.flatMap(({ target }) => ('path' in target ? [target.path] : []))).toEqual(['bot.db', 'data/bot.db']);
});

it('callers that leave a parameter to its default hide none that gives it', async () => {
  const callers = Object.fromEntries(
    Array.from({ length: 9 }, (_, n) => [`a${n}.py`, 'from db import connect\nconnect()\n']),
  );
  const found = await bindingsOf(
    {
      ...callers,
      'db.py': "import sqlite3\ndef connect(path='/srv/main.db'):\n    return sqlite3.connect(path)\n",
      'z.py': "from db import connect\nconnect('/srv/other.db')\n",
    },
    [],
  );
  expect(found.map(said).sort()).toEqual(['proven outside /srv/main.db', 'proven outside /srv/other.db']);
});

/** Calls as real projects write them: what they open, and lookalikes that open something else or nothing. */
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../../test/builders/program.ts';
import { openingsOf } from '../openings.ts';
import { type Situation, settle } from '../settle.ts';

const situation: Situation = {
  cwd: '/srv/project',
  home: '/home/someone',
  temp: '/tmp',
  variable: () => undefined,
  placeOf: (file) => `/srv/project/${file}`,
};

/** What each opening of `file` comes to, and in which case. */
async function opened(files: Readonly<Record<string, string>>, file: string): Promise<readonly string[]> {
  const { evaluator } = await buildProgram(files);
  return openingsOf(evaluator, file).openings.flatMap(({ target, when }) => {
    const values = target === undefined ? [{ value: '?' }] : settle(target, situation);
    return values.map(({ value }) => `${value}${when === undefined ? '' : ` (${when})`}`);
  });
}

describe('node', () => {
  it('takes require("sqlite3").verbose() for the module', async () => {
    const a = "const sqlite3 = require('sqlite3').verbose();\nnew sqlite3.Database('./a.db');";
    expect(await opened({ 'a.js': a }, 'a.js')).toEqual(['./a.db']);
    expect(await opened({ 'a.js': a.replaceAll('sqlite3', 'other') }, 'a.js')).toEqual([]);
  });

  const KNEXFILE = `module.exports = {
    development: { client: 'sqlite3', connection: { filename: 'dev.db' } },
    test: { client: 'sqlite3', connection: { filename: 'test.db' } },
    pool: 5,
  };`;
  it('takes what a file exports for the settings of knex, of every environment where that is computed', async () => {
    const flat = "module.exports = { client: 'sqlite3', connection: { filename: 'flat.db' } };";
    const whole = "const config = require('./knexfile'); const db = require('knex')(config);";
    expect(await opened({ 'knexfile.js': flat, 'db.js': whole }, 'db.js')).toEqual(['flat.db']);
    const computed = whole.replace('(config)', "(config[process.env.NODE_ENV || 'development'])");
    expect(await opened({ 'knexfile.js': KNEXFILE, 'db.js': computed }, 'db.js')).toEqual([
      'dev.db (db.js:1 takes development)',
      'test.db (db.js:1 takes test)',
    ]);
    const named = whole.replace('(config)', '(config.test)');
    expect(await opened({ 'knexfile.js': KNEXFILE, 'db.js': named }, 'db.js')).toEqual(['test.db']);
  });

  it('says of settings that are changed later that they hold only where they are not', async () => {
    const text = (change: string): string =>
      `import { DataSource } from 'typeorm';\nconst o = { type: 'sqlite', database: 'a.db' };\n${change}\nnew DataSource(o);`;
    expect(await opened({ 'a.ts': text("Object.assign(o, { database: 'b.db' });") }, 'a.ts')).toEqual([
      'a.db (a.ts:3 changes nothing about it)',
    ]);
    expect(await opened({ 'a.ts': text("Object.assign(p, { database: 'b.db' });") }, 'a.ts')).toEqual(['a.db']);
    const options = "export const o = { type: 'sqlite', database: 'a.db' };\nObject.assign(o, { database: 'b.db' });";
    const taken = "import { DataSource } from 'typeorm';\nimport { o as p } from './o';\nnew DataSource(p);";
    expect(await opened({ 'a.ts': taken, 'o.ts': options }, 'a.ts')).toEqual([
      'a.db (o.ts:2 changes nothing about it)',
    ]);
  });

  it('takes TypeOrmModule.forRoot() for an opening, and forFeature() for none', async () => {
    const text = (call: string): string =>
      `import { TypeOrmModule } from '@nestjs/typeorm';\nTypeOrmModule.${call}({ type: 'sqlite', database: 'n.db' });`;
    expect(await opened({ 'a.ts': text('forRoot') }, 'a.ts')).toEqual(['n.db']);
    expect(await opened({ 'a.ts': text('forFeature') }, 'a.ts')).toEqual([]);
  });
});

/** What is read and what is written. */
async function accessOf(file: string, text: string): Promise<readonly string[]> {
  const { evaluator } = await buildProgram({ [file]: text });
  return openingsOf(evaluator, file).openings.flatMap(({ target, access }) =>
    settle(target ?? { s: 'nothing' }, situation).map(({ value }) => `${access} ${value}`),
  );
}

describe('one call, two stores', () => {
  it('C8: what is copied is read, and where it goes is written', async () => {
    const py = (call: string) => accessOf('a.py', `import shutil, os\n${call}\n`);
    expect(await py('shutil.copy2("a.db", "b.db")')).toEqual(['read a.db', 'write b.db']);
    expect(await py('shutil.copy("a.db", dst="b.db")')).toEqual(['read a.db', 'write b.db']);
    expect(await py('shutil.copy2("data/a.db", "backup/")')).toEqual(['read data/a.db', 'write backup/a.db']);
    expect(await py('for p in ["a.db", "b.db"]:\n    shutil.copy2(p, p + ".bak")')).toEqual([
      'read a.db',
      'read b.db',
      'write a.db.bak',
      'write b.db.bak',
    ]);
    expect(await py('shutil.copytree("a", "b")\n{"a": 1}.copy()\nos.path.exists("a.db")')).toEqual([]);
    const js = (call: string) => accessOf('a.js', `const fs = require('fs');\n${call}\n`);
    expect(await js("fs.copyFileSync('a.db', 'b.db')")).toEqual(['read a.db', 'write b.db']);
    expect(await js("fs.readFileSync('a.db', 'utf8')")).toEqual(['read a.db']);
    const php = (call: string) => accessOf('a.php', `<?php\n${call}\n`);
    expect(await php("copy('a.db', __DIR__ . '/b.db');")).toEqual(['read a.db', 'write /srv/project/b.db']);
    expect(await php("$x->copy('a.db', 'b.db'); file_get_contents('c.csv', 'd.csv');")).toEqual(['read c.csv']);
  });
});

describe('pg-promise', () => {
  const urls = (text: string, more: Readonly<Record<string, string>> = {}) => opened({ 'a.js': text, ...more }, 'a.js');

  it('C7: opens what the function is called with that the module makes', async () => {
    const url = ['postgres://h/d'];
    expect(await urls("const pgp = require('pg-promise')();\nconst db = pgp('postgres://h/d');")).toEqual(url);
    expect(await urls("const db = require('pg-promise')()('postgres://h/d');")).toEqual(url);
    expect(await urls("import make from 'pg-promise';\nconst pgp = make({});\npgp('postgres://h/d');")).toEqual(url);
    // Another module, and the first call, which takes options.
    expect(await urls("const pgp = require('other')();\nconst db = pgp('postgres://h/d');")).toEqual([]);
    expect(await urls("const pgp = require('pg-promise')({ schema: 'x' });")).toEqual([]);
    const own = 'module.exports = () => (url) => url;\n';
    expect(await urls("const pgp = require('./own')();\npgp('postgres://h/d');", { 'own.js': own })).toEqual([]);
  });

  it('C7: a module of the project that is called at once is what its function gives', async () => {
    const make = "const Database = require('better-sqlite3');\nmodule.exports = (name) => new Database(name);\n";
    const { evaluator } = await buildProgram({
      'make.js': make,
      'a.js': "const db = require('./make')('a.db');\ndb.exec('DELETE FROM users');\n",
    });
    expect(openingsOf(evaluator, 'a.js').uses).toMatchObject([{ followed: true }]);
  });
});

describe('prisma', () => {
  const schema = (url: string): string =>
    `datasource db {\n  provider = "sqlite"\n  url = ${url}\n}\nmodel User {\n  id Int @id\n  @@map("people")\n}\n`;
  const CLIENT =
    "import { PrismaClient } from '@prisma/client';\nconst db = new PrismaClient();\ndb.user.findMany();\n";
  const texts = {
    'shop/prisma/schema.prisma': schema('"file:./shop.db"'),
    'kiosk/prisma/schema.prisma': schema('"file:./kiosk.db"'),
    'kiosk/src/db.ts': CLIENT,
  };

  it('takes a client for an opening of what the nearest schema names, and its calls for uses of its tables', async () => {
    expect(await opened(texts, 'kiosk/src/db.ts')).toEqual(['file:./kiosk.db']);
    const { evaluator } = await buildProgram(texts);
    const { openings, uses } = openingsOf(evaluator, 'kiosk/src/db.ts');
    expect(openings.map(({ base }) => base && settle(base, situation)[0]?.value)).toEqual([
      '/srv/project/kiosk/prisma',
    ]);
    expect(uses).toMatchObject([{ followed: true, uses: [{ table: 'people', access: 'read', line: 3 }] }]);
  });

  it('goes by an address that is given, and takes a class of the project for nothing', async () => {
    const given = CLIENT.replace('PrismaClient()', "PrismaClient({ datasources: { db: { url: 'file:./other.db' } } })");
    expect(await opened({ ...texts, 'kiosk/src/db.ts': given }, 'kiosk/src/db.ts')).toEqual(['file:./other.db']);
    const own = CLIENT.replace('@prisma/client', './client');
    const client = 'export class PrismaClient {}\n';
    expect(
      await opened({ ...texts, 'kiosk/src/db.ts': own, 'kiosk/src/client.ts': client }, 'kiosk/src/db.ts'),
    ).toEqual([]);
    expect(await opened({ 'db.ts': CLIENT }, 'db.ts')).toEqual([]);
  });
});

describe('python', () => {
  it('knows temporary files by their names', async () => {
    const text = (path: string): string => `import sqlite3, tempfile\nfrom pathlib import Path\n${path}`;
    const of = (path: string) => opened({ 'a.py': text(path) }, 'a.py');
    expect((await of('fd, path = tempfile.mkstemp()\nsqlite3.connect(path)'))[0]).toMatch(/^\/tmp\//);
    expect((await of('f = tempfile.NamedTemporaryFile()\nsqlite3.connect(f.name)'))[0]).toMatch(/^\/tmp\//);
    expect(await of('f = Path("data/a.db")\nsqlite3.connect(f.name)')).toEqual(['a.db']);
  });

  it('asks the settings of the application for app.config.get(), and takes its default where nobody sets it', async () => {
    const app = (key: string): string =>
      `import sqlite3\nfrom flask import current_app\nsqlite3.connect(current_app.config.get("${key}", "other.db"))`;
    const config = 'class Config:\n    SHOP_FILE = "shop.db"\n';
    expect(await opened({ 'app.py': app('SHOP_FILE'), 'config.py': config }, 'app.py')).toEqual(['shop.db']);
    expect(await opened({ 'app.py': app('ELSE_FILE'), 'config.py': config }, 'app.py')).toEqual(['other.db']);
  });
});

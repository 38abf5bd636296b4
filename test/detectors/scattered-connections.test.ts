import { expect, it } from 'vitest';
import { scatteredConnections } from '../../src/audit/detectors/scattered-connections.ts';
import { facts, store, table } from '../builders/facts.ts';
import { readCode } from '../builders/read-code.ts';

const OPENS =
  'import sqlite3\ndef rows():\n    return sqlite3.connect("data/app.db").execute("SELECT * FROM users").fetchall()\n';
const four = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`views/${name}.py`, OPENS]));

const detect = async (texts: Readonly<Record<string, string>>) =>
  scatteredConnections.detect(
    facts([store('data/app.db', [table('users', 3)])], [], { code: await readCode(texts, ['data/app.db']) }),
  );

it('reports four files that open one store by themselves, and the module that they should use', async () => {
  const module = 'import sqlite3\ndef connect():\n    return sqlite3.connect("data/app.db")\n';
  const found = await detect({ ...four, 'db.py': module, 'main.py': 'from db import connect\nconnect()\n' });
  expect(found).toMatchObject([{ message: '4 files open data/app.db by themselves.', stores: ['data/app.db'] }]);
  expect(found[0]?.at.map(({ path, line }) => `${path}:${line}`)).toEqual([
    'views/a.py:3',
    'views/b.py:3',
    'views/c.py:3',
    'views/d.py:3',
  ]);
  expect(found[0]?.evidence.at(-1)).toBe('db.py gives connections to it');
});

it('is silent about three, about tests and scripts, and about files that read a store as bytes', async () => {
  const { 'views/d.py': fourth = '', ...three } = four;
  expect(await detect(three)).toEqual([]);
  expect(await detect({ ...three, 'tests/test_d.py': fourth, 'scripts/d.py': fourth })).toEqual([]);
  expect(
    await detect({ ...three, 'views/d.py': 'def copy():\n    return open("data/app.db", "rb").read()\n' }),
  ).toEqual([]);
});

it('says of one and of several in words that fit', async () => {
  const [first] = await detect({ ...four, 'views/all.py': 'from views import b, c, d\n' });
  expect(first?.evidence).toContain('1 of them is a program of its own: nothing imports it');
  const [second] = await detect(four);
  expect(second?.evidence).toContain('4 of them are programs of their own: nothing imports them');
});

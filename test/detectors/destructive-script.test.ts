import { expect, it } from 'vitest';
import { destructiveScript } from '../../src/audit/detectors/destructive-script.ts';
import type { RoleFound } from '../../src/code/roles/model.ts';
import { rolesOf } from '../../src/code/roles/roles-of.ts';
import { facts, store, table } from '../builders/facts.ts';
import { readCode } from '../builders/read-code.ts';

/** `lines`: where something is removed. */
async function found(texts: Readonly<Record<string, string>>, path: string, ...lines: readonly number[]) {
  const evidence = lines.map((line) => ({ line, text: 'DELETE log without WHERE' }));
  const role: RoleFound = { role: 'reset', evidence, destructive: true, guards: [] };
  const code = { ...(await readCode(texts)), roles: new Map([[path, [role]]]) };
  return destructiveScript.detect(facts([], [], { code })).map(({ at }) => at.map(({ line }) => line));
}

const MODULE = `import sqlite3

def clear(conn):
    conn.execute("DELETE FROM log")

def show(conn):
    print(conn.execute("SELECT 1"))

if __name__ == "__main__":
    show(sqlite3.connect("a.db"))
`;

it('C18: a script that empties a table, by itself or through its functions', async () => {
  expect(await found({ 'wipe.py': MODULE }, 'wipe.py', 4)).toEqual([[4]]);
  const calls = MODULE.replace('    show(sqlite3', '    clear(sqlite3');
  expect(await found({ 'wipe.py': calls, 'app.py': 'import wipe\n' }, 'wipe.py', 4)).toEqual([[4]]);
  const through = MODULE.replace('    print(', '    clear(');
  expect(await found({ 'wipe.py': through, 'app.py': 'import wipe\n' }, 'wipe.py', 4)).toEqual([[4]]);
  expect(await found({ 'wipe.py': MODULE, 'app.py': 'import wipe\n' }, 'wipe.py', 10)).toEqual([[10]]);
});

it('C18: a module that only offers it to its importers is no script that does it', async () => {
  expect(await found({ 'wipe.py': MODULE, 'app.py': 'import wipe\n' }, 'wipe.py', 4)).toEqual([]);
  expect(await found({ 'wipe.py': MODULE, 'tests/test_wipe.py': 'import wipe\n' }, 'wipe.py', 4)).toEqual([[4]]);
});

/** With the roles that are really found. */
async function foundIn(texts: Readonly<Record<string, string>>, stores: readonly ReturnType<typeof store>[] = []) {
  const read = await readCode(
    texts,
    stores.map(({ path }) => path),
  );
  const roles = [...read.files].map(([path, file]) => [path, rolesOf(file, texts[path])] as const);
  const code = { ...read, roles: new Map(roles.filter(([, found]) => found.length > 0)) };
  return destructiveScript.detect(facts(stores, [], { code }));
}

it('C18: a store that is removed as a file is named, where it is there', async () => {
  const shop = store('data/shop.db');
  const sh = (line: string) => ({ 'scripts/clean.sh': `#!/bin/sh\n${line}\n` });
  const hit = [{ severity: 'high', stores: ['data/shop.db'], at: [{ path: 'scripts/clean.sh', line: 2 }] }];
  for (const line of [
    'rm -f data/shop.db',
    'cd scripts && sudo rm ../data/shop.db-wal',
    'rm -f data/*.db',
    'rm "$ROOT/data/shop.db"',
  ])
    expect(await foundIn(sh(line), [shop])).toMatchObject(hit);
  for (const line of ['rm -f data/other.db', 'rm -f /srv/data/shop.db', 'rm "$ROOT/shop_old.db"'])
    expect(await foundIn(sh(line), [shop])).toMatchObject([{ severity: 'medium', stores: [] }]);
  expect(await foundIn({ 'wipe.py': "import os\n\nos.remove('data/shop.db')\n" }, [shop])).toMatchObject([
    { severity: 'high', stores: ['data/shop.db'] },
  ]);
});

it('C18: a table that the script makes to try something is none of the project’s', async () => {
  const probe = (name: string) =>
    `const { Pool } = require('pg');\nconst pool = new Pool();\nasync function main() {\n  await pool.query('CREATE TABLE ${name} (id INT)');\n  await pool.query('DROP TABLE ${name}');\n}\nmain();\n`;
  expect(await foundIn({ 'look.js': probe('test_writable') })).toEqual([]);
  expect(await foundIn({ 'look.js': probe('orders') })).toHaveLength(1);
  // Made elsewhere, or there: it may be what laboratories call a test.
  const schema = { 'schema.sql': 'CREATE TABLE test_results (id INT);\n' };
  expect(await foundIn({ 'look.js': probe('test_results'), ...schema })).toHaveLength(1);
  expect(
    await foundIn({ 'look.js': probe('test_results') }, [store('lab.db', [table('test_results', 3)])]),
  ).toHaveLength(1);
  const dropped = "const { Pool } = require('pg');\nnew Pool().query('DROP TABLE test_writable');\n";
  expect(await foundIn({ 'drop.js': dropped })).toHaveLength(1);
});

it('C18: a schema that drops what it declares is low; one that drops more is not', async () => {
  const schema = 'DROP TABLE IF EXISTS users;\nCREATE TABLE users (id INT);\n';
  expect(await foundIn({ 'schema.sql': schema })).toMatchObject([{ severity: 'low' }]);
  expect(await foundIn({ 'schema.sql': `${schema}DROP TABLE orders;\n` })).toMatchObject([{ severity: 'medium' }]);
});

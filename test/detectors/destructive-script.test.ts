import { expect, it } from 'vitest';
import { destructiveScript } from '../../src/audit/detectors/destructive-script.ts';
import type { RoleFound } from '../../src/code/roles/model.ts';
import { facts } from '../builders/facts.ts';
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

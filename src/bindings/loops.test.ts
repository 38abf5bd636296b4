/** Stores that a loop takes one after the other, and lookups in maps whose key is not known. */
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../test/builders/program.ts';
import { openingsOf } from './openings.ts';
import { type Situation, settle } from './settle.ts';

const situation: Situation = {
  cwd: '/srv/project',
  home: '/home/someone',
  temp: '/tmp',
  variable: () => undefined,
  placeOf: (file) => `/srv/project/${file}`,
};

/** What each opening of the file comes to, and in which case. */
async function opened(file: string, text: string): Promise<readonly string[]> {
  const { evaluator } = await buildProgram({ [file]: text });
  return openingsOf(evaluator, file).openings.flatMap(({ target, when }) =>
    settle(target ?? { s: 'hole', why: '?' }, situation).map(({ value, assumes, holes }) =>
      [value === null || holes.length > 0 ? '?' : value, when, ...assumes]
        .filter((one) => one !== undefined)
        .join(' | '),
    ),
  );
}

describe('Python', () => {
  const py = (text: string) => opened('a.py', `import os, sqlite3, shutil\n${text}\n`);

  it('C3: a file that a loop finds is one of those it looks for', async () => {
    const find = (over: string): string =>
      `def find():\n    f = None\n    for p in ${over}:\n        if os.path.exists(p):\n            f = p\n            break\n    return sqlite3.connect(f)`;
    expect(await py(find('["a.db", "data/b.db"]'))).toEqual([
      'a.db | a.py:4 is at item 1',
      'data/b.db | a.py:4 is at item 2',
    ]);
    // What is looked over is not known: nothing is made up.
    expect(await py(find('os.listdir("data")'))).toEqual(['?']);
    expect(await py(find('["a.db", *more()]'))).toEqual(['a.db | a.py:4 is at item 1']);
  });

  it('C3: pairs are taken apart, and what belongs together stays together', async () => {
    expect(
      await py(
        'for name, target in {"a": "x.db", "b": "y.db"}.items():\n    sqlite3.connect(os.path.join(name, target))',
      ),
    ).toEqual(['a/x.db | a.py:2 is at item 1', 'b/y.db | a.py:2 is at item 2']);
    expect(await py('for p, q in [("a.db", 1), ("b.db", 2)]:\n    sqlite3.connect(p)')).toEqual([
      'a.db | a.py:2 is at item 1',
      'b.db | a.py:2 is at item 2',
    ]);
    expect(await py('for p, q in [("a.db", 1), ("b.db", 2)]:\n    sqlite3.connect(q)')).toEqual([
      '1 | a.py:2 is at item 1',
      '2 | a.py:2 is at item 2',
    ]);
  });

  it('C3: inside its loop a name is the item of that loop, whatever it was before', async () => {
    expect(
      await py('for p in ["a.db", "b.db"]:\n    print(p)\nfor p in ["c.db", "d.db"]:\n    sqlite3.connect(p)'),
    ).toEqual(['c.db | a.py:4 is at item 1', 'd.db | a.py:4 is at item 2']);
    // Behind both loops it may be any of them.
    expect(
      await py(
        'for p in ["a.db", "b.db"]:\n    print(p)\nfor p in ["c.db", "d.db"]:\n    print(p)\nsqlite3.connect(p)',
      ),
    ).toHaveLength(4);
  });

  it('C3: in its branch a name is what the branch gave it', async () => {
    const text = 'if os.name:\n    p = "a.db"\n    sqlite3.connect(p)\nelse:\n    p = "b.db"\n    sqlite3.connect(p)';
    expect(await py(text)).toEqual(['a.db', 'b.db']);
    expect(await py(`${text.replaceAll('    sqlite3.connect(p)\n', '')}\nsqlite3.connect(p)`)).toHaveLength(3);
  });

  it('C3: a list is what was added to it; what is no list stays what it was', async () => {
    const both = ['a.db | a.py:5 is at item 1', 'b.db | a.py:5 is at item 2'];
    expect(
      await py('paths = []\npaths.append("a.db")\npaths.append("b.db")\nfor p in paths:\n    sqlite3.connect(p)'),
    ).toEqual(both);
    const { evaluator } = await buildProgram({
      'a.py': 'import sqlite3\ndb = sqlite3.connect("a.db")\ndb.add("b.db")\ndb.execute("DELETE FROM t")\n',
    });
    expect(openingsOf(evaluator, 'a.py').uses).toMatchObject([{ followed: true }]);
    // Thousands of them are no deeper than one.
    const many = Array.from({ length: 5_000 }, (_, n) => `db.add(${n})`).join('\n');
    expect(await py(`db = "a.db"\n${many}\nsqlite3.connect(db)`)).toEqual(['a.db']);
  });

  it('C3: a loop over one item is that item; one over the words of a text none', async () => {
    expect(await py('for p in ["a.db"]:\n    sqlite3.connect(p)')).toEqual(['a.db']);
    expect(await py('for p in "a.db b.db".split():\n    sqlite3.connect(p)')).toEqual(['?']);
  });

  it('C3: an entry whose key is not known is any of the entries; one whose key is known that one', async () => {
    const cfg = 'cfg = {"dev": "dev.db", "test": "test.db", "port": 5}\n';
    expect(await py(`${cfg}sqlite3.connect(cfg[os.getenv("ENV", "dev")])`)).toEqual([
      'dev.db | a.py:3 takes dev',
      'test.db | a.py:3 takes test',
      '5 | a.py:3 takes port',
    ]);
    expect(await py(`${cfg}env = "test"\nsqlite3.connect(cfg[env])`)).toEqual(['test.db']);
    expect(await py(`${cfg}sqlite3.connect(cfg.get("none", "other.db"))`)).toEqual(['other.db']);
    expect(await py('sqlite3.connect(load()[os.getenv("ENV")])')).toEqual(['?']);
  });
});

describe('JavaScript', () => {
  const js = (text: string) => opened('a.js', `const Database = require('better-sqlite3');\n${text}\n`);

  it('C3: for…of, entries and callbacks take the items of lists', async () => {
    const both = ['a.db | a.js:2 is at item 1', 'b.db | a.js:2 is at item 2'];
    expect(await js("for (const p of ['a.db', 'b.db']) new Database(p);")).toEqual(both);
    expect(await js("for (const [k, p] of Object.entries({ x: 'a.db', y: 'b.db' })) new Database(p);")).toEqual(both);
    expect(await js("for (const { p } of [{ p: 'a.db' }, { p: 'b.db' }]) new Database(p);")).toEqual(both);
    expect(await js("['a.db', 'b.db'].forEach((p) => new Database(p));")).toEqual(both);
    expect(await js("const all = ['a.db'];\nall.push('b.db');\nfor (const p of all) new Database(p);")).toEqual(
      both.map((one) => one.replace('a.js:2', 'a.js:4')),
    );
    expect(await js("['a.db', 'b.db'].forEach((p, i) => new Database(i));")).toEqual(['?']);
    expect(await js('paths().forEach((p) => new Database(p));')).toEqual(['?']);
    expect(await js("for (const p in ['a.db', 'b.db']) new Database(p);")).toEqual(['?']);
  });

  it('C3: settings that are looked up are any of them', async () => {
    const cfg = "const cfg = { dev: { file: 'dev.db' }, test: { file: 'test.db' } };\n";
    expect(await js(`${cfg}new Database(cfg[process.env.NODE_ENV].file);`)).toEqual([
      'dev.db | a.js:3 takes dev',
      'test.db | a.js:3 takes test',
    ]);
    expect(await js(`${cfg}new Database(cfg['test'].file);`)).toEqual(['test.db']);
    expect(await js(`${cfg}new Database(cfg[process.env.NODE_ENV].path);`)).toEqual(['?']);
  });
});

describe('PHP', () => {
  const php = (text: string) => opened('a.php', `<?php\n${text}\n`);

  it('C3: foreach takes the values, and the keys where it asks for them', async () => {
    expect(await php("foreach (['a.db', 'b.db'] as $p) { new SQLite3($p); }")).toEqual([
      'a.db | a.php:2 is at item 1',
      'b.db | a.php:2 is at item 2',
    ]);
    expect(await php("foreach (['a.db' => 1, 'b.db' => 2] as $p => $n) { new SQLite3($p); }")).toEqual([
      'a.db | a.php:2 is at item 1',
      'b.db | a.php:2 is at item 2',
    ]);
    expect(await php("foreach ([['a.db', 1], ['b.db', 2]] as [$p, $n]) { new SQLite3($p); }")).toHaveLength(2);
    expect(await php("foreach (['a.db', 'b.db'] as $i => $p) { new SQLite3($i); }")).toEqual(['?']);
    expect(await php("foreach (glob('*.db') as $p) { new SQLite3($p); }")).toEqual(['?']);
  });
});

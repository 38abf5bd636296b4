/**
 * What is taken over from an earlier run must be what a first run finds: after any edit, with everything that an edit can move. Real
 * files on a disk, the real walk, the real cache file; stores are only named, so that thousands of looks take seconds.
 */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Code } from '../src/audit/code-model.ts';
import { detectAll } from '../src/audit/detectors/index.ts';
import { keptCodeFile } from '../src/audit/kept/kept-code.ts';
import { lookAtCode } from '../src/audit/look-at-code.ts';
import { walkProject } from '../src/project/walk.ts';
import { facts, store, table } from './builders/facts.ts';

const SOURCES: Readonly<Record<string, string>> = {
  'app/__init__.py': '',
  'app/paths.py':
    'import os\nROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))\nDB = os.path.join(ROOT, "data", "shop.db")\n',
  'app/db.py':
    'import sqlite3\nfrom app.paths import DB\n\n\ndef connect(path=DB):\n    return sqlite3.connect(path)\n\n\ndef users(path):\n    return connect(path).execute("SELECT * FROM users").fetchall()\n',
  'app/models.py':
    'from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n\n\nclass User(db.Model):\n    __tablename__ = "users"\n    id = db.Column(db.Integer, primary_key=True)\n    email = db.Column(db.String(120))\n',
  'app/main.py':
    'import os\nfrom app import db\nfrom app.models import User\n\nprint(db.users(os.environ.get("SHOP_DB", "data/shop.db")))\nprint(User.query.all())\n\nif __name__ == "__main__":\n    db.connect()\n',
  'app/report.py':
    'from app.db import *\n\n\ndef report():\n    for row in connect("data/portal.db").execute("SELECT name FROM users"):\n        print(row)\n',
  'tools/seed.py':
    'import argparse\nimport sqlite3\nparser = argparse.ArgumentParser()\nparser.add_argument("--dry-run", action="store_true")\nargs = parser.parse_args()\nconn = sqlite3.connect("data/shop.db")\nconn.execute("DELETE FROM users")\nconn.execute("CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, email TEXT, name TEXT)")\nconn.commit()\n',
  'tools/helper.py': 'def helper(name):\n    return f"cache_{name}.db"\n',
  'web/db.ts':
    "import Database from 'better-sqlite3';\nimport { join } from 'node:path';\nexport const path = process.env.WEB_DB ?? join(import.meta.dirname, '..', 'data', 'portal.db');\nexport const db = new Database(path);\nexport const spare = null as any;\n",
  'web/pages.ts':
    "import { db, spare } from './db.ts';\nexport function page(id: number) {\n  spare?.prepare('SELECT 1');\n  return db.prepare('SELECT email, name FROM users WHERE id = ?').get(id);\n}\n",
  'web/old-db.ts':
    "import Database from 'better-sqlite3';\nexport const connect = (file = 'data/portal.db') => new Database(file);\nexport { page } from './pages.ts';\n",
  'web/lost.ts': "import { gone } from './gone.ts';\nexport const lost = gone;\n",
  'web/vite.config.ts':
    "import { resolve } from 'node:path';\nexport default { input: './old-db.ts', resolve: { alias: { '@': resolve(__dirname, '.') } } };\n",
  'web/types.d.ts': 'export interface Row {\n  id: number;\n}\n//# sourceMappingURL=types.d.ts.map\n',
  'web/use.ts': "import { page } from '@/pages';\nexport const use = () => page(1);\n",
  '.env': 'WEB_DB=data/portal.db\nNOBODY_READS=1\n',
  'docker-compose.yml':
    'services:\n  shop:\n    build: .\n    command: python -m app.main\n    environment:\n      SHOP_DB: /srv/data/shop.db\n    volumes:\n      - ./data:/srv/data\n',
  Dockerfile: 'FROM python:3.12\nWORKDIR /srv\nCOPY . .\nCMD ["python", "-m", "app.main"]\n',
  'package.json': '{ "name": "web", "scripts": { "start": "node web/pages.ts" } }\n',
  'README.md': 'Run `python tools/seed.py` once.\n',
  'schema.sql': 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, phone TEXT);\n',
};

const STORES = ['data/shop.db', 'data/portal.db'].map((path) => store(path, [table('users', 5)]));

let parent = '';
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'kept-'));
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

let made = 0;
function newProject(): { readonly root: string; readonly cache: string } {
  const root = join(parent, `p${made++}`, 'shop');
  for (const [path, text] of Object.entries(SOURCES)) write(root, path, text);
  for (const { path } of STORES) write(root, path, '');
  return { root, cache: join(dirname(root), 'cache') };
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Everything that a look says, offsets aside: lines are what is reported. */
async function look(root: string, cacheFile: string | null): Promise<{ readonly said: string; keep(): void }> {
  const walk = walkProject(root, { ignore: [] });
  const { code, prepare, keep } = await lookAtCode({
    root,
    walk,
    stores: STORES,
    git: null,
    signal: undefined,
    cacheFile,
  });
  await prepare();
  return { said: JSON.stringify(saidBy(code), comparable, 1), keep };
}

function comparable(key: string, value: unknown): unknown {
  if (key === 'at') return lineOf(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)));
}

const lineOf = (at: unknown): unknown => (Array.isArray(at) && typeof at[0] === 'number' ? at[2] : at);

function saidBy(code: Code): unknown {
  const { bindings, variables, declarations, entries, unused, similar, residue, roles, graph } = code;
  return {
    findings: detectAll(facts(STORES, [], { code }), []),
    bindings,
    variables,
    declarations,
    entries,
    unused,
    similar,
    residue,
    roles: [...roles],
    edges: graph.edges.map(({ fact: { scope: _, ...fact }, ...edge }) => ({ ...edge, fact })),
    unresolved: graph.unresolved.map(({ fact: { scope: _, ...fact }, ...one }) => ({ ...one, fact })),
    leading: [...code.files.keys()].map((path) => [path, [...graph.leadingTo(path)].sort()]),
    parsed: [...code.files].map(([path, { language, read, problem }]) => [path, language, read, problem]),
  };
}

function filesOf(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !path.endsWith('.db'))
    .sort();
}

/** Changes one file; `pick` and `where` choose which and where in it. */
type Edit = (root: string, path: string, where: number, files: readonly string[]) => void;

const editText =
  (change: (text: string, where: number) => string): Edit =>
  (root, path, where) =>
    writeFileSync(join(root, path), change(readFileSync(join(root, path), 'utf8'), where));

const lineEdit = (change: (lines: string[], at: number) => void): Edit =>
  editText((text, where) => {
    const lines = text.split('\n');
    change(lines, where % lines.length);
    return lines.join('\n');
  });

const comment = (path: string): string => (/\.ts$/.test(path) ? '// aside' : '# aside');
const isPython = (path: string): boolean => path.endsWith('.py');

const EDITS: Readonly<Record<string, Edit>> = {
  'a function more at the end': (root, path, where) =>
    appendFileSync(
      join(root, path),
      isPython(path) ? `\n\ndef added${where}():\n    return ${where}\n` : `\nexport const added${where} = ${where};\n`,
    ),
  'a comment on top': (root, path, where, files) =>
    editText((text) => `${comment(path)}\n${text}`)(root, path, where, files),
  'a line more in between': (root, path, where, files) =>
    lineEdit((lines, at) => void lines.splice(at, 0, comment(path)))(root, path, where, files),
  'a line less': lineEdit((lines, at) => void lines.splice(at, 1)),
  'a line twice': lineEdit((lines, at) => void lines.splice(at, 0, lines[at] ?? '')),
  'two lines exchanged': lineEdit((lines, at) => void lines.splice(at, 2, ...lines.slice(at, at + 2).reverse())),
  'another store in a text': editText((text) => text.replace('shop.db', 'portal.db')),
  'another spelling of a text': editText((text, where) => text.replace(/\w+\.db/, `longer_name_${where}.db`)),
  'another name': editText((text, where) => text.replace(/\bconnect\b/, `connect${where}`)),
  'another default': editText((text) => text.replace('data/', './data/')),
  'one name for another': editText((text) => text.replaceAll('users', 'people')),
  'a call more': (root, path) =>
    appendFileSync(
      join(root, path),
      isPython(path) ? '\nfrom app.db import connect, users\nconnect("other.db")\nusers("third.db")\n' : '\n',
    ),
  'a setting more': (root, path) =>
    appendFileSync(
      join(root, path),
      isPython(path) ? '\nimport os\napp.config["SHOP_DB"] = os.environ["SHOP_DB"]\n' : '\n',
    ),
  'a file less': (root, path) => rmSync(join(root, path)),
  'a file more': (root, _path, where) =>
    write(root, `app/added${where % 7}.py`, 'import sqlite3\nfrom app.paths import DB\nsqlite3.connect(DB)\n'),
  'a module that was missing': (root) => write(root, 'web/gone.ts', 'export const gone = 1;\n'),
  'a copy of a file': (root, path, where) =>
    write(root, path.replace(/(\.\w+)?$/, `_copy${where % 3}$1`), readFileSync(join(root, path), 'utf8')),
  'nothing but its time': (root, path) => writeFileSync(join(root, path), readFileSync(join(root, path))),
  'a file that does not parse': (root, path) => appendFileSync(join(root, path), '\n((( "data/shop.db"\n'),
};

const edit = fc.record({
  how: fc.constantFrom(...Object.keys(EDITS)),
  pick: fc.nat(200),
  where: fc.nat(40),
});

function apply(root: string, { how, pick, where }: { how: string; pick: number; where: number }): string {
  const files = filesOf(root);
  const path = files[pick % files.length] as string;
  EDITS[how]?.(root, path, where, files);
  return `${how} in ${path} at ${where}`;
}

describe('what is kept of code', () => {
  it('is what a first look finds, whatever was edited in between', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (rounds, later) => {
          const { root, cache } = newProject();
          const file = keptCodeFile(cache, root);
          // Some time later files are known by their times; right after an edit by their content only.
          const clock = vi
            .spyOn(Date, 'now')
            .mockImplementation(() => Math.floor(performance.timeOrigin + performance.now()) + (later ? 60_000 : 0));
          try {
            const first = await look(root, file);
            first.keep();
            const log: string[] = [];
            for (const edits of rounds) {
              for (const one of edits) if (filesOf(root).length > 0) log.push(apply(root, one));
              const warm = await look(root, file);
              const cold = await look(root, null);
              expect(warm.said, log.join('; ')).toBe(cold.said);
              warm.keep();
            }
          } finally {
            clock.mockRestore();
            rmSync(dirname(root), { recursive: true, force: true });
          }
        },
      ),
      { numRuns: Number(process.env.KEPT_RUNS ?? 60) },
    );
  });

  it('is not read again where nothing changed', async () => {
    const { root, cache } = newProject();
    const file = keptCodeFile(cache, root);
    const clock = vi
      .spyOn(Date, 'now')
      .mockImplementation(() => Math.floor(performance.timeOrigin + performance.now()) + 60_000);
    const first = await look(root, file);
    first.keep();
    const before = statSync(file).mtimeMs;
    const second = await look(root, file);
    second.keep();
    clock.mockRestore();
    expect(second.said).toBe(first.said);
    expect(statSync(file).mtimeMs).toBe(before);
  });

  it('counts as nothing where it is damaged, cut off or of another version', async () => {
    const { root, cache } = newProject();
    const file = keptCodeFile(cache, root);
    const first = await look(root, file);
    first.keep();
    const whole = readFileSync(file);
    for (const broken of [
      Buffer.alloc(0),
      whole.subarray(0, whole.length - 1),
      whole.subarray(0, 40),
      Buffer.from(whole.toString('latin1').replace('desprawl-code', 'desprawl-cide'), 'latin1'),
      Buffer.from('{}\n'),
    ]) {
      writeFileSync(file, broken);
      expect((await look(root, file)).said).toBe(first.said);
    }
  });

  it('holds no value of an environment file', async () => {
    const { root, cache } = newProject();
    write(root, '.env', 'DB_PASSWORD=correct-horse-battery\nWEB_DB=data/portal.db\n');
    const file = keptCodeFile(cache, root);
    (await look(root, file)).keep();
    expect(readFileSync(file).includes('correct-horse-battery')).toBe(false);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

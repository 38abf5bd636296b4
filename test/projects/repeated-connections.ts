import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { person, range } from './people.ts';
import { writeFile } from './write-file.ts';

/** Functions that say different things, as long as a module of that kind is. */
const helpers = (about: string, n: number): string =>
  range(n)
    .map(
      (i) =>
        `export function ${about}${i}(rows, limit = ${i + 3}) {\n  const kept = rows.filter((row) => row.${about}${i} > limit);\n  return { kept: kept.length, ${about}: kept.map((row) => row.size${i}).join('${about} ${i}') };\n}\n`,
    )
    .join('\n');

const open = (path: string): string => `import Database from 'better-sqlite3';
import { join } from 'node:path';

const file = join(import.meta.dirname, '${path}');
let db = null;

export function getDb() {
  db ??= new Database(file);
  return db;
}
`;

export const project: FixtureProject = {
  traps: ['C1', 'C2', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C19'],
  wrong: `Two modules open data/app.db for others, src/core/db.js and src/lib/db.js; the second alone has getPool, which a route calls.
    src/mail/db.js has their name and opens a store of its own. src/services/billing.js is a copy of src/core/billing.js with one
    function more; src/shop/billing.js has their name and says other things. src/cache.ts exports a redis client that is null; the
    route imports it, the fake of the tests beside it nobody means. src/report.js imports ./former/format.js, which is src/format.js
    now; a guarded import of a package's own part is no such failure. src/old.ts was compiled beside its source. The manifest,
    the Dockerfile and CI name scripts that are gone; what they build, install or copy from another stage is not missed.`,
  build(dir) {
    const people = 'CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL)';
    const rows = insert(
      'people',
      range(12).map((n) => ({ id: n + 1, name: person(n).name, email: person(n).email })),
    );
    makeStore(dir, 'data/app.db', people, rows);
    makeStore(
      dir,
      'data/mail.db',
      'CREATE TABLE mails (id INTEGER PRIMARY KEY, subject TEXT)',
      insert('mails', [{ id: 1, subject: 'Hello' }]),
    );
    writeFile(dir, 'src/core/db.js', open('../../data/app.db'));
    writeFile(
      dir,
      'src/lib/db.js',
      `${open('../../data/app.db')}\nexport async function getPool() {\n  return getDb();\n}\n`,
    );
    writeFile(dir, 'src/mail/db.js', open('../../data/mail.db'));
    writeFile(dir, 'src/core/billing.js', helpers('invoice', 16));
    writeFile(
      dir,
      'src/services/billing.js',
      `${helpers('invoice', 16)}\nexport function closePeriod(rows) {\n  return rows.filter((row) => row.closed);\n}\n`,
    );
    writeFile(dir, 'src/shop/billing.js', helpers('basket', 16));
    writeFile(
      dir,
      'src/cache.ts',
      'import type { Redis } from "ioredis";\nexport const redis = null as any as Redis;\n',
    );
    writeFile(dir, 'src/__mocks__/redis.ts', 'export const redis = null as any;\n');
    writeFile(
      dir,
      'src/server.js',
      `import { getDb } from './core/db.js';
import { getPool } from './lib/db.js';
import { getDb as mail } from './mail/db.js';
import { invoice1 } from './core/billing.js';
import { closePeriod } from './services/billing.js';
import { basket1 } from './shop/billing.js';
import { redis } from './cache.ts';
import { report } from './report.js';

getDb().prepare('SELECT name FROM people').all();
(await getPool()).prepare('SELECT email FROM people').all();
mail().prepare('SELECT subject FROM mails').all();
console.log(invoice1([]), closePeriod([]), basket1([]), redis.get('x'), report());
`,
    );
    writeFile(
      dir,
      'src/report.js',
      `import { line } from './former/format.js';
export function report() { return line('x'); }
export const fast = await import('./generated/fast.js').catch(() => null);
`,
    );
    writeFile(dir, 'src/format.js', 'export const line = (text) => text.trim();\n');
    writeFile(dir, 'src/old.ts', 'export const old: number = 1;\n');
    writeFile(dir, 'src/old.js', 'exports.old = 1;\n//# sourceMappingURL=old.js.map\n');
    writeFile(
      dir,
      'package.json',
      `{
  "name": "kiosk",
  "type": "module",
  "main": "dist/server.js",
  "scripts": {
    "start": "node src/server.js",
    "seed": "node scripts/seed.js",
    "clean": "rm -f dist/server.js"
  }
}
`,
    );
    writeFile(
      dir,
      'Dockerfile',
      `FROM node:20 AS build
COPY package.json package-lock.json* ./
COPY src/ src/
COPY config/production.yaml config/
FROM node:20
COPY --from=build /app/out ./out
CMD ["node", "out/server.js"]
`,
    );
    writeFile(
      dir,
      '.github/workflows/check.yml',
      `on: push
jobs:
  check:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        part: [people, mails]
    steps:
      - run: node checks/\${{ matrix.part }}.js
`,
    );
    writeFile(
      dir,
      'checks/people.js',
      "import { getDb } from '../src/core/db.js';\ngetDb().prepare('SELECT count(*) FROM people').get();\n",
    );
  },
};

/**
 * What no careful program writes and a disk holds all the same. Each ends in a clear error or in a store that is not
 * verified for a reason, soon, without a stack trace, and never hides the sound store beside it.
 */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import type { Diff } from '../src/audit/diff-model.ts';
import type { UnreadableReason } from '../src/stores/model.ts';
import { type AuditView, type OpenedProject, openProject } from './open-project.ts';
import { insert, makeStore } from './projects/make-store.ts';
import { person, range } from './projects/people.ts';
import { writeFile } from './projects/write-file.ts';
import { BIN, type CliOptions, expectNoTrace, runCli } from './run-cli.ts';

const TABLE = 'CREATE TABLE guests (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, note TEXT)';
const guests = (rows: number) =>
  insert(
    'guests',
    range(rows).map((n) => ({ id: n + 1, email: person(n).email, name: person(n).name, note: 'x'.repeat(300) })),
  );
const PAGE = 4096;
const GIB = 1024 ** 3;
/** Whatever is in the project, an audit of so little takes no longer. */
const SOON_MS = 30_000;

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

type Build = (dir: string) => void | Promise<void>;

/** A project with a sound store, and beside it what `build` makes. */
async function projectWith(build: Build): Promise<OpenedProject> {
  const project = await openProject({
    traps: [],
    wrong: 'input that nobody meant to be read',
    build: async (dir) => {
      makeStore(dir, 'data/sound.db', TABLE, guests(40));
      await build(dir);
    },
  });
  opened.push(project);
  return project;
}

async function audited(build: Build, args: readonly string[] = []): Promise<AuditView> {
  return soundly(await projectWith(build), args);
}

async function soundly(project: OpenedProject, args: readonly string[] = []): Promise<AuditView> {
  const started = performance.now();
  const seen = await project.audit(args);
  expect(performance.now() - started).toBeLessThan(SOON_MS);
  expect(seen.store('data/sound.db')).toMatchObject({ status: 'verified', sqlite: { integrity: 'ok' } });
  expect(seen.rows('data/sound.db')).toEqual({ guests: 40 });
  return seen;
}

/** Not verified, with a sentence that says why, and a finding that says so. */
function expectNotVerified(seen: AuditView, path: string, ...codes: readonly UnreadableReason[]): void {
  const { status, reason } = seen.store(path);
  expect(status, path).toBe('not-verified');
  expect(codes, `${path}: ${reason?.message}`).toContain(reason?.code);
  expect(reason?.message).toMatch(/\w{3}/);
  expect(seen.about('unreadable-store', path)).toHaveLength(1);
}

/** Edits the schema as text, as a program with a bug (or an evil one) would. */
function rewriteSchema(...statements: readonly string[]): (database: DatabaseSyncInstance) => void {
  return (database) => {
    database.enableDefensive(false);
    database.exec(`PRAGMA writable_schema = ON; ${statements.join(';')}; PRAGMA writable_schema = OFF`);
  };
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** The failure as a program sees it, after checking that a person is told the same. */
async function failureOf(args: readonly string[], options: CliOptions = {}): Promise<Failure> {
  const run = await runCli(args, options);
  expectNoTrace(run);
  expect(run.stderr).not.toContain('This is a bug');
  expect(run.code, run.stderr).toBe(2);
  expect(run.stdout).toBe('');
  const machine = await runCli([...args, '--json'], options);
  expect(machine.code).toBe(2);
  const document = JSON.parse(machine.stdout) as { readonly version: number; readonly error: Failure };
  expect(document.version).toBe(1);
  const { code, message, hint } = document.error;
  expect(run.stderr).toContain(code);
  const words = (text: string): string => text.replace(/\s+/g, ' ');
  expect(words(run.stderr)).toContain(words(message));
  expect(words(run.stderr)).toContain(words(hint));
  return document.error;
}

describe('the command line', () => {
  it('a path that does not exist', async () => {
    const failure = await failureOf(['-C', join(tmpdir(), 'no-such-folder'), 'audit']);
    expect(failure).toMatchObject({ code: 'DSP-PROJECT-MISSING' });
    expect(failure.message).toContain('no-such-folder');
  });

  it('a file where a folder is wanted', async () => {
    const { dir } = await projectWith(() => {});
    const failure = await failureOf(['-C', join(dir, 'data/sound.db'), 'audit']);
    expect(failure).toMatchObject({ code: 'DSP-PROJECT-NOT-A-FOLDER' });
    expect(failure.message).toContain('sound.db');
  });

  it('a path through a file', async () => {
    const { dir } = await projectWith(() => {});
    const failure = await failureOf(['-C', join(dir, 'data/sound.db/inner'), 'audit']);
    expect(failure.code).toMatch(/^DSP-PROJECT-(MISSING|NOT-A-FOLDER)$/);
  });

  it('a link that leads to itself', async () => {
    const { dir } = await projectWith((root) => symlinkSync('round', join(root, 'round')));
    const failure = await failureOf(['-C', join(dir, 'round'), 'audit']);
    expect(failure.code).toMatch(/^DSP-PROJECT-(MISSING|UNREADABLE)$/);
  });

  it.each([
    ['a folder that may not be listed', 'closed'],
    ['a folder within one that may not be entered', 'closed/inner'],
  ])('%s', async (_name, path) => {
    const { dir } = await projectWith((root) => {
      mkdirSync(join(root, 'closed/inner'), { recursive: true });
    });
    const root = process.getuid?.() === 0;
    // Modes do not stop root: someone else looks.
    chmodSync(join(dir, 'closed'), root ? 0o700 : 0);
    try {
      const failure = await failureOf(['-C', join(dir, path), 'audit'], root ? { uid: 65_534 } : {});
      expect(failure).toMatchObject({ code: 'DSP-PROJECT-UNREADABLE' });
      expect(failure.message).toContain('permission denied');
    } finally {
      chmodSync(join(dir, 'closed'), 0o700);
    }
  });

  it.each([
    [['frobnicate'], 'frobnicate'],
    [['audit', '--frobnicate'], '--frobnicate'],
    [['audit', '--timeout', 'soon'], 'soon'],
    [['audit', '--timeout', '-1'], '-1'],
    [['diff', 'a.db'], 'missing required argument'],
    [['diff', 'a.db', 'b.db', 'c.db'], 'too many arguments'],
  ])('desprawl %j', async (args, said) => {
    const failure = await failureOf(args);
    expect(failure.code).toBe('DSP-USAGE');
    expect(failure.message.toLowerCase()).toContain(said);
  });

  it('a code that does not exist', async () => {
    const failure = await failureOf(['explain', 'no-such-code']);
    expect(failure.code).toBe('DSP-CODE-UNKNOWN');
    expect(failure.message).toContain('no-such-code');
  });

  it.each([
    ['broken syntax', 'version: 1\nignore:\n  - "tmp/\n', /\b(3|4)(:|, column )\d+|line (3|4), column \d+/],
    ['an unknown key', 'version: 1\nignores:\n  - tmp/\n', /line 2, column 1|\b2:1\b/],
    ['a wrong type', 'version: 1\naudit:\n  timeout: soon\n', /line 3, column \d+|\b3:\d+\b/],
    ['a role that is none', 'version: 1\nstores:\n  data/sound.db:\n    role: king\n', /line 4, column \d+|\b4:\d+\b/],
    ['no mapping', '- version\n', /line 1, column 1|\b1:1\b/],
    ['an alias bomb', `version: 1\na: &a [x,x]\n${bomb()}`, /./],
    ['bytes that are no text', '\u0000\u0001\u0002', /./],
  ])('a desprawl.yaml with %s', async (_name, yaml, place) => {
    const { dir } = await projectWith((root) => writeFile(root, 'desprawl.yaml', yaml));
    const failure = await failureOf(['-C', dir, 'audit', '--no-cache']);
    expect(failure.code).toBe('DSP-CONFIG-INVALID');
    expect(failure.message).toContain('desprawl.yaml');
    expect(failure.message).toMatch(place);
  });

  it('a configuration that is not there', async () => {
    const { dir } = await projectWith(() => {});
    const failure = await failureOf(['-C', dir, 'audit', '--no-cache', '--config', 'absent.yaml']);
    expect(failure.code).toBe('DSP-CONFIG-INVALID');
    expect(failure.message).toContain('absent.yaml');
  });

  it('stores and tables that a diff does not find', async () => {
    const { dir } = await projectWith((root) => {
      makeStore(root, 'data/other.db', TABLE, guests(30));
      writeFile(root, 'README.md', '# Kiosk\n');
      writeFile(root, 'data/none.db', '');
    });
    const diff = (...args: readonly string[]): Promise<Failure> => failureOf(['-C', dir, 'diff', ...args]);
    expect(await diff('data/sound.db', 'data/absent.db')).toMatchObject({ code: 'DSP-STORE-MISSING' });
    expect(await diff('absent/', 'data/sound.db')).toMatchObject({ code: 'DSP-STORE-MISSING' });
    expect(await diff('data', 'data/sound.db')).toMatchObject({ code: 'DSP-STORE-MISSING' });
    expect(await diff('README.md', 'data/sound.db')).toMatchObject({ code: 'DSP-STORE-UNREADABLE' });
    expect(await diff('data/none.db', 'data/sound.db')).toMatchObject({ code: 'DSP-STORE-UNREADABLE' });
    const table = await diff('data/sound.db', 'data/other.db', '--table', 'absent');
    expect(table).toMatchObject({ code: 'DSP-TABLE-MISSING' });
    expect(table.message).toContain('absent');
  });
});

function bomb(): string {
  const letters = 'abcdefghijkl';
  return [...letters]
    .slice(1)
    .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${letters[i]}`).join(',')}]\n`)
    .join('');
}

describe('stores that are none, or no longer', () => {
  it('10 GB of nothing, and 10 GB with the header of a database', async () => {
    const seen = await audited((dir) => {
      writeFile(dir, 'data/big.db', '');
      truncateSync(join(dir, 'data/big.db'), 10 * GIB);
      makeStore(dir, 'data/headed.db', TABLE, guests(40));
      truncateSync(join(dir, 'data/headed.db'), 100);
      truncateSync(join(dir, 'data/headed.db'), 10 * GIB + PAGE);
      // As many pages as the file has, and all but the first few are none.
      makeStore(dir, 'data/padded.db', TABLE, guests(40));
      const fd = openSync(join(dir, 'data/padded.db'), 'r+');
      const pages = Buffer.alloc(4);
      pages.writeUInt32BE((10 * GIB) / PAGE);
      writeSync(fd, pages, 0, 4, 28);
      ftruncateSync(fd, 10 * GIB);
      closeSync(fd);
    });
    expect(seen.audit.lookalikes).toContainEqual({ path: 'data/big.db', bytes: 10 * GIB, is: 'zeros' });
    expectNotVerified(seen, 'data/headed.db', 'corrupt');
    expectNotVerified(seen, 'data/padded.db', 'corrupt');
  });

  it('a sparse database of 10 GB that is in use does not fill the disk with its copy', async () => {
    const seen = await audited((dir) => {
      makeStore(dir, 'data/big.db', TABLE, guests(40));
      truncateSync(join(dir, 'data/big.db'), 200 * GIB);
      writeFile(dir, 'data/big.db-wal', '');
    });
    expectNotVerified(seen, 'data/big.db', 'no-space');
  });

  it('a database that was cut off', async () => {
    const seen = await audited((dir) => {
      for (const [name, bytes] of [
        ['mid-page', 3 * PAGE + 1000],
        ['one-page', PAGE],
        ['in-header', 60],
        ['header', 100],
      ] as const) {
        makeStore(dir, `data/${name}.db`, TABLE, guests(200));
        truncateSync(join(dir, `data/${name}.db`), bytes);
      }
    });
    for (const name of ['mid-page', 'one-page', 'in-header', 'header'])
      expectNotVerified(seen, `data/${name}.db`, 'truncated', 'corrupt');
  });

  it('pages in the middle that are none', async () => {
    const seen = await audited((dir) => {
      for (const [name, fill] of [
        ['ones', 0xff],
        ['zeros', 0],
      ] as const) {
        makeStore(dir, `data/${name}.db`, TABLE, guests(400));
        const bytes = readFileSync(join(dir, `data/${name}.db`));
        const middle = Math.floor(bytes.length / PAGE / 2) * PAGE;
        bytes.fill(fill, middle, middle + PAGE);
        writeFileSync(join(dir, `data/${name}.db`), bytes);
      }
      makeStore(dir, 'data/loop.db', TABLE, guests(400));
      loopPages(join(dir, 'data/loop.db'));
    });
    expectNotVerified(seen, 'data/ones.db', 'corrupt');
    expectNotVerified(seen, 'data/zeros.db', 'corrupt');
    expectNotVerified(seen, 'data/loop.db', 'corrupt');
  });

  it('a header that lies', async () => {
    const seen = await audited((dir) => {
      const patch = (name: string, at: number, ...bytes: readonly number[]): void => {
        makeStore(dir, `data/${name}.db`, TABLE, guests(40));
        const content = readFileSync(join(dir, `data/${name}.db`));
        content.set(bytes, at);
        writeFileSync(join(dir, `data/${name}.db`), content);
      };
      patch('page-size', 16, 0, 3);
      patch('future', 18, 9, 9);
      patch('schema-format', 44, 0, 0, 0, 99);
      patch('encoding', 56, 0, 0, 0, 7);
      patch('freelist', 32, 0, 0, 0, 200, 0, 0, 0, 9);
    });
    for (const name of ['page-size', 'future', 'schema-format', 'encoding', 'freelist'])
      expectNotVerified(seen, `data/${name}.db`, 'corrupt', 'unsupported', 'error');
  });

  it('a schema that cannot be parsed', async () => {
    const seen = await audited((dir) => {
      makeStore(
        dir,
        'data/malformed.db',
        TABLE,
        guests(10),
        rewriteSchema("UPDATE sqlite_schema SET sql = 'CREATE TABLE guests (((' WHERE name = 'guests'"),
      );
      makeStore(
        dir,
        'data/rootless.db',
        TABLE,
        guests(10),
        rewriteSchema("UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'guests'"),
      );
    });
    expectNotVerified(seen, 'data/malformed.db', 'corrupt');
    expectNotVerified(seen, 'data/rootless.db', 'corrupt');
  });

  it('what is no file: pipes, sockets, folders, links in a circle', async () => {
    const server = createServer();
    const project = await projectWith(async (dir) => {
      for (const path of ['data/pipe.db', 'data/pipe.csv', 'data/pipe.json']) execFileSync('mkfifo', [join(dir, path)]);
      await new Promise<void>((resolve) => server.listen(join(dir, 'data/socket.db'), resolve));
      mkdirSync(join(dir, 'data/folder.db'));
      symlinkSync('..', join(dir, 'data/up'));
      symlinkSync('round.db', join(dir, 'data/round.db'));
      symlinkSync('pipe.db', join(dir, 'data/to-pipe.db'));
      mkdirSync(join(dir, 'a/b'), { recursive: true });
      symlinkSync('../../a', join(dir, 'a/b/again'));
      symlinkSync('/dev/zero', join(dir, 'data/zero.db'));
      symlinkSync('/dev/stdin', join(dir, 'data/stdin.db'));
    });
    try {
      const seen = await soundly(project);
      const special = 'special file (pipe, socket or device)';
      expect(seen.audit.lookalikes).toContainEqual({ path: 'data/pipe.db', bytes: 0, is: special });
      expect(seen.audit.lookalikes).toContainEqual({ path: 'data/socket.db', bytes: 0, is: special });
      expect(seen.audit.lookalikes).toContainEqual({ path: 'data/folder.db', bytes: 0, is: 'folder' });
      expect(seen.audit.stores.map(({ path }) => path)).toEqual(['data/round.db', 'data/sound.db']);
      expectNotVerified(seen, 'data/round.db', 'missing-content');
      for (const path of ['data/pipe.db', 'data/socket.db', 'data/folder.db', 'data/round.db'])
        expect((await failureOf(['-C', project.dir, 'diff', path, 'data/sound.db'])).code).toMatch(/^DSP-STORE-/);
    } finally {
      server.close();
    }
  });

  it('sidecars that are no files', async () => {
    const seen = await audited((dir) => {
      for (const name of ['piped', 'foldered', 'looped']) makeStore(dir, `data/${name}.db`, TABLE, guests(20));
      execFileSync('mkfifo', [join(dir, 'data/piped.db-wal')]);
      mkdirSync(join(dir, 'data/foldered.db-journal'));
      symlinkSync('looped.db-wal', join(dir, 'data/looped.db-wal'));
    });
    for (const name of ['piped', 'foldered', 'looped']) {
      const store = seen.store(`data/${name}.db`);
      if (store.status === 'verified') expect(seen.rows(store.path)).toEqual({ guests: 20 });
      else expectNotVerified(seen, store.path, 'unsupported', 'error', 'missing-content');
    }
  });
});

describe('databases that are odd and sound', () => {
  it('a view that never ends is listed and not run', async () => {
    const forever = [
      TABLE,
      guests(40),
      'CREATE VIEW forever AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n',
      'CREATE VIEW guest_pairs AS SELECT forever.i, guests.email FROM forever, guests',
    ];
    const project = await projectWith((dir) => {
      makeStore(dir, 'data/views.db', ...forever);
      makeStore(dir, 'data/views-2.db', ...forever, 'DELETE FROM guests WHERE id > 30');
    });
    for (const args of [[], ['--exact']]) {
      const seen = await soundly(project, args);
      expect(seen.store('data/views.db').status).toBe('verified');
      expect(seen.rows('data/views.db')).toEqual({ guests: 40, forever: null, guest_pairs: null });
    }
    const run = await runCli(['-C', project.dir, 'diff', 'data/views.db', 'data/views-2.db', '--json']);
    expectNoTrace(run);
    const diff = JSON.parse(run.stdout) as Diff;
    expect(diff.tables.map(({ a }) => a)).toEqual(['guests']);
    expect(run.ms).toBeLessThan(SOON_MS);
    const view = await failureOf(['-C', project.dir, 'diff', 'data/views.db', 'data/views-2.db', '--table', 'forever']);
    expect(view.code).toBe('DSP-TABLE-MISSING');
  });

  it('generated columns, indexes of expressions, partial and descending ones', async () => {
    const fills = [
      `CREATE TABLE prices (net INTEGER NOT NULL, tax AS (net * 0.19), gross REAL GENERATED ALWAYS AS (net + tax) STORED,
         "key" TEXT AS (lower(name)) UNIQUE, name TEXT, data TEXT, kind TEXT AS (json_extract(data, '$.kind')))`,
      'CREATE INDEX by_length ON prices (length(name) DESC, net)',
      "CREATE UNIQUE INDEX by_kind ON prices (json_extract(data, '$.id')) WHERE net > 5",
      insert(
        'prices',
        range(25).map((n) => ({ net: n, name: `Item ${n}`, data: JSON.stringify({ id: n, kind: n % 3 }) })),
      ),
    ];
    const project = await projectWith((dir) => {
      makeStore(dir, 'data/prices.db', ...fills);
      makeStore(dir, 'data/prices-2.db', ...fills, 'UPDATE prices SET net = 1000 WHERE net = 24');
    });
    const seen = await soundly(project);
    expect(seen.store('data/prices.db').status).toBe('verified');
    const [prices] = seen.store('data/prices.db').tables;
    expect(prices?.rows).toBe(25);
    expect(prices?.columns.filter(({ generated }) => generated).map(({ name }) => name)).toEqual([
      'tax',
      'gross',
      'key',
      'kind',
    ]);
    expect(prices?.indexes.find(({ name }) => name === 'by_length')?.columns).toEqual([null, 'net']);
    const diff = await project.diff('data/prices.db', 'data/prices-2.db');
    expect(diff.tables[0]).toMatchObject({ a: 'prices', same: 24 });
  });

  it("a schema with its program's own functions, collations and modules", async () => {
    const own = (database: DatabaseSyncInstance): void =>
      database.function('own_hash', { deterministic: true }, (value: unknown) => `#${String(value)}`);
    const seen = await audited((dir) => {
      makeStore(dir, 'data/index.db', own, TABLE, guests(20), 'CREATE INDEX by_hash ON guests (own_hash(email))');
      makeStore(dir, 'data/check.db', own, "CREATE TABLE t (a CHECK (own_hash(a) <> '#'))", 'INSERT INTO t VALUES (1)');
      makeStore(dir, 'data/column.db', own, TABLE, guests(20), 'CREATE TABLE t (a, h AS (own_hash(a)))');
      makeStore(
        dir,
        'data/stored.db',
        own,
        'CREATE TABLE t (a, h AS (own_hash(a)) STORED)',
        'INSERT INTO t VALUES (1), (2)',
      );
      makeStore(
        dir,
        'data/computed.db',
        own,
        'CREATE TABLE t (a, h AS (own_hash(a)))',
        'INSERT INTO t VALUES (1), (2)',
      );
      makeStore(
        dir,
        'data/collation.db',
        'CREATE TABLE t (name TEXT PRIMARY KEY, age INTEGER)',
        "INSERT INTO t VALUES ('Anna', 1), ('Bela', 2)",
        rewriteSchema(
          "UPDATE sqlite_schema SET sql = 'CREATE TABLE t (name TEXT COLLATE LOCALIZED PRIMARY KEY, age INTEGER)' WHERE name = 't'",
        ),
      );
      makeStore(
        dir,
        'data/rowless.db',
        'CREATE TABLE t (name TEXT PRIMARY KEY, age INTEGER) WITHOUT ROWID',
        insert(
          't',
          range(6_000).map((n) => ({ name: `Name ${n}`, age: n })),
        ),
        rewriteSchema(
          "UPDATE sqlite_schema SET sql = 'CREATE TABLE t (name TEXT COLLATE LOCALIZED PRIMARY KEY, age INTEGER) WITHOUT ROWID' WHERE name = 't'",
        ),
      );
      makeStore(
        dir,
        'data/module.db',
        TABLE,
        guests(20),
        rewriteSchema(
          `INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql)
           VALUES ('table', 'vectors', 'vectors', 0, 'CREATE VIRTUAL TABLE vectors USING vec0 (embedding float[3])')`,
        ),
      );
      makeStore(
        dir,
        'data/tokenizer.db',
        TABLE,
        guests(20),
        'CREATE VIRTUAL TABLE words USING fts5 (text)',
        rewriteSchema(
          "UPDATE sqlite_schema SET sql = 'CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = ''own'')' WHERE name = 'words'",
        ),
      );
    });
    expect(seen.rows('data/index.db')).toEqual({ guests: 20 });
    expect(seen.rows('data/check.db')).toEqual({ t: 1 });
    expect(seen.rows('data/module.db')).toEqual({ guests: 20, vectors: null });
    expect(seen.rows('data/tokenizer.db')).toMatchObject({ guests: 20 });
    // What the function gave is in the file.
    expect(seen.rows('data/stored.db')).toEqual({ t: 2 });
    for (const name of ['index', 'check', 'module', 'tokenizer', 'stored'])
      expect(seen.store(`data/${name}.db`).status, name).toBe('verified');
    // What cannot be computed here is not verified and says what is missing; never a crash, and never an empty table.
    for (const [name, missing] of [
      ['column', 'own_hash'],
      ['computed', 'own_hash'],
      ['collation', 'LOCALIZED'],
      ['rowless', 'LOCALIZED'],
    ] as const) {
      expectNotVerified(seen, `data/${name}.db`, 'unsupported');
      expect(seen.store(`data/${name}.db`).reason?.message).toContain(missing);
    }
  });

  it('2,000 tables', async () => {
    const tables = (rows: number) => (database: DatabaseSyncInstance) => {
      const statements = range(2_000).map(
        (n) =>
          `CREATE TABLE table_${n} (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO table_${n} (name) VALUES ${range(
            rows,
          )
            .map((i) => `('${n}/${i}')`)
            .join(', ')};`,
      );
      database.exec(`BEGIN; ${statements.join('\n')} COMMIT`);
    };
    const project = await projectWith((dir) => {
      makeStore(dir, 'data/many.db', tables(3));
      makeStore(dir, 'data/many-2.db', tables(4));
    });
    const seen = await soundly(project);
    expect(seen.store('data/many.db').status).toBe('verified');
    expect(Object.keys(seen.rows('data/many.db'))).toHaveLength(2_000);
    expect(seen.relation('data/many.db', 'data/many-2.db')).toMatchObject({ kind: 'subset', onlyB: 2_000 });
  });

  it('1,500 columns', async () => {
    const columns = 1_500;
    const names = range(columns).map((n) => `column_${n}`);
    const fills = (changed: number) => [
      `CREATE TABLE wide (id INTEGER PRIMARY KEY, ${names.slice(1).join(', ')})`,
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 50)
       INSERT INTO wide SELECT i, ${names
         .slice(1)
         .map((_, n) => `i * 1000 + ${n}`)
         .join(', ')} FROM n`,
      `UPDATE wide SET ${names.at(-1)} = -1 WHERE id <= ${changed}`,
    ];
    const project = await projectWith((dir) => {
      makeStore(dir, 'data/wide.db', ...fills(0));
      makeStore(dir, 'data/wide-2.db', ...fills(2));
    });
    const seen = await soundly(project);
    expect(seen.store('data/wide.db')).toMatchObject({ status: 'verified', tables: [{ name: 'wide', rows: 50 }] });
    expect(seen.store('data/wide.db').tables[0]?.columns).toHaveLength(columns);
    expect(seen.table('data/wide.db', 'wide', 'data/wide-2.db')).toMatchObject({ same: 48, conflicting: 2 });
    const diff = await project.diff('data/wide.db', 'data/wide-2.db');
    expect(diff.tables).toMatchObject([{ same: 48, conflicting: 2 }]);
  });

  it('as many columns as SQLite can hold are more than one query of it can tell apart', async () => {
    const seen = await audited((dir) => {
      const names = range(2_000).map((n) => `column_${n}`);
      makeStore(
        dir,
        'data/widest.db',
        `CREATE TABLE widest (${names.join(', ')})`,
        'INSERT INTO widest DEFAULT VALUES',
      );
    });
    const store = seen.store('data/widest.db');
    if (store.status === 'verified') expect(seen.rows('data/widest.db')).toEqual({ widest: 1 });
    else expectNotVerified(seen, 'data/widest.db', 'unsupported');
  });

  it('a cell of 64 MB', async () => {
    const fill =
      "CREATE TABLE t (id INTEGER PRIMARY KEY, body); INSERT INTO t (body) VALUES ('small'), (zeroblob(67108864))";
    const seen = await audited((dir) => {
      makeStore(dir, 'data/cell.db', fill);
      makeStore(dir, 'data/cell-2.db', fill, 'DELETE FROM t WHERE id = 1');
    });
    const store = seen.store('data/cell.db');
    if (store.status === 'verified') expect(seen.rows('data/cell.db')).toEqual({ t: 2 });
    else expectNotVerified(seen, 'data/cell.db', 'memory');
  });
});

describe('text that is broken', () => {
  it('a quote that never closes', async () => {
    const seen = await audited((dir) => {
      writeFile(dir, 'exports/guests.csv', `id,name,note\n1,Anna,ok\n2,"Bela,${'x,y\n'.repeat(50)}`);
      writeFile(dir, 'exports/long.csv', `id,name,note\n1,Anna,ok\n2,"Bela,${'x,y\n'.repeat(6_000_000)}`);
    });
    expectNotVerified(seen, 'exports/guests.csv', 'corrupt', 'truncated');
    expectNotVerified(seen, 'exports/long.csv', 'corrupt', 'truncated');
  });

  it('JSON that is nested 100,000 deep', async () => {
    const deep = (open: string, inner: string, close: string): string =>
      `${open.repeat(100_000)}${inner}${close.repeat(100_000)}`;
    const row = (n: number): string => `{"id":${n},"name":"Anna","at":"2025-09-16"}`;
    const seen = await audited((dir) => {
      writeFile(dir, 'exports/arrays.json', `[${row(1)},{"id":2,"name":${deep('[', '1', ']')}}]`);
      writeFile(dir, 'exports/objects.json', `[${row(1)},{"id":2,"name":${deep('{"a":', '1', '}')}}]`);
      writeFile(dir, 'exports/lines.jsonl', `${row(1)}\n{"id":2,"name":${deep('{"a":', '1', '}')}}\n`);
      writeFile(dir, 'exports/open.jsonl', `${row(1)}\n${'{"a":['.repeat(100_000)}`);
      // Nobody's store, as far as can be seen; but it has to be looked at to know that.
      writeFile(dir, 'exports/first.json', `[{"id":2,"name":${deep('[', '1', ']')}},${row(1)}]`);
      writeFile(dir, 'exports/under.json', `{"rows":[${row(1)},${row(2)}],"rest":${deep('[', '1', ']')}}`);
      writeFile(dir, 'exports/nothing.json', deep('[', '', ']'));
      writeFile(dir, 'exports/nobody.json', deep('{"a":', '1', '}'));
    });
    for (const path of ['arrays.json', 'objects.json', 'lines.jsonl', 'open.jsonl'])
      expectNotVerified(seen, `exports/${path}`, 'unsupported', 'truncated', 'corrupt');
  });

  it('bytes that are no UTF-8', async () => {
    const seen = await audited((dir) => {
      const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
      writeFile(dir, 'exports/guests.csv', latin1(`id,name,city\n1,Sören,Köln\n2,Anna,Ulm\n3,Jörg,Fürth\n`));
      writeFile(dir, 'exports/lines.jsonl', latin1('{"id":1,"name":"Sören"}\n{"id":2,"name":"Jörg"}\n'));
      writeFile(dir, 'exports/rows.json', latin1('[{"id":1,"name":"Sören"},{"id":2,"name":"Jörg"}]'));
      writeFile(dir, 'exports/late.json', latin1(`[${'{"id":1,"name":"Anna"},'.repeat(9_000)}{"id":2,"name":"Jörg"}]`));
    });
    expect(seen.store('exports/guests.csv')).toMatchObject({
      status: 'verified',
      csv: { encoding: 'windows-1252' },
      tables: [{ rows: 3 }],
    });
    for (const path of ['lines.jsonl', 'rows.json', 'late.json'])
      expectNotVerified(seen, `exports/${path}`, 'not-utf8');
  });

  it('names that are no UTF-8', async () => {
    const project = await projectWith((dir) => writeFile(dir, 'data/other.csv', 'id,name\n1,Anna\n2,Bela\n'));
    const named = (name: string): Buffer =>
      Buffer.concat([Buffer.from(`${project.dir}/data/`), Buffer.from(name, 'latin1')]);
    writeFileSync(named('B\xfcro.db'), readFileSync(join(project.dir, 'data/sound.db')));
    mkdirSync(named('B\xfccher'));
    const seen = await soundly(project);
    const { unreadable } = seen.audit.project;
    expect(unreadable.map(({ path }) => path)).toEqual(['data/B\ufffdcher', 'data/B\ufffdro.db']);
    for (const { why } of unreadable) expect(why).toContain('UTF-8');
    expect(seen.findings('unreadable-store').length).toBeGreaterThan(0);
  });

  it('names that are hard to write', async () => {
    const names = [
      'new\nline',
      'tab\t',
      'quo\'te"s',
      'perc%20ent?x=1#y',
      '-C',
      '\u001b[31mred',
      'back\\slash',
      '\u202egpj',
    ];
    const project = await projectWith((dir) => {
      for (const name of names) makeStore(dir, `odd/${name}.db`, TABLE, guests(3));
    });
    const seen = await soundly(project);
    for (const name of names) expect(seen.rows(`odd/${name}.db`), name).toEqual({ guests: 3 });
    const run = await runCli(['-C', project.dir, 'audit', '--no-cache']);
    expectNoTrace(run);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a file name must not steer the terminal
    expect(run.stdout).not.toMatch(/\u001b|\u202e/);
  });

  it('a table of 3,000 columns in text', async () => {
    const names = range(3_000).map((n) => `c${n}`);
    const rows = range(20).map((r) => names.map((_, n) => r * 10_000 + n).join(','));
    const seen = await audited((dir) => {
      writeFile(dir, 'exports/wide.csv', `${names.join(',')}\n${rows.join('\n')}\n`);
      writeFile(dir, 'exports/wide-2.csv', `${names.join(',')}\n${rows.slice(1).join('\n')}\n`);
    });
    expect(seen.store('exports/wide.csv').reason?.message).toContain('2000 columns');
    expect(seen.findings('unreadable-store')[0]?.stores).toEqual(['exports/wide-2.csv', 'exports/wide.csv']);
  });
});

describe('whatever comes', () => {
  /** Each row takes milliseconds to compute: the file is small, and reading it would take minutes. */
  const SLOW = [
    'CREATE TABLE slow (id INTEGER PRIMARY KEY)',
    'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 4000) INSERT INTO slow (id) SELECT i FROM n',
    'ALTER TABLE slow ADD COLUMN size AS (length(hex(zeroblob(3000000 + id))))',
  ];
  const slowly = (dir: string): void => {
    makeStore(dir, 'data/slow.db', ...SLOW);
    // As if a program had it open: it is read from a private copy.
    writeFile(dir, 'data/slow.db-wal', '');
  };

  function temporaryFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'own-temporary-'));
    opened.push({ close: () => rmSync(folder, { recursive: true, force: true }) });
    return folder;
  }

  /** Files of private copies, with their sizes. */
  function copies(temporary: string): readonly number[] {
    return readdirSync(temporary).flatMap((folder) =>
      readdirSync(join(temporary, folder)).map(
        (name) => statSync(join(temporary, folder, name), { throwIfNoEntry: false })?.size ?? 0,
      ),
    );
  }

  async function until(holds: () => boolean, limitMs = 20_000): Promise<void> {
    const started = performance.now();
    while (!holds()) {
      if (performance.now() - started > limitMs) throw new RangeError('it did not come to that in time');
      await sleep(20);
    }
  }

  function processes(): readonly { readonly pid: number; readonly parent: number; readonly state: string }[] {
    const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
    return table
      .trim()
      .split('\n')
      .map((line) => {
        const [pid, parent, state = ''] = line.trim().split(/\s+/);
        return { pid: Number(pid), parent: Number(parent), state };
      });
  }

  const childrenOf = (pid: number): readonly number[] =>
    processes()
      .filter(({ parent }) => parent === pid)
      .map((child) => child.pid);

  /** A dead process whose parent has not looked yet is dead, too. */
  const alive = (pids: readonly number[]): readonly number[] =>
    processes()
      .filter(({ pid, state }) => pids.includes(pid) && !state.startsWith('Z'))
      .map(({ pid }) => pid);

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s while a store is read', async (signal) => {
    const { dir, untouched } = await projectWith(slowly);
    const temporary = temporaryFolder();
    let children: readonly number[] = [];
    const run = await untouched(() =>
      runCli(['-C', dir, 'audit', '--no-cache'], {
        env: { TMPDIR: temporary },
        signal,
        signalAfter: async (pid) => {
          await until(() => copies(temporary).length > 0);
          await sleep(800);
          children = childrenOf(pid);
        },
      }),
    );
    expectNoTrace(run);
    expect(run.code, run.stderr).toBe(130);
    expect(run.stderr).toContain('DSP-CANCELLED');
    expect(run.stdout).toBe('');
    expect(run.msAfterSignal).toBeLessThan(3_000);
    expect(readdirSync(temporary)).toEqual([]);
    expect(children.length).toBeGreaterThan(0);
    // A process that was killed dies when the machine comes to it.
    await until(() => alive(children).length === 0, 5_000);
  });

  it('SIGINT while stores are compared', async () => {
    const { dir } = await projectWith((root) => {
      slowly(root);
      makeStore(root, 'data/slow-2.db', ...SLOW);
    });
    const temporary = temporaryFolder();
    const run = await runCli(['-C', dir, 'diff', 'data/slow.db', 'data/slow-2.db', '--json'], {
      env: { TMPDIR: temporary },
      signal: 'SIGINT',
      signalAfter: async () => {
        await until(() => copies(temporary).length > 0);
        await sleep(800);
      },
    });
    expectNoTrace(run);
    expect(run.code, run.stderr).toBe(130);
    expect(JSON.parse(run.stdout)).toMatchObject({ version: 1, error: { code: 'DSP-CANCELLED' } });
    expect(run.msAfterSignal).toBeLessThan(3_000);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('SIGINT while a large store is copied', async () => {
    const { dir } = await projectWith((root) => {
      makeStore(root, 'data/large.db', TABLE, guests(40));
      truncateSync(join(root, 'data/large.db'), 8 * GIB);
      writeFile(root, 'data/large.db-wal', '');
    });
    const temporary = temporaryFolder();
    const run = await runCli(['-C', dir, 'audit', '--no-cache'], {
      env: { TMPDIR: temporary },
      signal: 'SIGINT',
      signalAfter: () => until(() => copies(temporary).some((bytes) => bytes > 20_000_000)),
    });
    expectNoTrace(run);
    expect(run.code, run.stderr).toBe(130);
    expect(run.msAfterSignal).toBeLessThan(3_000);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('Ctrl-C in a terminal, which reaches the children as well', async () => {
    const { dir } = await projectWith(slowly);
    const temporary = temporaryFolder();
    const child = spawn(process.execPath, [BIN, '-C', dir, 'audit', '--no-cache'], {
      detached: true,
      env: { ...process.env, NODE_OPTIONS: '', TMPDIR: temporary },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const pid = child.pid ?? 0;
    await until(() => copies(temporary).length > 0);
    await sleep(800);
    const children = childrenOf(pid);
    const signalled = performance.now();
    process.kill(-pid, 'SIGINT');
    expect(await ended, stderr).toBe(130);
    expect(performance.now() - signalled).toBeLessThan(3_000);
    expect(stderr).toContain('DSP-CANCELLED');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(readdirSync(temporary)).toEqual([]);
    // A process that was killed dies when the machine comes to it.
    await until(() => alive(children).length === 0, 5_000);
  });

  it('what a killed run leaves behind is removed by the next one, and is for nobody to read', async () => {
    const { dir } = await projectWith(slowly);
    const temporary = temporaryFolder();
    let children: readonly number[] = [];
    const run = await runCli(['-C', dir, 'audit', '--no-cache'], {
      env: { TMPDIR: temporary },
      signal: 'SIGKILL',
      signalAfter: async (pid) => {
        await until(() => copies(temporary).length > 0);
        await sleep(800);
        children = childrenOf(pid);
      },
    });
    // Reading goes on for longer than that: the children end because nobody waits for them.
    await until(() => alive(children).length === 0);
    expect(children.length).toBeGreaterThan(0);
    expect(run.code).toBeNull();
    const [left = ''] = readdirSync(temporary);
    expect(statSync(join(temporary, left)).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(join(temporary, left)))
      expect(statSync(join(temporary, left, name)).mode & 0o777).toBe(0o600);
    const other = await projectWith(() => {});
    await other.audit([], { env: { TMPDIR: temporary } });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('a store that takes longer than --timeout is not verified; the others are', async () => {
    const project = await projectWith(slowly);
    const seen = await soundly(project, ['--timeout', '1']);
    expectNotVerified(seen, 'data/slow.db', 'timeout');
  });

  it('a temporary folder that cannot be used', async () => {
    const { dir } = await projectWith(slowly);
    const failure = await failureOf(['-C', dir, 'audit'], { env: { TMPDIR: join(dir, 'no-such-folder') } });
    expect(failure).toMatchObject({ code: 'DSP-SCRATCH' });
    expect(failure.message).toContain('no-such-folder');
  });

  it('a reader that has seen enough', async () => {
    const { dir } = await projectWith((root) => {
      // More than a pipe takes at once.
      const tables = range(800).map((n) => `CREATE TABLE table_${n} (id INTEGER PRIMARY KEY, name TEXT, note TEXT);`);
      makeStore(root, 'data/many.db', tables.join('\n'));
    });
    for (const args of ['audit', 'audit --json', 'audit --details', 'explain']) {
      const script = `{ "$0" "$1" -C "$2" ${args}; echo "exit $?" >&2; } | head -1`;
      const { stdout, stderr } = await shell(script, [process.execPath, BIN, dir]);
      expect(stdout.split('\n'), args).toHaveLength(2);
      expect(stderr, args).toMatch(/^exit [01]\n$/);
    }
  });

  it('a disk that is full', async () => {
    const { dir } = await projectWith(() => {});
    if (!existsSync('/dev/full')) return;
    const { stderr } = await shell('"$0" "$1" -C "$2" audit >/dev/full; echo "exit $?" >&2', [
      process.execPath,
      BIN,
      dir,
    ]);
    expect(stderr).toContain('exit 2\n');
    expect(stderr).not.toMatch(/\n\s+at |node:internal|This is a bug/);
  });

  it('everything at once, in each form of the report', async () => {
    const project = await projectWith((dir) => {
      makeStore(dir, 'data/torn.db', TABLE, guests(200));
      truncateSync(join(dir, 'data/torn.db'), 3 * PAGE + 1000);
      makeStore(dir, 'data/malformed.db', TABLE, rewriteSchema("UPDATE sqlite_schema SET sql = 'CREATE'"));
      makeStore(dir, 'data/odd\nname\u001b[31m.db', TABLE, guests(5));
      writeFile(dir, 'data/big.db', '');
      truncateSync(join(dir, 'data/big.db'), 10 * GIB);
      writeFile(dir, 'exports/open.csv', 'id,name,note\n1,Anna,ok\n2,"Bela,x,y\n');
      writeFile(dir, 'exports/deep.jsonl', `{"id":1}\n{"id":${'['.repeat(100_000)}`);
      writeFile(dir, 'exports/latin.jsonl', Buffer.from('{"id":1,"name":"Jörg"}\n', 'latin1'));
      execFileSync('mkfifo', [join(dir, 'data/pipe.db'), join(dir, 'data/torn.db-wal')]);
      symlinkSync('..', join(dir, 'data/up'));
    });
    for (const args of ['', '--details', '--exact', '--format markdown', '--format sarif', '--progress ndjson']) {
      const words = args.split(' ').filter((word) => word !== '');
      const run = await project.untouched(() => runCli(['-C', project.dir, 'audit', '--no-cache', ...words]));
      expectNoTrace(run);
      expect(run.code, run.stderr).toBe(1);
      // The first screen counts them; the others name them.
      if (/details|format/.test(args))
        for (const name of ['torn.db', 'malformed.db', 'open.csv', 'deep.jsonl', 'latin.jsonl'])
          expect(run.stdout, `${args}: ${name}`).toContain(name);
      // A file name must not steer the terminal.
      expect(run.stdout).not.toContain('\u001b');
    }
  });
});

interface ShellRun {
  readonly stdout: string;
  readonly stderr: string;
}

async function shell(script: string, args: readonly string[]): Promise<ShellRun> {
  const child = spawn('sh', ['-c', script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const run = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    run.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    run.stderr += chunk;
  });
  await new Promise((resolve) => child.on('close', resolve));
  return run;
}

/** Makes the first interior page of the file lead to itself. */
function loopPages(file: string): void {
  const bytes = readFileSync(file);
  for (let page = 2; page * PAGE <= bytes.length; page++) {
    const at = (page - 1) * PAGE;
    if (bytes[at] !== 5) continue;
    const cells = bytes.readUInt16BE(at + 3);
    for (let cell = 0; cell < cells; cell++) bytes.writeUInt32BE(page, at + bytes.readUInt16BE(at + 12 + 2 * cell));
    bytes.writeUInt32BE(page, at + 8);
    writeFileSync(file, bytes);
    return;
  }
  throw new RangeError('the fixture has no interior page');
}

import { existsSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { byKey, mergeGround, refers } from '../../../test/merge-ground.ts';
import type { PartSpec } from '../model.ts';

const ground = mergeGround();
afterAll(() => ground.remove());

const column = (name: string, type = 'TEXT', more: object = {}) => ({
  name,
  type,
  added: false,
  normaliser: 'exact' as const,
  ...more,
});

describe('columns', () => {
  it('one that the target gets takes what a source has, and is no conflict; two sources may have one', () => {
    const table = 'CREATE TABLE people (email TEXT PRIMARY KEY, name TEXT';
    const people = {
      identity: byKey('email'),
      columns: [column('email', 'TEXT'), column('name', 'TEXT'), column('phone', 'TEXT', { added: true })],
    };
    const target = `${table}); INSERT INTO people VALUES ('a','A'), ('b','B')`;
    const first = `${table}, phone TEXT); INSERT INTO people VALUES ('a','A','1'), ('b','B',NULL)`;
    const { rows, ledger, result } = ground.merge({ target, sources: [first], tables: { people } });
    expect(rows('SELECT email, phone FROM people ORDER BY 1')).toEqual([
      ['a', '1'],
      ['b', null],
    ]);
    expect(ledger('SELECT won, lost, winner, name FROM differs_1 JOIN rules USING (rule)')).toEqual([
      ['1', null, 1, 'complete'],
    ]);
    expect(result.unsettled).toEqual([]);
    const second = `${table}, phone TEXT); INSERT INTO people VALUES ('a','A','2')`;
    const two = ground.merge({ target, sources: [first, second], tables: { people } });
    expect(two.result.unsettled).toEqual([{ table: 'people', column: 'phone', rows: 1 }]);
  });
  it('by name, in any order; added, filled, left out, by default (trap R6)', () => {
    const { rows, result, ledger } = ground.merge({
      target: `CREATE TABLE t (k TEXT PRIMARY KEY, a TEXT, need INTEGER NOT NULL, d TEXT DEFAULT 'dflt'); INSERT INTO t VALUES ('1','a',1,'x')`,
      sources: [
        `CREATE TABLE t (extra BLOB, a TEXT, left TEXT, k TEXT PRIMARY KEY); INSERT INTO t VALUES (x'00ff','A','l','2'),(7,'B','','3')`,
      ],
      tables: {
        t: {
          identity: byKey('k'),
          columns: [
            column('k'),
            column('a'),
            column('need', 'INTEGER'),
            column('d'),
            column('extra', 'BLOB', { added: true }),
          ],
          from: (part: PartSpec) => ({ ...part, columns: { ...part.columns, need: { fill: 5 } }, leftOut: ['left'] }),
        },
      },
    });
    expect(rows('SELECT k, a, need, d, quote(extra) FROM t ORDER BY k')).toEqual([
      ['1', 'a', 1, 'x', 'NULL'],
      ['2', 'A', 5, 'dflt', "X'00FF'"],
      ['3', 'B', 5, 'dflt', '7'],
    ]);
    expect(result.parts[0]?.leftOut).toEqual({ left: 1 });
    expect(ledger('SELECT source_column, filled FROM left_out')).toEqual([['left', 1]]);
  });

  it('that are required and missing retain the rows; those of a key that meets one are compared all the same (trap R7)', () => {
    const { counts, result } = ground.merge({
      target: `CREATE TABLE t (k TEXT PRIMARY KEY, need INTEGER NOT NULL); INSERT INTO t VALUES ('1',1)`,
      sources: [`CREATE TABLE t (k TEXT PRIMARY KEY); INSERT INTO t VALUES ('1'),('2')`],
      tables: { t: { identity: byKey('k') } },
    });
    expect(counts).toEqual(['0/1/0/1']);
    expect(result.parts[0]?.retainedBy).toEqual([{ rule: 'required-column', detail: 'need', rows: 1 }]);
  });

  it('that would make another value of it retain the row; what can be turned back is stored as they have it', () => {
    const { counts, rows, result } = ground.merge({
      target: "CREATE TABLE t (k TEXT PRIMARY KEY, n INTEGER, s TEXT); INSERT INTO t VALUES ('a',7,'8')",
      sources: [
        `CREATE TABLE t (k, n, s); INSERT INTO t VALUES ('a','7',8),('b','007','x'),('c','9',10),('d','abc',x'01'),('e',2.5,9e999)`,
      ],
      tables: { t: { identity: byKey('k') } },
    });
    expect(counts).toEqual(['2/1/0/2']);
    expect(result.parts[0]?.retainedBy).toEqual([
      { rule: 'would-change', detail: 'n', rows: 1, examples: ['"999"'] },
      { rule: 'would-change', detail: 's', rows: 1, examples: ['Infinity'] },
    ]);
    expect(rows('SELECT k, quote(n), quote(s) FROM t ORDER BY k')).toEqual([
      ['a', '7', "'8'"],
      ['c', '9', "'10'"],
      ['d', "'abc'", "X'01'"],
    ]);
  });

  it('are written in the form of the target', () => {
    const { rows } = ground.merge({
      target: `CREATE TABLE t (id TEXT PRIMARY KEY, at TEXT, on_ INTEGER); INSERT INTO t VALUES ('0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9','2024-01-02 03:04:05',1)`,
      sources: [
        `CREATE TABLE t (id TEXT, at TEXT, on_ TEXT); INSERT INTO t VALUES ('0A1B2C3D4E5F60718293A4B5C6D7E8F9','2024-01-02T03:04:05Z','yes'),('1a1b2c3d4e5f60718293a4b5c6d7e8f9','2024-01-02T03:04:05','false'),('nobody','never','maybe')`,
      ],
      tables: {
        t: {
          identity: byKey('id'),
          columns: [
            column('id', 'TEXT', { normaliser: 'uuid' }),
            column('at', 'TEXT', { normaliser: 'timestamp' }),
            column('on_', 'INTEGER', { normaliser: 'boolean' }),
          ],
          from: (part: PartSpec) => ({
            ...part,
            columns: {
              id: { from: 'id', form: 'uuid-dashed' },
              at: { from: 'at', form: 'timestamp-space' },
              on_: { from: 'on_', form: 'boolean' },
            },
          }),
        },
      },
    });
    expect(rows('SELECT id, at, on_ FROM t ORDER BY id').slice(1)).toEqual([
      ['1a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9', '2024-01-02 03:04:05', 0],
      ['nobody', 'never', 'maybe'],
    ]);
  });
});

describe('rows that are refused', () => {
  it('alone are retained, with what SQLite says; those that refer to them, in a circle too, with them (trap R10)', () => {
    const schema =
      'CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT UNIQUE, n INTEGER CHECK (n > 0), up INTEGER REFERENCES t (id));';
    const plain = schema.replace(' CHECK (n > 0)', '');
    const { counts, result, rows } = ground.merge({
      target: `${schema} INSERT INTO t VALUES (1,'a',1,NULL)`,
      sources: [
        `${plain} INSERT INTO t VALUES (1,'b',-1,2),(2,'c',1,NULL),(3,'d',1,1),(4,'e',1,3),(5,'f',1,2),(6,'g',1,5)`,
      ],
      tables: { t: { identity: byKey('k'), surrogate: 'id', references: [refers('up', 't')] } },
    });
    expect(counts).toEqual(['3/0/0/3']);
    expect(result.parts[0]?.retainedBy).toEqual([
      { rule: 'parent-retained', detail: null, rows: 2 },
      { rule: 'refused', detail: expect.stringContaining('CHECK constraint failed'), rows: 1, examples: ['-9'] },
    ]);
    expect(rows('SELECT t.k, u.k FROM t LEFT JOIN t u ON u.id = t.up ORDER BY 1')).toEqual([
      ['a', null],
      ['c', null],
      ['f', 'c'],
      ['g', 'f'],
    ]);
  });

  it('show what their values look like, the most frequent first, and nothing of what they say (trap R7)', () => {
    const { result } = ground.merge({
      target: "CREATE TABLE t (k TEXT PRIMARY KEY, role TEXT NOT NULL CHECK (role IN ('admin', 'user')))",
      sources: [
        "CREATE TABLE t (k TEXT PRIMARY KEY, role TEXT); INSERT INTO t VALUES ('a','Owner'),('b','guest'),('c','admin'),('d',NULL),('e','Other'),('f','g-1')",
      ],
      tables: { t: { identity: byKey('k') } },
    });
    expect(result.parts[0]?.retainedBy).toEqual([
      {
        rule: 'refused',
        detail: "CHECK constraint failed: role IN ('admin', 'user')",
        rows: 4,
        examples: ['"Aaaaa"', '"a-9"', '"aaaaa"'],
      },
      { rule: 'refused', detail: 'NOT NULL constraint failed: t.role', rows: 1 },
    ]);
  });

  it('are refused whatever the constraint says should be done instead', () => {
    const { counts, result, rows } = ground.merge({
      target: `CREATE TABLE t (code TEXT PRIMARY KEY ON CONFLICT REPLACE, mail TEXT UNIQUE ON CONFLICT IGNORE); INSERT INTO t VALUES ('a','m')`,
      sources: [
        `CREATE TABLE t (code TEXT PRIMARY KEY, mail TEXT); INSERT INTO t VALUES ('a','n'),('b','o'),('c','o')`,
      ],
      tables: { t: { identity: byKey('mail') } },
    });
    expect(counts).toEqual(['1/0/0/2']);
    expect(result.parts[0]?.retainedBy.map(({ rule }) => rule)).toEqual(['key-taken', 'two-matches']);
    expect(rows('SELECT * FROM t ORDER BY 1')).toEqual([
      ['a', 'm'],
      ['b', 'o'],
    ]);
  });

  it('many of them', () => {
    const n = (from: string) =>
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t SELECT i, ${from} FROM n`;
    const { counts } = ground.merge({
      target: `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER UNIQUE); INSERT INTO t VALUES (1, 50)`,
      sources: [`CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); ${n('iif(i % 7 = 0, 50, i + 100)')}`],
      tables: { t: { identity: { kind: 'none' }, surrogate: 'id' } },
    });
    expect(counts).toEqual(['2572/0/0/428']);
  });
});

describe('kinds of tables and values (traps R12, R16)', () => {
  it('STRICT, WITHOUT ROWID, generated columns, partial and expression indexes', () => {
    const schema = `CREATE TABLE p (a INTEGER, b TEXT, sum INTEGER AS (a + 1) STORED, PRIMARY KEY (b, a)) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX part ON p (a) WHERE a > 100; CREATE INDEX ex ON p (lower(b));
      CREATE TABLE u (id INTEGER PRIMARY KEY, k TEXT UNIQUE); CREATE TABLE link (u INTEGER, p TEXT, PRIMARY KEY (u, p)) WITHOUT ROWID;`;
    const { rows, counts, ledger } = ground.merge({
      target: `${schema} INSERT INTO p VALUES (1,'x'),(200,'y'); INSERT INTO u VALUES (1,'a'),(2,'b'); INSERT INTO link VALUES (1,'x')`,
      sources: [
        `${schema} INSERT INTO p VALUES (1,'x'),(2,'x'),(200,'z'); INSERT INTO u VALUES (1,'c'),(2,'a'); INSERT INTO link VALUES (1,'x'),(2,'x'),(2,'q')`,
      ],
      tables: {
        p: { identity: byKey('a', 'b') },
        u: { identity: byKey('k'), surrogate: 'id' },
        link: { identity: byKey('u', 'p'), references: [refers('u', 'u')] },
      },
    });
    expect(counts).toEqual(['1/1/0/1', '1/1/0/0', '2/1/0/0']);
    expect(rows('SELECT a, b, sum FROM p ORDER BY 1, 2')).toEqual([
      [1, 'x', 2],
      [2, 'x', 3],
      [200, 'y', 201],
    ]);
    expect(rows('SELECT k, p FROM link JOIN u ON u.id = link.u ORDER BY 1, 2')).toEqual([
      ['a', 'q'],
      ['a', 'x'],
      ['c', 'x'],
    ]);
    expect(ledger('SELECT o0, o1, presence, k0, k1 FROM rows_3 ORDER BY 1, 2')).toEqual([
      [1, 'x', 1, 3, 'x'],
      [2, 'q', 1, 1, 'q'],
      [2, 'x', 2, 1, 'x'],
    ]);
  });

  it('values are exact: 64 bits, infinities, NUL, broken UTF-8, blobs, empty text and NULL', () => {
    const values =
      "(1, 9223372036854775807),(2, 9e999),(3, -9e999),(4, 'a' || char(0) || 'b'),(5, CAST(x'ff41' AS TEXT)),(6, x'ff41'),(7, ''),(8, NULL),(9, 0.1),(10, 9007199254740993),(11, -0.0),(12, x'')";
    const schema = 'CREATE TABLE t (id INTEGER PRIMARY KEY, v);';
    const { rows, request } = ground.merge({
      target: `${schema} INSERT INTO t VALUES (1, 'first')`,
      sources: [`${schema} INSERT INTO t VALUES ${values}`],
      tables: { t: { identity: byKey('v'), surrogate: 'id' } },
    });
    expect(request.files.sources).toHaveLength(1);
    expect(rows("SELECT typeof(v), hex(CAST(v AS BLOB)), quote(v) FROM t WHERE v IS NOT 'first' ORDER BY id")).toEqual(
      ground
        .merge({ target: `${schema} INSERT INTO t VALUES ${values}`, sources: [], tables: { t: {} } })
        .rows('SELECT typeof(v), hex(CAST(v AS BLOB)), quote(v) FROM t ORDER BY iif(id = 1, 99, id)')
        .toSorted(() => 0),
    );
  });

  it('a surrogate that is not the rowid, a hidden rowid, keys without any', () => {
    const schema =
      'CREATE TABLE a (n INT PRIMARY KEY, k TEXT UNIQUE); CREATE TABLE b (a INT, what TEXT); CREATE TABLE c (n INTEGER PRIMARY KEY, k TEXT UNIQUE) WITHOUT ROWID;';
    const { rows, counts } = ground.merge({
      target: `${schema} INSERT INTO a VALUES (1,'x'),(2,'y'); INSERT INTO b VALUES (1,'of x'); INSERT INTO c VALUES (1,'x')`,
      sources: [
        `${schema} INSERT INTO a VALUES (1,'y'),(2,'z'),(30,'w'); INSERT INTO b VALUES (1,'of y'),(2,'of z'),(30,'of w'); INSERT INTO c VALUES (1,'y'),(7,'z')`,
      ],
      tables: {
        a: { identity: byKey('k'), surrogate: 'n' },
        b: { references: [refers('a', 'a', 'n')] },
        c: { identity: byKey('k'), surrogate: 'n' },
      },
    });
    expect(counts).toEqual(['2/1/0/0', '3/0/0/0', '2/0/0/0']);
    expect(rows('SELECT what, k FROM b JOIN a ON a.n = b.a ORDER BY 1')).toEqual([
      ['of w', 'w'],
      ['of x', 'x'],
      ['of y', 'y'],
      ['of z', 'z'],
    ]);
    expect(rows('SELECT n, k FROM c ORDER BY n')).toEqual([
      [1, 'x'],
      [7, 'z'],
      [8, 'y'],
    ]);
  });

  it('records of a text store, their references as text', () => {
    const { rows, counts } = ground.merge({
      target:
        "CREATE TABLE u (id INTEGER PRIMARY KEY, k TEXT UNIQUE); CREATE TABLE o (id INTEGER PRIMARY KEY, u INTEGER, n TEXT); INSERT INTO u VALUES (1,'a')",
      sources: [
        "CREATE TABLE u (id, k); CREATE TABLE o (id, u, n); INSERT INTO u VALUES ('1','b'),('2','a'),('x','c'); INSERT INTO o VALUES ('1','1','of b'),('2','2','of a')",
      ],
      kind: 'text',
      tables: { u: { identity: byKey('k'), surrogate: 'id' }, o: { surrogate: 'id', references: [refers('u', 'u')] } },
    });
    expect(counts).toEqual(['2/1/0/0', '2/0/0/0']);
    expect(rows('SELECT n, k, typeof(u) FROM o JOIN u ON u.id = o.u ORDER BY 1')).toEqual([
      ['of a', 'a', 'integer'],
      ['of b', 'b', 'integer'],
    ]);
  });
});

describe('the rest of the target', () => {
  it('triggers do not fire and come back text for text; full-text tables are in step (trap R11)', () => {
    const schema = `CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT); CREATE TABLE log (n);
      CREATE VIRTUAL TABLE own USING fts5(body); CREATE VIRTUAL TABLE ext USING fts5(body, content='docs', content_rowid='id');
      CREATE VIRTUAL TABLE bare USING fts5(body, content='');
      CREATE TRIGGER fts AFTER INSERT ON docs BEGIN INSERT INTO own(rowid, body) VALUES (new.id, new.body); END;
      CREATE TRIGGER  loud  AFTER INSERT ON docs BEGIN INSERT INTO log VALUES (new.id); END; -- end
      CREATE VIEW v AS SELECT body FROM docs;`;
    const { rows, result } = ground.merge({
      target: `${schema} INSERT INTO docs VALUES (1,'one fish')`,
      sources: [`CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO docs VALUES (1,'two fish')`],
      tables: { docs: { surrogate: 'id' } },
    });
    expect(rows("SELECT count(*) FROM own WHERE own MATCH 'fish'")).toEqual([[2]]);
    expect(rows("SELECT count(*) FROM ext WHERE ext MATCH 'fish'")).toEqual([[2]]);
    expect(rows('SELECT count(*) FROM log')).toEqual([[1]]);
    expect(rows('SELECT count(*) FROM v')).toEqual([[2]]);
    expect(rows("SELECT sql FROM sqlite_schema WHERE name = 'loud'")).toEqual([
      ['CREATE TRIGGER loud  AFTER INSERT ON docs BEGIN INSERT INTO log VALUES (new.id); END'],
    ]);
    expect(result.rebuilt).toEqual(['ext']);
    expect(result.notVerified.map(({ what }) => what)).toEqual(['bare']);
  });

  it('keeps WAL mode, page size, versions; no sidecar is left', () => {
    const { rows, request } = ground.merge({
      target:
        'PRAGMA page_size = 1024; PRAGMA auto_vacuum = 1; PRAGMA user_version = 7; PRAGMA application_id = 9; CREATE TABLE t (a); INSERT INTO t VALUES (1); PRAGMA journal_mode = WAL',
      sources: ['CREATE TABLE t (a); INSERT INTO t VALUES (2)'],
      tables: { t: {} },
    });
    expect(
      ['page_size', 'auto_vacuum', 'user_version', 'application_id'].map((name) => rows(`PRAGMA ${name}`)[0]?.[0]),
    ).toEqual([1024, 1, 7, 9]);
    expect([...readFileSync(request.merged).subarray(18, 20)]).toEqual([2, 2]);
    expect(
      ['-wal', '-shm', '-journal'].filter(
        (end) => existsSync(request.merged + end) || existsSync(request.ledger + end),
      ),
    ).toEqual([]);
  });

  it('tables that it lacks are made as their source has them, indexes included; so is a target that is not there', () => {
    const schema = `PRAGMA page_size = 8192; CREATE TABLE "t x" (id INTEGER PRIMARY KEY AUTOINCREMENT, k TEXT COLLATE NOCASE NOT NULL UNIQUE, n INT DEFAULT 5 CHECK (n > 0)); CREATE INDEX i ON "t x" (n) WHERE n > 1;`;
    const made = ground.merge({
      target: null,
      sources: [
        `${schema} INSERT INTO "t x" VALUES (4,'a',1)`,
        `${schema} INSERT INTO "t x" VALUES (4,'b',2),(5,'a',1)`,
      ],
      tables: { 't x': { madeFrom: 0, identity: byKey('k'), surrogate: 'id' } },
      idMapTable: true,
    });
    expect(made.counts).toEqual(['1/0/0/0', '1/1/0/0']);
    expect(made.rows('SELECT id, k, n FROM "t x" ORDER BY id')).toEqual([
      [4, 'a', 1],
      [6, 'b', 2],
    ]);
    expect(made.rows("SELECT sql FROM sqlite_schema WHERE name IN ('t x', 'i') ORDER BY name")).toEqual([
      ['CREATE INDEX "i" ON "t x" (n) WHERE n > 1'],
      [
        'CREATE TABLE "t x" (id INTEGER PRIMARY KEY AUTOINCREMENT, k TEXT COLLATE NOCASE NOT NULL UNIQUE, n INT DEFAULT 5 CHECK (n > 0))',
      ],
    ]);
    expect(made.rows('PRAGMA page_size')).toEqual([[8192]]);
    expect(
      made.rows('SELECT source, source_table, source_key, target_table, target_key FROM desprawl_id_map ORDER BY 1, 3'),
    ).toEqual([
      ['s1.db', 't x', 4, 't x', 6],
      ['s1.db', 't x', 5, 't x', 4],
    ]);
    expect(made.result.tables).toEqual([{ table: 't x', before: 0, after: 2 }]);
  });
});

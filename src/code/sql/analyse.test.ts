import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SqlUse } from '../facts.ts';
import { analyseSql } from './analyse.ts';

const said = (text: string): string =>
  analyseSql(text, 1)
    .map(({ verb, access, schema, table, unfiltered }) => {
      const name = schema === undefined ? table : `${schema}.${table}`;
      return `${verb}${access === 'read' ? '' : access === 'write' ? '!' : '+'} ${name}${unfiltered ? ' ALL' : ''}`;
    })
    .join(', ');

describe('uses of tables: reading', () => {
  it.each([
    ['SELECT * FROM a, b JOIN c USING (id), d AS x LEFT OUTER JOIN e ON x.i = e.i', 'a, b, c, d, e'],
    [
      'SELECT (SELECT 1 FROM a) FROM (SELECT * FROM b) x, (c JOIN d ON 1) WHERE i IN (SELECT i FROM e)',
      'a, b, c, d, e',
    ],
    ['SELECT 1 FROM a UNION ALL SELECT 2 FROM b EXCEPT (SELECT 3 FROM c) ORDER BY 1, 2', 'a, b, c'],
    ['SELECT EXTRACT(YEAR FROM ts), TRIM(BOTH FROM x), SUBSTRING(x FROM 2) FROM a', 'a'],
    ['SELECT 1 FROM a WHERE x IS DISTINCT FROM y AND y IS NOT DISTINCT FROM z', 'a'],
    ['SELECT * FROM generate_series(1, 2) g, unnest(x), json_each(t.j), a', 'a'],
    ['SELECT 1 FROM dual', ''],
    ['SELECT * FROM a CROSS JOIN LATERAL f(a.x) y JOIN LATERAL (SELECT 1 FROM b) z ON true', 'a, b'],
    ['SELECT * FROM a x JOIN a y ON x.p = y.i', 'a'],
    ['SELECT * FROM a FOR UPDATE', 'a'],
    ['SELECT a, b FROM c GROUP BY a, b HAVING x > 1 LIMIT 1, 2', 'c'],
    ['SELECT * FROM ONLY a', 'a'],
    ['SELECT * FROM "My ""T""", `b``q`, [c d], dbo.[e], x.y.z, \'f\'', 'My "T", b`q, c d, dbo.e, x.y.z, f'],
    ['SELECT * FROM ?, wp_?, {p}users, %s_log, %(t)s, "{t}", ?.x, :t, $1', '?, wp_?, ?users, ?_log, ?.x'],
    ['SELECT a[1], ARRAY[b, c] FROM t', 't'],
    ['SELECT * FROM @rows, #tmp', '#tmp'],
    ['EXPLAIN QUERY PLAN SELECT * FROM a', 'a'],
    ["SELECT * FROM a WHERE x = 'it\\'s FROM b' AND y = 'FROM c' -- FROM d\n/* FROM e /* FROM f */ FROM g */", 'a'],
    ["SELECT 'C:\\' , 1 FROM a", 'a'],
    ["SELECT E'a\\' FROM b', N'x' FROM c", 'c'],
    ["SELECT data #> '{a}', x::int, y @> z FROM a", 'a'],
    ['SELECT * FROM a # FROM b\n, c', 'a, c'],
    ['{% if x %}SELECT * FROM {{ ref("a") }}{% endif %} JOIN b ON 1', '?, b'],
    ['TABLE a', ''],
  ])('%s', (text, tables) => {
    expect(said(text).replaceAll('select ', '')).toBe(tables);
  });

  it.each([
    ['WITH a AS (SELECT * FROM x), b(n) AS (SELECT n FROM a) SELECT * FROM b, y', 'x, y'],
    ['WITH users AS (SELECT * FROM users) SELECT * FROM users', 'users'],
    ['WITH RECURSIVE r AS (SELECT 1 FROM base UNION ALL SELECT n FROM r JOIN o) SELECT * FROM r', 'base, o'],
    ['with t(n) as (values(1) union all select n+1 from t) select * from t, u', 'u'],
    ['SELECT * FROM (WITH c AS (SELECT 1 FROM d) SELECT * FROM c) x JOIN c ON 1', 'd, c'],
    ['WITH a AS NOT MATERIALIZED (SELECT 1 FROM b) SELECT * FROM s.a', 'b, s.a'],
    ['SELECT CAST(x AS TIMESTAMP WITH TIME ZONE) FROM a WITH (NOLOCK)', 'a'],
  ])('names that WITH gives are no tables: %s', (text, tables) => {
    expect(said(text).replaceAll('select ', '')).toBe(tables);
  });
});

describe('uses of tables: writing', () => {
  it.each([
    [
      'INSERT INTO a (x, y) VALUES (1, (SELECT i FROM b)) ON CONFLICT (x) DO UPDATE SET y = 1 RETURNING id',
      'insert! a, select b',
    ],
    ['INSERT OR REPLACE INTO a SELECT * FROM b', 'insert! a, select b'],
    ['INSERT IGNORE a SET x = 1', 'insert! a'],
    ['INSERT INTO a (value) SELECT v FROM b', 'insert! a, select b'],
    ['INSERT INTO a VALUES (1) ON DUPLICATE KEY UPDATE x = VALUES(x)', 'insert! a'],
    ['REPLACE INTO a VALUES (1)', 'replace! a'],
    ['WITH x AS (DELETE FROM a WHERE 1 RETURNING *) INSERT INTO b SELECT * FROM x', 'delete! a, insert! b'],
    ['UPDATE a SET x = 1', 'update! a ALL'],
    ['UPDATE a SET x = (SELECT y FROM b WHERE 1)', 'update! a ALL, select b'],
    ['UPDATE a SET x = 1 WHERE i = 2', 'update! a'],
    ['UPDATE a SET x = b.x FROM b WHERE a.i = b.i', 'update! a, select b'],
    ['UPDATE a JOIN b ON a.i = b.i SET a.x = b.x', 'update! a, select b'],
    ['UPDATE u SET x = 1 FROM users u WHERE 1', 'update! users, select users'],
    ['UPDATE a SET x = ? ?', 'update! a'],
    ['UPDATE a SET x = ?', 'update! a ALL'],
    ['DELETE FROM a', 'delete! a ALL'],
    ['DELETE FROM a ?', 'delete! a'],
    ['DELETE FROM a WHERE i = ?', 'delete! a'],
    ['DELETE FROM a USING b WHERE a.i = b.i', 'delete! a, select b'],
    ['DELETE u FROM users u JOIN b ON 1', 'delete! users, select users, select b'],
    [
      'MERGE INTO a t USING b s ON t.i = s.i WHEN MATCHED THEN UPDATE SET x = 1 WHEN NOT MATCHED THEN INSERT (x) VALUES (1)',
      'merge! a, select b',
    ],
    ['TRUNCATE TABLE a, b', 'truncate! a, truncate! b'],
    ['COPY a (x, y) FROM STDIN', 'copy! a'],
    ["COPY a TO 'x.csv'", 'copy a'],
    ['COPY (SELECT * FROM a) TO STDOUT', 'select a'],
    ["LOAD DATA LOCAL INFILE 'x' INTO TABLE a", 'load data! a'],
    ['EXPLAIN DELETE FROM a', 'explain a'],
    ['EXPLAIN ANALYZE DELETE FROM a', 'delete! a ALL'],
    ["ATTACH DATABASE 'x.db' AS o", 'attach o.x.db'],
    ['ATTACH ? AS o', 'attach o.?'],
    ["VACUUM INTO 'y.db'", 'vacuum into! y.db'],
    ['PRAGMA table_info(a)', 'pragma a'],
    ['PRAGMA journal_mode = WAL', ''],
    ['GRANT SELECT ON a TO b; REVOKE ALL ON a FROM b', ''],
    ['SHOW COLUMNS FROM a', 'show a'],
  ])('%s', (text, uses) => {
    expect(said(text)).toBe(uses);
  });
});

describe('uses of tables: declaring', () => {
  it.each([
    ['CREATE TABLE a AS SELECT * FROM b', 'create table+ a, select b'],
    ['CREATE TEMP TABLE a (x INT)', 'create temp table+ a'],
    ['CREATE VIRTUAL TABLE a USING fts5(b, content=c)', 'create virtual table+ a'],
    ['CREATE OR REPLACE VIEW v (x) AS SELECT x FROM a', 'create view+ v, select a'],
    [
      'CREATE MATERIALIZED VIEW IF NOT EXISTS v AS WITH c AS (SELECT 1 FROM a) SELECT * FROM c',
      'create view+ v, select a',
    ],
    ['CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.a (lower(x)) WHERE y', 'create index+ s.a'],
    [
      'CREATE TRIGGER t AFTER UPDATE OF x ON a FOR EACH ROW WHEN (1) BEGIN INSERT INTO b VALUES (1); DELETE FROM c WHERE 1; END;',
      'create trigger+ a, insert! b, delete! c',
    ],
    ['CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW UPDATE b SET x = 1 WHERE 1', 'create trigger+ a, update! b'],
    ['DROP TABLE IF EXISTS a, s.b CASCADE', 'drop table+ a, drop table+ s.b'],
    ['DROP VIEW v', 'drop view+ v'],
    ['DROP INDEX i', ''],
    ['ALTER TABLE ONLY a ADD CONSTRAINT k PRIMARY KEY (id)', 'alter table+ a'],
    ['RENAME TABLE a TO b', 'rename table+ a'],
    ['CREATE POLICY p ON a USING (x IN (SELECT 1 FROM b))', ''],
    ['CREATE EXTENSION x', ''],
    ['REFRESH MATERIALIZED VIEW CONCURRENTLY v', 'refresh materialized view! v'],
  ])('%s', (text, uses) => {
    expect(said(text)).toBe(uses);
  });

  it('reads columns with all that is said of them', () => {
    const [use] = analyseSql(
      `CREATE TABLE IF NOT EXISTS shop."Order" (
        id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key
        key VARCHAR (20) NOT NULL DEFAULT 'a, (b' UNIQUE,
        "user id" int REFERENCES users (id) ON DELETE SET NULL ON UPDATE SET DEFAULT,
        total NUMERIC(10, 2) DEFAULT (1 + 2) CHECK (total > 0),
        kind ENUM('a','B') COLLATE x,
        at TIMESTAMP(3) WITH TIME ZONE DEFAULT now() NOT NULL,
        big double precision, list TEXT[], [n] [nvarchar](50), own public.my_type, bare,
        twice INT GENERATED ALWAYS AS (id * 2) STORED,
        ident INT GENERATED BY DEFAULT AS IDENTITY,
        index INTEGER,
        CONSTRAINT c UNIQUE (big), UNIQUE KEY pair (list, n),
        FOREIGN KEY (index) REFERENCES other(id), KEY i (key, big), INDEX (big), CHECK (big > 1), PRIMARY KEY (id, key)
      ) ENGINE=InnoDB`,
      10,
    );
    expect(use).toMatchObject({ verb: 'create table', schema: 'shop', table: 'Order', line: 10, ifNotExists: true });
    expect(use?.columns).toEqual([
      { name: 'id', type: 'INTEGER', primaryKey: true },
      { name: 'key', type: 'VARCHAR(20)', notNull: true, default: "'a, (b'", unique: true, primaryKey: true },
      { name: 'user id', type: 'INT', references: 'users' },
      { name: 'total', type: 'NUMERIC(10,2)', default: '(1+2)' },
      { name: 'kind', type: "ENUM('a','B')" },
      { name: 'at', type: 'TIMESTAMP(3) WITH TIME ZONE', default: 'now()', notNull: true },
      { name: 'big', type: 'DOUBLE PRECISION', unique: true },
      { name: 'list', type: 'TEXT[]' },
      { name: 'n', type: 'NVARCHAR(50)' },
      { name: 'own', type: 'PUBLIC.MY_TYPE' },
      { name: 'bare', type: '' },
      { name: 'twice', type: 'INT' },
      { name: 'ident', type: 'INT' },
      { name: 'index', type: 'INTEGER', references: 'other' },
    ]);
  });

  it('keeps what a table is made with, where nothing is left open', () => {
    const body = (text: string): string | undefined => analyseSql(text, 1)[0]?.body;
    expect(
      body("CREATE TABLE IF NOT EXISTS main.a (b TEXT -- why\n CHECK (b <> ')'), UNIQUE (b)) WITHOUT ROWID, STRICT;"),
    ).toBe("(b TEXT CHECK (b <> ')'), UNIQUE (b)) WITHOUT ROWID, STRICT");
    expect(body('CREATE TABLE a (b INT) ENGINE=InnoDB')).toBe('(b INT)');
    expect(body('CREATE TABLE a (b INT); CREATE TABLE c (d INT)')).toBe('(b INT)');
    for (const open of [
      'CREATE TABLE a (b {type})',
      'CREATE TABLE a (b INT',
      'CREATE TABLE a AS SELECT 1',
      'CREATE TEMP TABLE a (b)',
    ])
      expect(body(open), open).toBeUndefined();
  });

  it('reads alterations', () => {
    const uses = analyseSql(
      `ALTER TABLE a ADD COLUMN IF NOT EXISTS x INT NOT NULL DEFAULT 0, DROP COLUMN IF EXISTS y CASCADE, DROP CONSTRAINT z;
       ALTER TABLE a RENAME b TO c; ALTER TABLE a RENAME TO d; ALTER TABLE a ADD CONSTRAINT k UNIQUE (x); ALTER TABLE a ADD p INT, q TEXT`,
      1,
    );
    expect(uses).toEqual([
      {
        verb: 'alter table',
        access: 'ddl',
        table: 'a',
        line: 1,
        ifNotExists: true,
        columns: [{ name: 'x', type: 'INT', notNull: true, default: '0' }],
        drops: ['y'],
      },
      { verb: 'alter table', access: 'ddl', table: 'a', line: 2, renames: [['b', 'c']] },
      { verb: 'alter table', access: 'ddl', table: 'a', line: 2, renamedTo: 'd' },
      { verb: 'alter table', access: 'ddl', table: 'a', line: 2 },
      {
        verb: 'alter table',
        access: 'ddl',
        table: 'a',
        line: 2,
        columns: [
          { name: 'p', type: 'INT' },
          { name: 'q', type: 'TEXT' },
        ],
      },
    ]);
  });
});

describe('scripts', () => {
  it.each([
    ['COPY a (x) FROM stdin;\n1\tDELETE FROM q;\n\\.\nSELECT * FROM z;', 'copy! a@1, select z@4'],
    ['\\c other\nSELECT * FROM a \\gexec\n\\i x.sql\nDELETE FROM b WHERE 1;', 'select a@2, delete! b@4'],
    [
      'DELIMITER //\nCREATE PROCEDURE p()\nBEGIN\n  DELETE FROM a WHERE 1;\n  UPDATE b SET x = 1 WHERE 1;\nEND//\nDELIMITER ;\nDROP TABLE c;',
      'delete! a@4, update! b@5, drop table+ c@8',
    ],
    [
      'INSERT INTO a VALUES (1)\nGO\nUPDATE b SET x = 1 WHERE 1\nDELETE FROM c WHERE 1\n',
      'insert! a@1, update! b@3, delete! c@4',
    ],
    [
      'DO $$\nBEGIN\n  IF NOT EXISTS (SELECT 1 FROM a) THEN\n    ALTER TABLE b ADD COLUMN x INT;\n  END IF;\nEND $$;\nSELECT 1 FROM c',
      'select a@3, alter table+ b@4, select c@7',
    ],
    [
      'CREATE FUNCTION f() RETURNS trigger AS $body$\nBEGIN\n INSERT INTO log VALUES (1);\n RETURN NEW;\nEND $body$ LANGUAGE plpgsql;',
      'insert! log@3',
    ],
    [
      '/*!40000 DROP TABLE IF EXISTS `a` */;\n/*!50001 CREATE VIEW `v` AS SELECT 1 */;',
      'drop table+ a@1, create view+ v@2',
    ],
    [
      "INSERT INTO a VALUES ('x\ny', 1);\r\nDELETE FROM b WHERE 1;\rDELETE FROM c WHERE 1",
      'insert! a@1, delete! b@3, delete! c@4',
    ],
  ])('%s', (text, uses) => {
    const found = analyseSql(text, 1).map(({ verb, access, table, line }) => {
      return `${verb}${access === 'read' ? '' : access === 'write' ? '!' : '+'} ${table}@${line}`;
    });
    expect(found.join(', ')).toBe(uses);
  });
});

/** What is kept as written is compared without capitals and blank space. */
const plain = (text: string): readonly Omit<SqlUse, 'line'>[] =>
  analyseSql(text, 1).map(({ line: _, body, ...use }) =>
    body === undefined ? use : { ...use, body: body.toUpperCase().replaceAll(/\s/g, '') },
  );

/** Statements as lists of words, so that anything may be put between them. */
const STATEMENTS: readonly (readonly string[])[] = [
  [
    'SELECT',
    '*',
    'FROM',
    'a',
    'x',
    'JOIN',
    'b',
    'ON',
    'x',
    '.',
    'i',
    '=',
    'b',
    '.',
    'i',
    ',',
    'c',
    'WHERE',
    'x',
    'IN',
    '(',
    'SELECT',
    '1',
    'FROM',
    'd',
    ')',
  ],
  [
    'WITH',
    'a',
    'AS',
    '(',
    'SELECT',
    '*',
    'FROM',
    'b',
    ')',
    'INSERT',
    'INTO',
    'c',
    '(',
    'x',
    ')',
    'SELECT',
    '*',
    'FROM',
    'a',
  ],
  ['UPDATE', 'a', 'SET', 'x', '=', "'q'", 'WHERE', 'y', '=', '1'],
  ['DELETE', 'FROM', 'a'],
  [
    'CREATE',
    'TABLE',
    'IF',
    'NOT',
    'EXISTS',
    'a',
    '(',
    'i',
    'INTEGER',
    'PRIMARY',
    'KEY',
    ',',
    'b',
    'VARCHAR',
    '(',
    '20',
    ')',
    'NOT',
    'NULL',
    'DEFAULT',
    "'x'",
    ',',
    'UNIQUE',
    '(',
    'b',
    ')',
    ')',
  ],
  ['ALTER', 'TABLE', 'a', 'ADD', 'COLUMN', 'b', 'INT', ',', 'DROP', 'COLUMN', 'c'],
  ['DROP', 'TABLE', 'a', ',', 'b'],
  ['MERGE', 'INTO', 'a', 'USING', 'b', 'ON', '1', 'WHEN', 'MATCHED', 'THEN', 'DELETE'],
];

describe('what does not change the meaning', () => {
  const gap = fc.constantFrom(
    ' ',
    '  ',
    '\n',
    '\t',
    '\r\n',
    ' /* FROM z */ ',
    ' -- FROM z\n',
    '\n# FROM z\n',
    '/* a /* b */ c */',
  );
  const spelled = (word: string, manner: number): string =>
    manner === 0
      ? word
      : manner === 1
        ? word.toLowerCase()
        : [...word].map((c, i) => (i % 2 ? c.toLowerCase() : c)).join('');

  it('blank space, comments and capitals', () => {
    const keyword = /^[A-Z]{2,}$/;
    fc.assert(
      fc.property(
        fc.constantFrom(...STATEMENTS),
        fc.array(fc.tuple(gap, fc.nat(2)), { minLength: 30, maxLength: 30 }),
        (words, ways) => {
          const text = words
            .map((word, index) => {
              const [between, manner] = ways[index] as [string, number];
              return (keyword.test(word) ? spelled(word, manner) : word) + between;
            })
            .join('');
          expect(plain(text)).toEqual(plain(words.join(' ')));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('quotes: any name comes back from each kind of quotes', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(...'ab Z0_-.;()\'"`]/*#,é') })
      .filter((one) => /^[a-zé]/i.test(one));
    fc.assert(
      fc.property(name, (of) => {
        for (const quoted of [
          `"${of.replaceAll('"', '""')}"`,
          `\`${of.replaceAll('`', '``')}\``,
          `[${of.replaceAll(']', ']]')}]`,
        ]) {
          for (const text of [
            `SELECT * FROM ${quoted} WHERE 1`,
            `INSERT INTO ${quoted} VALUES (1)`,
            `DROP TABLE s.${quoted}`,
          ]) {
            // Quotes inside quotes of another kind make a text look like MySQL's; names are the same in all dialects.
            expect(analyseSql(text, 1).map(({ table }) => table)).toEqual([of]);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is no SQL', () => {
  it('never throws', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...`SELECT |FROM |JOIN |(|)|,|;|'|"|\`|[|]|--|/*|*/|#|\\|\n|$$|$a$|?|{|}|{{|%s|:x|@|@a|CREATE TABLE |ALTER TABLE |ADD |a|b.|.|WITH |AS |INSERT INTO |VALUES |UPDATE |SET |DELETE |WHERE |UNION |BEGIN |THEN |END |DELIMITER |COPY |STDIN|E'|N'|1|=|REFERENCES |DEFAULT |PRIMARY KEY |UNIQUE |CONSTRAINT |MERGE |USING |EXPLAIN |PRAGMA |ATTACH |DROP |TABLE |TRIGGER |ON |DO |VIEW |INDEX `.split(
          '|',
        ),
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (parts) => {
        analyseSql(parts.join(''), 1);
      }),
      { numRuns: 3000 },
    );
  });

  it('is read in time that grows with its length', () => {
    for (const part of [
      "'",
      '"',
      '`',
      '[',
      '(',
      ')',
      '$$',
      '$a$',
      '$b',
      '/*',
      '/**/',
      '/*/',
      '--',
      '#',
      '\\',
      "\\'",
      "E'\\'",
      '{',
      '{{',
      '{%',
      '%(',
      ':',
      '?',
      'a.',
      'SELECT ',
      'FROM a,',
      'FROM (',
      'WITH a AS (',
      'a AS (',
      'CREATE TABLE a (',
      'CREATE TABLE a (b DEFAULT (',
      'UNIQUE (a), ',
      'INSERT INTO a VALUES (',
      "(1,'a'),",
      'ALTER TABLE a ADD b ',
      'ADD a, ',
      'COPY a FROM STDIN;\n',
      'DELIMITER x\n',
      'DO $$ ',
      'BEGIN ',
      'EXPLAIN (',
      'CREATE TRIGGER a ON b BEGIN ',
      'UPDATE a SET b=(',
      'UNION ',
      '\n',
      'DROP TABLE a, ',
      'PRIMARY KEY (a',
    ]) {
      analyseSql(part.repeat(200_000 / part.length), 1);
      analyseSql(`CREATE TABLE t (${part.repeat(200_000 / part.length)}`, 1);
      analyseSql(`INSERT INTO t VALUES (${part.repeat(200_000 / part.length)}`, 1);
    }
  }, 120_000);
});

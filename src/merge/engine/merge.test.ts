import { existsSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { byKey, mergeGround, refers } from '../../../test/merge-ground.ts';
import type { PartSpec } from '../model.ts';

const ground = mergeGround();
afterAll(() => ground.remove());

const PEOPLE = 'CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT);';
const ORDERS =
  'CREATE TABLE orders (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people (id), what TEXT, at TEXT);';
const people = { identity: byKey('email'), surrogate: 'id' };
const orders = { surrogate: 'id', references: [refers('person', 'people')] };

describe('ids', () => {
  it('stay where they are free, move by one offset where they collide, and references follow (trap R1)', () => {
    const { rows, counts, ledger, result } = ground.merge({
      target: `${PEOPLE}${ORDERS} INSERT INTO people VALUES (1,'a','A'),(2,'b','B'),(3,'c','C'); INSERT INTO orders VALUES (1,1,'x',''),(2,3,'y','')`,
      sources: [
        `${PEOPLE}${ORDERS} INSERT INTO people VALUES (1,'d','D'),(2,'a','A'),(3,'e','E'),(9,'f','F'); INSERT INTO orders VALUES (1,2,'p',''),(2,1,'q',''),(5,9,'r','')`,
      ],
      tables: { people, orders },
    });
    expect(counts).toEqual(['3/1/0/0', '3/0/0/0']);
    expect(rows('SELECT o.what, p.email, p.id FROM orders o JOIN people p ON p.id = o.person ORDER BY 1')).toEqual([
      ['p', 'a', 1],
      ['q', 'd', 10],
      ['r', 'f', 9],
      ['x', 'a', 1],
      ['y', 'c', 3],
    ]);
    expect(rows('SELECT id, email FROM people ORDER BY id')).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
      [9, 'f'],
      [10, 'd'],
      [12, 'e'],
    ]);
    expect(ledger('SELECT part, first, last, offset FROM spans ORDER BY 1, 2')).toEqual([
      [1, 1, 3, 9],
      [1, 9, 9, 0],
      [2, 1, 2, 5],
      [2, 5, 5, 0],
    ]);
    expect(result.parts.map(({ renumbered }) => renumbered)).toEqual([2, 2]);
  });

  it('never collide with what AUTOINCREMENT gave away, and its count is that of the highest', () => {
    const auto = PEOPLE.replace('PRIMARY KEY', 'PRIMARY KEY AUTOINCREMENT');
    const { rows } = ground.merge({
      target: `${auto} INSERT INTO people VALUES (1,'a','A'),(50,'z','Z'); DELETE FROM people WHERE id = 50`,
      sources: [`${auto} INSERT INTO people VALUES (1,'b','B'),(90,'y','Y'); DELETE FROM people WHERE id = 90`],
      tables: { people },
    });
    expect(rows('SELECT id FROM people ORDER BY id')).toEqual([[1], [91]]);
    expect(rows('SELECT seq FROM sqlite_sequence')).toEqual([[91]]);
  });

  it('at the end of 64 bits: free numbers below', () => {
    const { rows } = ground.merge({
      target: `${PEOPLE} INSERT INTO people VALUES (1,'a','A'),(9223372036854775807,'z','Z')`,
      sources: [`${PEOPLE} INSERT INTO people VALUES (1,'b','B'),(9223372036854775807,'y','Y'),(-5,'m','M')`],
      tables: { people },
    });
    expect(rows('SELECT email FROM people WHERE id BETWEEN -9 AND 4611686018427387904 ORDER BY id').flat()).toEqual([
      'm',
      'a',
      'b',
      'y',
    ]);
  });

  it('of more than ten stores, in any order of the same rows (trap R21)', () => {
    const sources = Array.from(
      { length: 12 },
      (_, i) => `${PEOPLE} INSERT INTO people VALUES (1,'p${i}','P'),(2,'a','A')`,
    );
    const { counts, rows } = ground.merge({
      target: `${PEOPLE} INSERT INTO people VALUES (1,'a','A')`,
      sources,
      tables: { people },
    });
    expect(counts).toEqual(sources.map(() => '1/1/0/0'));
    expect(rows('SELECT count(*), count(DISTINCT id) FROM people')).toEqual([[13, 13]]);
  });
});

describe('ghosts', () => {
  it('keep their value where it is free, get another one where it is not, and keep nobody out (trap R9)', () => {
    const { rows, ledger } = ground.merge({
      target: `${PEOPLE}${ORDERS} INSERT INTO people VALUES (1,'a','A'),(7,'g','G'); INSERT INTO orders VALUES (1,40,'ghost of the target','')`,
      sources: [
        `${PEOPLE}${ORDERS} INSERT INTO people VALUES (1,'b','B'),(40,'c','C'); INSERT INTO orders VALUES (2,7,'was 7',''),(3,60,'was 60',''),(4,40,'c','')`,
        `${PEOPLE} INSERT INTO people VALUES (60,'d','D')`,
      ],
      tables: { people, orders },
    });
    expect(rows('SELECT what, (SELECT email FROM people p WHERE p.id = person) FROM orders ORDER BY id')).toEqual([
      ['ghost of the target', null],
      ['was 7', null],
      ['was 60', null],
      ['c', 'c'],
    ]);
    expect(rows("SELECT id FROM people WHERE email = 'd'")).toEqual([[60]]);
    expect(ledger('SELECT target_table, part, old, new = old FROM ghosts ORDER BY part, old')).toEqual([
      ['people', null, 40, 1],
      ['people', 2, 7, 0],
      ['people', 2, 60, 0],
    ]);
  });
});

describe('ids of another store (trap R19)', () => {
  const memory = 'CREATE TABLE memory (id INTEGER PRIMARY KEY, account INTEGER, note TEXT);';
  const means = (store: number | 'target') => ({
    surrogate: 'id',
    references: [{ ...refers('account', 'people'), kind: 'inferred' as const }],
    from: (part: PartSpec): PartSpec => ({ ...part, idsOf: { account: store } }),
  });
  it('follow where the rows of that store went, also of one that comes later', () => {
    const { rows } = ground.merge({
      target: `${PEOPLE}${memory} INSERT INTO people VALUES (1,'a','A'),(2,'b','B')`,
      sources: [
        `${memory} INSERT INTO memory VALUES (1,1,'of c'),(2,2,'of a'),(3,1,'of c too'),(4,77,'of nobody')`,
        `${PEOPLE} INSERT INTO people VALUES (1,'c','C'),(2,'a','A')`,
      ],
      tables: { people, memory: means(1) },
    });
    expect(
      rows('SELECT note, (SELECT email FROM people p WHERE p.id = account), account FROM memory ORDER BY id'),
    ).toEqual([
      ['of c', 'c', 78],
      ['of a', 'a', 1],
      ['of c too', 'c', 78],
      ['of nobody', null, 77],
    ]);
  });
  it('stay where they are those of the target, and lead to nobody new', () => {
    const { rows } = ground.merge({
      target: `${PEOPLE}${memory} INSERT INTO people VALUES (1,'a','A')`,
      sources: [
        `${memory} INSERT INTO memory VALUES (1,1,'of a'),(2,5,'of nobody')`,
        `${PEOPLE} INSERT INTO people VALUES (5,'c','C')`,
      ],
      tables: { people, memory: means('target') },
    });
    expect(
      rows('SELECT note, (SELECT email FROM people p WHERE p.id = account), account FROM memory ORDER BY id'),
    ).toEqual([
      ['of a', 'a', 1],
      ['of nobody', null, 5],
    ]);
  });
});

describe('ids of another store that a constraint declares', () => {
  const notes = 'CREATE TABLE notes (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people (id), what TEXT);';
  const means = (store: number | 'target') => ({
    people,
    notes: {
      surrogate: 'id',
      references: [refers('person', 'people')],
      from: (part: PartSpec): PartSpec => (part.source === 0 ? { ...part, idsOf: { person: store } } : part),
    },
  });
  it('lead nowhere in the store that they mean, though their own has a row of that number: that is not one more than before', () => {
    for (const store of ['target', 1] as const) {
      const { rows } = ground.merge({
        target: `${PEOPLE}${notes}`,
        sources: [
          `${PEOPLE}${notes} INSERT INTO people VALUES (1,'a','A'); INSERT INTO notes VALUES (1,1,'of nobody')`,
          `${PEOPLE} INSERT INTO people VALUES (2,'b','B')`,
        ],
        tables: means(store),
      });
      expect(rows('SELECT what, (SELECT email FROM people p WHERE p.id = person) FROM notes')).toEqual([
        ['of nobody', null],
      ]);
    }
  });
});

describe('ids of another store in a table that refers to itself', () => {
  it('a number that leads nowhere there is the one of a row here', () => {
    const staff = 'CREATE TABLE staff (id INTEGER PRIMARY KEY, email TEXT UNIQUE, boss INTEGER, friend INTEGER);';
    const { rows } = ground.merge({
      target: `${staff} INSERT INTO staff VALUES (1,'t',NULL,NULL)`,
      sources: [
        `${staff} INSERT INTO staff VALUES (1,'a',NULL,1), (2,'b',1,NULL)`,
        `${staff} INSERT INTO staff VALUES (5,'c',NULL,NULL)`,
      ],
      tables: {
        staff: {
          identity: byKey('email'),
          surrogate: 'id',
          references: [refers('boss', 'staff'), refers('friend', 'staff')],
          from: (part: PartSpec) => (part.source === 0 ? { ...part, idsOf: { friend: 1 } } : part),
        },
      },
    });
    const who = (column: string) => `(SELECT p.email FROM staff p WHERE p.id = s.${column})`;
    expect(rows(`SELECT email, ${who('boss')}, ${who('friend')} FROM staff s ORDER BY 1`)).toEqual([
      ['a', null, null],
      ['b', 'a', null],
      ['c', null, null],
      ['t', null, null],
    ]);
  });

  it('also where the numbers of the rows here stay as they are', () => {
    const people = 'CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT UNIQUE);';
    const notes = 'CREATE TABLE notes (id INTEGER PRIMARY KEY, k TEXT UNIQUE, theirs INTEGER, ours INTEGER);';
    const { rows } = ground.merge({
      target: `${people}${notes}`,
      sources: [
        `${people}${notes}`,
        `${people}${notes} INSERT INTO people VALUES (1,'a'); INSERT INTO notes VALUES (1,'n',1,1), (2,'m',1,NULL)`,
      ],
      tables: {
        people: { identity: byKey('email'), surrogate: 'id' },
        notes: {
          identity: byKey('k'),
          surrogate: 'id',
          references: [refers('theirs', 'people'), refers('ours', 'people')],
          from: (part: PartSpec) => (part.source === 1 ? { ...part, idsOf: { theirs: 0 } } : part),
        },
      },
    });
    const who = (column: string) => `(SELECT p.email FROM people p WHERE p.id = n.${column})`;
    expect(rows(`SELECT k, ${who('theirs')}, ${who('ours')} FROM notes n ORDER BY 1`)).toEqual([
      ['m', null, null],
      ['n', null, 'a'],
    ]);
  });

  it('that store is worked on first, and the ledger tells in its order how a value came about', () => {
    const staff = 'CREATE TABLE staff (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, boss INTEGER);';
    const { rows, ledger } = ground.merge({
      target: `${staff} INSERT INTO staff VALUES (1,'a','A',NULL)`,
      sources: [
        `${staff} INSERT INTO staff VALUES (1,'a','first',1), (2,'c','C',2)`,
        `${staff} INSERT INTO staff VALUES (1,'b','B',NULL), (2,'a','second',NULL)`,
      ],
      tables: {
        staff: {
          identity: byKey('email'),
          surrogate: 'id',
          references: [refers('boss', 'staff')],
          differ: { name: 'source', boss: 'source' },
          from: (part: PartSpec) => (part.source === 0 ? { ...part, idsOf: { boss: 1 } } : part),
        },
      },
    });
    expect(rows('SELECT s.email, s.name, b.email FROM staff s LEFT JOIN staff b ON b.id = s.boss ORDER BY 1')).toEqual([
      ['a', 'first', 'b'],
      ['b', 'B', null],
      ['c', 'C', 'a'],
    ]);
    const names = (part: number) => ledger(`SELECT won, lost FROM differs_${part} WHERE "column" = 2`);
    expect([names(1), names(2)]).toEqual([[['second', 'A']], [['first', 'second']]]);
  });
});

describe('references of all kinds (trap R3)', () => {
  it('ids in text, typed pairs, arrays of ids whose text otherwise stays', () => {
    const more = `${PEOPLE} CREATE TABLE notes (id INTEGER PRIMARY KEY, who TEXT, kind TEXT, about INTEGER, seen TEXT, body TEXT);`;
    const notes = {
      surrogate: 'id',
      references: [
        { ...refers('who', 'people'), kind: 'inferred' as const },
        { ...refers('about', 'people'), kind: 'typed' as const, typeColumn: 'kind', typeValues: ['person', 'Person'] },
        { ...refers('about', 'notes'), kind: 'typed' as const, typeColumn: 'kind', typeValues: ['note'] },
        { ...refers('seen', 'people'), kind: 'json' as const },
      ],
    };
    const { rows, counts } = ground.merge({
      target: `${more} INSERT INTO people VALUES (1,'a','A'),(2,'b','B'); INSERT INTO notes VALUES (1,'1','person',2,'[1]','t')`,
      sources: [
        `${more} INSERT INTO people VALUES (1,'c','C'),(2,'a','A'),(3,'d','D'); INSERT INTO notes VALUES (1,'1','person',2,'[ 1,"2", 3, 99 ]','s1'),(2,'007','note',1,'no array','s2'),(3,'x','other',1,'[]','s3'),(4,NULL,'Person',NULL,NULL,'s4')`,
      ],
      tables: { people, notes },
    });
    expect(counts).toEqual(['2/1/0/0', '4/0/0/0']);
    const moved = Object.fromEntries(rows('SELECT email, id FROM people') as [string, number][]);
    const [c = 0, d = 0] = [moved.c, moved.d];
    const note = rows("SELECT id FROM notes WHERE body = 's1'")[0]?.[0];
    expect(rows("SELECT who, kind, about, seen FROM notes WHERE body LIKE 's%' ORDER BY body")).toEqual([
      [String(c), 'person', 1, `[ ${c},"1", ${d}, 99 ]`],
      ['007', 'note', note, 'no array'],
      ['x', 'other', 1, '[]'],
      [null, 'Person', null, null],
    ]);
  });

  it('to themselves and in a circle', () => {
    const knot = `CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT UNIQUE, lead INTEGER REFERENCES people (id));
      CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT UNIQUE, boss INTEGER REFERENCES people (id), team INTEGER REFERENCES teams (id));`;
    const { rows, counts } = ground.merge({
      target: `${knot} INSERT INTO teams VALUES (1,'red',1); INSERT INTO people VALUES (1,'a',1,1)`,
      sources: [
        `${knot} INSERT INTO teams VALUES (1,'blue',2),(2,'red',3); INSERT INTO people VALUES (1,'x',2,1),(2,'y',NULL,1),(3,'a',3,2)`,
      ],
      tables: {
        teams: { identity: byKey('name'), surrogate: 'id', references: [refers('lead', 'people')] },
        people: {
          identity: byKey('email'),
          surrogate: 'id',
          references: [refers('boss', 'people'), refers('team', 'teams')],
        },
      },
    });
    expect(counts).toEqual(['1/1/0/0', '2/1/0/0']);
    expect(
      rows(
        'SELECT p.email, b.email, t.name, l.email FROM people p LEFT JOIN people b ON b.id = p.boss JOIN teams t ON t.id = p.team JOIN people l ON l.id = t.lead ORDER BY 1',
      ),
    ).toEqual([
      ['a', 'a', 'red', 'a'],
      ['x', 'y', 'blue', 'y'],
      ['y', null, 'blue', 'y'],
    ]);
  });

  it('composite ones, and to a unique column whose value lost', () => {
    const schema = `CREATE TABLE areas (country TEXT, code TEXT, name TEXT, PRIMARY KEY (country, code)) WITHOUT ROWID;
      CREATE TABLE sites (id INTEGER PRIMARY KEY, slug TEXT UNIQUE, handle TEXT UNIQUE, country TEXT, code TEXT);
      CREATE TABLE visits (id INTEGER PRIMARY KEY, site TEXT);`;
    const { rows, counts } = ground.merge({
      target: `${schema} INSERT INTO areas VALUES ('de','1','one'); INSERT INTO sites VALUES (1,'s','new-handle','de','1')`,
      sources: [
        `${schema} INSERT INTO areas VALUES ('de','2','two'),('de','1','one'); INSERT INTO sites VALUES (1,'s','old-handle','de','1'),(2,'t','t','de','2'); INSERT INTO visits VALUES (1,'old-handle'),(2,'t')`,
      ],
      tables: {
        areas: { identity: byKey('country', 'code') },
        sites: {
          identity: byKey('slug'),
          surrogate: 'id',
          differ: { handle: 'source' },
          references: [{ kind: 'declared', columns: ['country', 'code'], to: 'areas', toColumns: ['country', 'code'] }],
        },
        visits: { surrogate: 'id', references: [refers('site', 'sites', 'handle')] },
      },
    });
    expect(counts).toEqual(['1/1/0/0', '1/0/1/0', '2/0/0/0']);
    expect(rows('SELECT site FROM visits ORDER BY id')).toEqual([['new-handle'], ['t']]);
  });
});

describe('keys', () => {
  it('that contain a reference to their own table are matched level by level', () => {
    const tree =
      'CREATE TABLE dirs (id INTEGER PRIMARY KEY, up INTEGER REFERENCES dirs (id), name TEXT NOT NULL, UNIQUE (up, name));';
    const dirs = { identity: byKey('up', 'name'), surrogate: 'id', references: [refers('up', 'dirs')] };
    const { rows, counts } = ground.merge({
      target: `${tree} INSERT INTO dirs VALUES (1,NULL,'root'),(2,1,'a'),(3,2,'b')`,
      sources: [`${tree} INSERT INTO dirs VALUES (5,NULL,'root'),(3,5,'a'),(2,3,'b'),(1,2,'c'),(9,1,'b')`],
      tables: { dirs },
    });
    expect(counts).toEqual(['2/3/0/0']);
    expect(
      rows(
        "WITH RECURSIVE w(id, p) AS (SELECT id, name FROM dirs WHERE up IS NULL UNION ALL SELECT d.id, p || '/' || name FROM dirs d JOIN w ON d.up = w.id) SELECT p FROM w ORDER BY p",
      ).flat(),
    ).toEqual(['root', 'root/a', 'root/a/b', 'root/a/b/c', 'root/a/b/c/b']);
  });

  it('are compared in their form, stored as the target does (trap R8)', () => {
    const { rows, counts, result } = ground.merge({
      target: `${PEOPLE} INSERT INTO people VALUES (1,'Ann@X.org','Ann'),(2,NULL,'N')`,
      sources: [
        `${PEOPLE} INSERT INTO people VALUES (1,'ann@x.ORG ','Ann'),(2,NULL,'N'),(3,NULL,'M'),(4,'é@x','E'),(5,'É@X','E2')`,
      ],
      tables: {
        people: {
          ...people,
          columns: [
            { name: 'id', type: 'INTEGER', added: false, normaliser: 'exact' },
            { name: 'email', type: 'TEXT', added: false, normaliser: 'email' },
            { name: 'name', type: 'TEXT', added: false, normaliser: 'exact' },
          ],
        },
      },
    });
    expect(counts).toEqual(['2/2/0/1']);
    expect(rows('SELECT email FROM people ORDER BY id')).toEqual([['Ann@X.org'], [null], [null], ['é@x']]);
    expect(result.parts[0]?.retainedBy).toEqual([{ rule: 'two-matches', detail: null, rows: 1 }]);
  });

  it('a row that meets one by its identity and another one by another key is retained, with its children (trap R18)', () => {
    const schema = `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT UNIQUE, phone TEXT UNIQUE); ${ORDERS}`;
    const { counts, result, rows } = ground.merge({
      target: `${schema} INSERT INTO people VALUES (1,'a','1'),(2,'b','2')`,
      sources: [
        `${schema} INSERT INTO people VALUES (1,'a','2'),(2,'c','3'); INSERT INTO orders VALUES (1,1,'x',''),(2,2,'y','')`,
      ],
      tables: { people, orders },
    });
    expect(counts).toEqual(['1/0/0/1', '1/0/0/1']);
    expect(result.parts.flatMap(({ retainedBy }) => retainedBy)).toEqual([
      { rule: 'two-matches', detail: 'phone', rows: 1 },
      { rule: 'parent-retained', detail: null, rows: 1 },
    ]);
    expect(rows('SELECT what FROM orders')).toEqual([['y']]);
  });

  it('whole rows are multisets: the most, not the sum', () => {
    const log = 'CREATE TABLE log (at TEXT, line TEXT);';
    const { rows, counts } = ground.merge({
      target: `${log} INSERT INTO log VALUES ('1','a'),('1','a'),('2',NULL)`,
      sources: [
        `${log} INSERT INTO log VALUES ('1','a'),('1','a'),('1','a'),('2',NULL),('2',NULL)`,
        `${log} INSERT INTO log VALUES ('2',NULL),('3','c')`,
      ],
      tables: { log: {} },
    });
    expect(counts).toEqual(['2/3/0/0', '1/1/0/0']);
    expect(rows('SELECT at, line, count(*) FROM log GROUP BY 1, 2 ORDER BY 1')).toEqual([
      ['1', 'a', 3],
      ['2', null, 2],
      ['3', 'c', 1],
    ]);
  });

  it('none: all rows are new', () => {
    const log = 'CREATE TABLE log (at TEXT);';
    const { counts } = ground.merge({
      target: `${log} INSERT INTO log VALUES ('1')`,
      sources: [`${log} INSERT INTO log VALUES ('1'),('1')`],
      tables: { log: { identity: { kind: 'none' } } },
    });
    expect(counts).toEqual(['2/0/0/0']);
  });
});

describe('nothing half done', () => {
  it('columns that differ and have no policy are named, and no file is left', () => {
    const { result, request } = ground.merge({
      target: `${PEOPLE} INSERT INTO people VALUES (1,'a','A'),(2,'b','B')`,
      sources: [`${PEOPLE} INSERT INTO people VALUES (1,'a','X'),(2,'b','Y')`],
      tables: { people },
    });
    expect(result.unsettled).toEqual([{ table: 'people', column: 'name', rows: 2 }]);
    expect([request.merged, request.ledger].some(existsSync)).toBe(false);
  });
});

it('a value that several rows have refers to the first of them', () => {
  const { rows } = ground.merge({
    target: `CREATE TABLE a (id INTEGER PRIMARY KEY, k TEXT UNIQUE, u TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY, u TEXT);
      INSERT INTO a VALUES (1,'e','e')`,
    sources: [
      `CREATE TABLE a (id INTEGER PRIMARY KEY, k TEXT UNIQUE, u TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY, u TEXT);
      INSERT INTO a VALUES (2,NULL,''),(1,'e',''); INSERT INTO b VALUES (1,'')`,
    ],
    tables: {
      a: { identity: byKey('k'), surrogate: 'id', differ: { u: 'target' } },
      b: { surrogate: 'id', references: [refers('u', 'a', 'u')] },
    },
  });
  expect(rows('SELECT * FROM a ORDER BY id')).toEqual([
    [1, 'e', 'e'],
    [2, null, ''],
  ]);
  expect(rows('SELECT * FROM b')).toEqual([[1, 'e']]);
});

it('what one ancestor shows to be deleted comes back through no other copy (trap R17)', () => {
  const people = (...keys: readonly string[]): string =>
    `CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT UNIQUE, v TEXT); ${keys.map((key, i) => `INSERT INTO t VALUES (${i + 1},'${key}','${key}');`).join('')}`;
  const merged = (ancestors: readonly (string | null)[], deleted: 'stays' | 'returns') =>
    ground.merge({
      target: people('a'),
      // The second knows nothing of the past, and has a row of its own.
      sources: [people('a', 'erased'), `${people('erased', 'new')} UPDATE t SET id = id + 70;`],
      ancestors,
      tables: { t: { identity: byKey('k'), surrogate: 'id', deleted } },
    });
  const past = people('a', 'erased');
  for (const ancestors of [
    [past, null],
    [null, past],
  ]) {
    const { rows, result } = merged(ancestors, 'stays');
    expect(rows('SELECT k FROM t ORDER BY k')).toEqual([['a'], ['new']]);
    expect(result.parts.map(({ retainedBy }) => retainedBy)).toEqual(
      [1, 1].map((count) => [{ rule: 'deleted-in-target', detail: null, rows: count }]),
    );
    expect(merged(ancestors, 'returns').rows('SELECT k FROM t ORDER BY k')).toEqual([['a'], ['erased'], ['new']]);
  }
  // From a table that was not there, nothing was deleted.
  const made = ground.merge({
    target: null,
    sources: [past],
    ancestors: [past],
    tables: { t: { identity: byKey('k'), surrogate: 'id', deleted: 'stays', madeFrom: 0 } },
  });
  expect(made.counts).toEqual(['2/0/0/0']);
});

import { afterAll, describe, expect, it } from 'vitest';
import { byKey, mergeGround, refers } from '../../../test/merge-ground.ts';

const ground = mergeGround();
afterAll(() => ground.remove());

const T = 'CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT UNIQUE, a, b TEXT, at TEXT);';
const t = { identity: byKey('k'), surrogate: 'id' };
const differs = (part: number): string =>
  `SELECT o0, "column", won, lost, winner, u.name FROM differs_${part} JOIN rules u USING (rule) ORDER BY 1, 2`;

describe('what wins where rows differ', () => {
  it.each([
    ['target', 'old', 0],
    ['source', 'new', 1],
    ['newest', 'new', 1],
    ['complete', 'old', 0],
  ] as const)('%s: %s, and the other value is in the ledger', (policy, won, winner) => {
    const { rows, ledger, counts } = ground.merge({
      target: `${T} INSERT INTO t VALUES (1,'k','old','same','2024-01-01')`,
      sources: [`${T} INSERT INTO t VALUES (1,'k','new','same','2024-01-02 00:00:00')`],
      tables: { t: { ...t, differ: { a: policy, at: policy }, timeColumn: 'at' } },
    });
    expect(counts).toEqual(['0/0/1/0']);
    expect(rows('SELECT a, b FROM t')).toEqual([[won, 'same']]);
    expect(ledger(differs(1))[0]).toEqual([1, 2, won, won === 'new' ? 'old' : 'new', winner, policy]);
  });

  it('complete takes what is there; equal and missing times leave the target its value', () => {
    const { rows } = ground.merge({
      target: `${T} INSERT INTO t VALUES (1,'k',NULL,'','2024'),(2,'l',x'00','x',NULL)`,
      sources: [`${T} INSERT INTO t VALUES (1,'k',x'0001','b','2024'),(2,'l','y','y','2030-01-01')`],
      tables: { t: { ...t, differ: { a: 'complete', b: 'newest', at: 'target' }, timeColumn: 'at' } },
    });
    expect(rows('SELECT hex(a), b FROM t ORDER BY id')).toEqual([
      ['0001', ''],
      ['00', 'x'],
    ]);
  });

  it('what is no moment is neither newer nor older than one', () => {
    const { rows } = ground.merge({
      target: `${T} INSERT INTO t VALUES (1,'k',1,'here','2024-01-01'),(2,'l',1,'here',''),(3,'m',1,'here','2024-01-01')`,
      sources: [
        `${T} INSERT INTO t VALUES (1,'k',1,'there','soon'),(2,'l',1,'there','2030-01-01'),(3,'m',1,'there','2024-01-01T00:00:01')`,
      ],
      tables: { t: { ...t, differ: { b: 'newest', at: 'target' }, timeColumn: 'at' } },
    });
    expect(rows('SELECT b FROM t ORDER BY id').flat()).toEqual(['here', 'here', 'there']);
  });

  it('an ancestor goes before the policy: what one side changed wins', () => {
    const { rows, ledger } = ground.merge({
      target: `${T} INSERT INTO t VALUES (1,'k','here','b','1'),(2,'l','both-t','b','1')`,
      sources: [`${T} INSERT INTO t VALUES (5,'k','before','there','1'),(6,'l','both-s','b','1')`],
      ancestors: [`${T} INSERT INTO t VALUES (1,'k','before','b','1'),(2,'l','before','b','1')`],
      tables: { t: { ...t, differ: { a: 'source', b: 'target' } } },
    });
    expect(rows('SELECT a, b FROM t ORDER BY id')).toEqual([
      ['here', 'there'],
      ['both-s', 'b'],
    ]);
    expect(ledger(differs(1))).toEqual([
      [5, 2, 'here', 'before', 0, 'ancestor'],
      [5, 3, 'there', 'b', 1, 'ancestor'],
      [6, 2, 'both-s', 'both-t', 1, 'source'],
    ]);
  });

  it('the ancestor settles what has no policy; only what both changed is unsettled', () => {
    const setting = {
      target: `${T} INSERT INTO t VALUES (1,'k','here','b','1')`,
      ancestors: [`${T} INSERT INTO t VALUES (1,'k','before','b','1')`],
      tables: { t },
    };
    const one = ground.merge({ ...setting, sources: [`${T} INSERT INTO t VALUES (1,'k','before','b','1')`] });
    expect(one.counts).toEqual(['0/0/1/0']);
    const two = ground.merge({ ...setting, sources: [`${T} INSERT INTO t VALUES (1,'k','there','b','1')`] });
    expect(two.result.unsettled).toEqual([{ table: 't', column: 'a', rows: 1 }]);
  });

  it('a row that refuses what won keeps its value, and says so', () => {
    const schema = 'CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT UNIQUE, n INTEGER CHECK (n < 10), m TEXT);';
    const plain = schema.replace(' CHECK (n < 10)', '');
    const { rows, ledger } = ground.merge({
      target: `${schema} INSERT INTO t VALUES (1,'k',1,'a'),(2,'l',2,'a')`,
      sources: [`${plain} INSERT INTO t VALUES (1,'k',50,'b'),(2,'l',5,'b')`],
      tables: { t: { ...t, differ: { n: 'source', m: 'source' } } },
    });
    expect(rows('SELECT n, m FROM t ORDER BY id')).toEqual([
      [1, 'a'],
      [5, 'b'],
    ]);
    expect(ledger(differs(1)).map((line) => line.slice(0, 6))).toEqual([
      [1, 2, 1, 50, 0, 'refused'],
      [1, 3, 'a', 'b', 0, 'refused'],
      [2, 2, 5, 2, 1, 'source'],
      [2, 3, 'b', 'a', 1, 'source'],
    ]);
  });

  it('a reference that differs is compared and written where its row went', () => {
    const schema = `${T} CREATE TABLE u (id INTEGER PRIMARY KEY, k TEXT UNIQUE, t INTEGER);`;
    const { rows, counts } = ground.merge({
      target: `${schema} INSERT INTO t VALUES (1,'k',1,'',''),(2,'l',1,'',''); INSERT INTO u VALUES (1,'u',2),(2,'v',1)`,
      sources: [
        `${schema} INSERT INTO t VALUES (1,'l',1,'',''),(2,'m',1,'',''); INSERT INTO u VALUES (7,'u',1),(8,'v',2)`,
      ],
      tables: { t, u: { ...t, references: [refers('t', 't')], differ: { t: 'source' } } },
    });
    expect(counts).toEqual(['1/1/0/0', '0/1/1/0']);
    expect(rows('SELECT u.k, t.k FROM u JOIN t ON t.id = u.t ORDER BY 1')).toEqual([
      ['u', 'l'],
      ['v', 'm'],
    ]);
  });

  it('the second source meets what the first left', () => {
    const { rows, ledger } = ground.merge({
      target: `${T} INSERT INTO t VALUES (1,'k','t','','')`,
      sources: ['x', 'y'].map((a) => `${T} INSERT INTO t VALUES (1,'k','${a}',NULL,'')`),
      tables: { t: { ...t, differ: { a: 'source', b: 'source' } } },
    });
    expect(rows('SELECT a, b FROM t')).toEqual([['y', null]]);
    expect([...ledger(differs(1)), ...ledger(differs(2))].map(([, , won, lost]) => [won, lost])).toEqual([
      ['x', 't'],
      [null, ''],
      ['y', 'x'],
    ]);
  });
});

describe('new or deleted (trap R17)', () => {
  const now = {
    target: `${T} INSERT INTO t VALUES (1,'k','a','','')`,
    sources: [`${T} INSERT INTO t VALUES (1,'k','a','',''),(2,'erased','a','',''),(9,'new','a','','')`],
  };
  const ancestors = [`${T} INSERT INTO t VALUES (1,'k','a','',''),(2,'erased','a','',''),(3,'gone here','a','','')`];

  it('an ancestor tells that it was deleted, unless it is to return', () => {
    const stays = ground.merge({ ...now, ancestors, tables: { t: { ...t, deleted: 'stays' } } });
    expect(stays.counts).toEqual(['1/1/0/1']);
    expect(stays.result.parts[0]?.retainedBy).toEqual([{ rule: 'deleted-in-target', detail: null, rows: 1 }]);
    const returns = ground.merge({ ...now, ancestors, tables: { t } });
    expect(returns.counts).toEqual(['2/1/0/0']);
  });

  it('what was deleted in the source is counted and stays', () => {
    const { result, rows } = ground.merge({
      target: `${T} INSERT INTO t VALUES (1,'k','a','',''),(3,'kept','a','','')`,
      sources: [`${T} INSERT INTO t VALUES (1,'k','a','','')`],
      ancestors,
      tables: { t },
    });
    expect(result.parts[0]?.deletedInSource).toBe(0);
    expect(rows('SELECT count(*) FROM t')).toEqual([[2]]);
    const known = ground.merge({
      target: `${T} INSERT INTO t VALUES (2,'erased','a','','')`,
      sources: [`${T} INSERT INTO t VALUES (1,'k','a','','')`],
      ancestors,
      tables: { t },
    });
    expect(known.result.parts[0]?.deletedInSource).toBe(1);
  });

  it('without one: an id that the target gave away and has no more, where some row has its id on both sides', () => {
    const target = `${T} INSERT INTO t VALUES (1,'k','a','',''),(5,'five','a','','')`;
    const stays = { t: { ...t, deleted: 'stays' as const } };
    expect(ground.merge({ ...now, target, tables: stays }).counts).toEqual(['1/1/0/1']);
    const strangers = `${T} INSERT INTO t VALUES (4,'k','a','',''),(2,'b','a','','')`;
    expect(ground.merge({ target, sources: [strangers], tables: stays }).counts).toEqual(['1/1/0/0']);
  });

  it('whole rows: as many as the ancestor had', () => {
    const log = 'CREATE TABLE log (line TEXT);';
    const { counts } = ground.merge({
      target: `${log} INSERT INTO log VALUES ('a')`,
      sources: [`${log} INSERT INTO log VALUES ('a'),('a'),('a'),('b')`],
      ancestors: [`${log} INSERT INTO log VALUES ('a'),('a')`],
      tables: { log: { deleted: 'stays' } },
    });
    expect(counts).toEqual(['2/1/0/1']);
  });
});

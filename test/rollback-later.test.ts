/** A merge through the command line, rows written afterwards, and the way back with each answer (trap R22). */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LATER, openShop, type Shop } from './rollback-later-shop.ts';
import { treeState } from './tree-state.ts';

const LONG = 180_000;
let shop: Shop;
let root: string;
const run: Shop['run'] = (...args) => shop.run(...args);
const json: Shop['json'] = (...args) => shop.json(...args);
const sql: Shop['sql'] = (path, text) => shop.sql(path, text);
const write: Shop['write'] = (path, text) => shop.write(path, text);

beforeEach(() => {
  shop = openShop();
  root = shop.root;
});
afterEach(() => shop.close());

describe('trap R22: a merge, more rows, and back', () => {
  it(
    'refused with the counts, the same numbers on a copy, carried, and taken back again; the tree without later rows as before',
    async () => {
      const before = treeState(root);
      expect((await run('plan', '--target', 'data/hub.db')).code).toBe(0);
      expect((await json('apply', '--yes')).status).toBe('verified');
      expect((await json('rollback', '--yes')).findings).toMatchObject([{ ok: true }]);
      const own = (lines: readonly string[]): readonly string[] =>
        lines.filter((line) => !line.includes('desprawl-plan'));
      expect(own(treeState(root)).filter((line) => /\.(db|py)/.test(line))).toEqual(
        own(before).filter((line) => /\.(db|py)/.test(line)),
      );

      await json('apply', '--yes');
      await write('data/hub.db', LATER);
      const written = treeState(root);
      const refused = await run('rollback', '--yes');
      expect([refused.code, refused.stderr.replace(/\s+/g, ' ')]).toEqual([
        2,
        expect.stringMatching(/users: 1 inserted, 2 changed; orders: 2 inserted, 1 deleted; sessions: 1 inserted/),
      ]);
      const dry = await json('rollback', '--dry-run', '--later', 'carry');
      expect(treeState(root)).toEqual(written);
      const back = await json('rollback', '--yes', '--later', 'carry');
      expect(back.later.map((line) => ({ ...line, file: null }))).toEqual(dry.later);
      expect(back.later).toMatchObject([
        { store: 'data/hub.db', table: 'users', inserted: 1, changed: 2, deleted: 0, carried: 3, aside: 0 },
        { table: 'orders', inserted: 2, changed: 0, deleted: 1, carried: 2, aside: 1, why: { 'references-apart': 1 } },
        { table: 'sessions', inserted: 1, carried: 1, aside: 0, to: { 'data/auth.db': 1 } },
      ]);
      expect(back.findings).toMatchObject([{ ok: true }]);
      const aside = back.later.find(({ file }) => file !== null)?.file ?? '';
      expect(JSON.parse(readFileSync(aside, 'utf8'))).toMatchObject({
        is: 'inserted',
        now: { what: 'of an auth user' },
      });
      expect(sql('data/hub.db', "SELECT name FROM users WHERE name NOT LIKE 'User%' ORDER BY id").flat()).toEqual([
        'In both',
        'New',
      ]);
      expect(sql('data/hub.db', 'SELECT count(*) FROM orders').flat()).toEqual([80n]);
      expect(sql('data/auth.db', "SELECT id, name FROM users WHERE name NOT LIKE 'User%' ORDER BY id")).toEqual([
        [5n, 'In both'],
        [25n, 'Of auth'],
      ]);
      expect(sql('data/auth.db', 'SELECT user_id, token FROM sessions WHERE id > 40')).toEqual([[25n, 'new session']]);

      await json('rollback', back.run ?? '', '--yes');
      const data = (lines: readonly string[]): readonly string[] => lines.filter((line) => /\.(db|py)/.test(line));
      expect(data(treeState(root))).toEqual(data(written));
    },
    LONG,
  );

  it(
    'kept aside, line by line',
    async () => {
      await run('plan', '--target', 'data/hub.db');
      await json('apply', '--yes');
      await write('data/hub.db', LATER);
      const back = await json('rollback', '--yes', '--later', 'aside');
      expect(back.later.map(({ carried, aside }) => [carried, aside])).toEqual([
        [0, 3],
        [0, 3],
        [0, 1],
      ]);
      expect(
        readFileSync(back.later[0]?.file ?? '', 'utf8')
          .trim()
          .split('\n'),
      ).toHaveLength(7);
      expect(sql('data/hub.db', "SELECT count(*) FROM users WHERE name NOT LIKE 'User%'").flat()).toEqual([0n]);
    },
    LONG,
  );
});

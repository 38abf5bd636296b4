/** A merge taken back after more was written (trap R22): refused, kept aside, or carried; and that taken back again. */
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Hand } from '../../../test/merge/hand-made.ts';
import { threeStores } from '../../../test/merge/three-stores.ts';
import { type RollbackGround, removal, rollbackGround } from '../../../test/rollback-ground.ts';
import { openStoreProcess } from '../../../test/store-process.ts';
import { treeState } from '../../../test/tree-state.ts';
import type { RunId } from '../../apply/model.ts';
import type { PlannedStep } from '../../steps/step.ts';
import { openConnection } from '../../stores/sqlite/driver.ts';

let on: RollbackGround;
let hand: Hand;
beforeEach(() => {
  on = rollbackGround();
  hand = threeStores();
});
afterEach(() => {
  on.close();
  hand.close();
});

/** The merged file in the place of the target; `auth` is archived, `shop` stays where it is. `main`: the target's file, where all of it is in its log. */
const merge = async (main?: Buffer): Promise<RunId> => {
  const ledger = openConnection(join(hand.folder, 'ledger'), 'private');
  for (const path of ['target', 'auth', 'shop']) {
    copyFileSync(join(hand.folder, path), join(on.root, path));
    const { sha256 } = on.objects.put({ file: join(on.root, path) });
    ledger.rows('UPDATE stores SET sha256 = ? WHERE path = ?', sha256, path);
  }
  ledger.close();
  if (main !== undefined) writeFileSync(join(on.root, 'target'), main);
  const before = on.now('target');
  const merged = on.objects.put({ file: join(hand.folder, 'merged') });
  if (before.kind !== 'file') throw new Error('there is no target');
  const put: PlannedStep = {
    ...{ action: 'merge', op: 'put', path: 'target', before, store: 'target', how: 'replace' },
    after: { kind: 'file', ...merged, mode: before.mode },
  };
  return on.apply([put, removal(on, 'auth', 'auth')], undefined, [
    { name: 'ledger-merge.db', from: join(hand.folder, 'ledger') },
  ]);
};
const write = (path: string, sql: string): void => {
  const db = openConnection(join(on.root, path), 'private');
  db.exec(sql);
  db.close();
};
const read = (path: string, sql: string): readonly string[] => {
  copyFileSync(join(on.root, path), join(hand.folder, 'looked-at'));
  return hand.read('looked-at', sql).map((row) => row.join(' '));
};
const LATER = `UPDATE users SET name = 'Anna' WHERE id = 1; DELETE FROM users WHERE id = 2;
  INSERT INTO orders VALUES (3, 21, 'pen'), (4, 11, 'tea')`;

describe('trap R22', () => {
  it('refused, with the counts; nothing changes', async () => {
    await merge();
    write('target', LATER);
    const before = treeState(on.root);
    await expect(on.rollback()).rejects.toMatchObject({
      code: 'DSP-ROLLBACK-LATER',
      message: expect.stringMatching(/users: 1 changed, 1 deleted; orders: 2 inserted/),
    });
    expect(treeState(on.root)).toEqual(before);
  });

  it('kept aside: the whole store in the vault, its rows line by line in the folder of the run', async () => {
    await merge();
    const before = read('shop', 'SELECT * FROM orders');
    write('target', LATER);
    const back = await on.rollback(null, { later: 'aside' });
    expect(back.later).toMatchObject([
      {
        store: 'target',
        table: 'users',
        inserted: 0,
        changed: 1,
        deleted: 1,
        carried: 0,
        aside: 2,
        file: expect.stringMatching(/later-1\.jsonl$/),
      },
      { table: 'orders', inserted: 2, carried: 0, aside: 2 },
    ]);
    expect(back.findings).toMatchObject([{ ok: true }]);
    const file = join(on.ground.state.runs, back.run ?? '', 'later-1.jsonl');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(4);
    expect(read('target', 'SELECT id, name FROM users')).toEqual(['1 Ann', '2 Bob']);
    expect(read('shop', 'SELECT * FROM orders')).toEqual(before);
  });

  it('carried: into the target, the archived store and the one that stayed; what fits nowhere is aside; and back again', async () => {
    const run = await merge();
    write('target', LATER);
    const after = treeState(on.root);
    const dry = await on.rollback(null, { later: 'carry', dryRun: true });
    expect(treeState(on.root)).toEqual(after);
    const back = await on.rollback(null, { later: 'carry' });
    expect(back.undoes).toEqual([run]);
    expect(dry.later).toEqual(back.later.map((line) => ({ ...line, file: null })));
    expect(back.later).toMatchObject([
      { table: 'users', changed: 1, deleted: 1, carried: 2, aside: 0, to: { target: 2, auth: 1, shop: 1 } },
      { table: 'orders', inserted: 2, carried: 1, aside: 1, to: { shop: 1 }, why: { 'references-apart': 1 } },
    ]);
    expect(back.findings).toMatchObject([{ ok: true }]);
    expect(read('target', 'SELECT id, name FROM users')).toEqual(['1 Anna']);
    expect(read('auth', 'SELECT id, name FROM users')).toEqual(['1 Cid', '2 Anna']);
    expect(read('shop', 'SELECT id, full_name FROM people')).toEqual(['1 Dan', '2 Anna']);
    expect(read('shop', 'SELECT id, user_id, what FROM orders')).toEqual(['1 1 hat', '2 2 cup', '3 1 pen']);
    const again = await on.rollback(back.run, { later: 'refuse' });
    expect(again.findings).toMatchObject([{ ok: true }]);
    const contents = (lines: readonly string[]): readonly string[] =>
      lines.filter((line) => /target|shop|auth/.test(line));
    expect(contents(treeState(on.root))).toEqual(contents(after));
  });

  it('interrupted while it carries: finished as it was begun', async () => {
    await merge();
    write('target', LATER);
    await expect(on.rollback(null, { later: 'carry', stopAfter: 1 })).rejects.toMatchObject({ code: 'DSP-CANCELLED' });
    const done = await on.goOn();
    expect(done.later.map(({ carried, aside }) => [carried, aside])).toEqual([
      [2, 0],
      [1, 1],
    ]);
    expect(done.findings).toMatchObject([{ ok: true }]);
    expect(read('shop', 'SELECT count(*) FROM orders')).toEqual(['3']);
    expect(read('target', 'SELECT name FROM users')).toEqual(['Anna']);
  });

  it('a store that was in WAL mode is so again, and rows in its log count', async () => {
    inWalMode();
    await merge();
    const store = openStoreProcess(join(on.root, 'target'));
    await store.run("INSERT INTO notes VALUES (5, 2, 'in the log')");
    const files = ['target', 'target-wal'].map((path) => [path, readFileSync(join(on.root, path))] as const);
    await store.close();
    for (const [path, bytes] of files) writeFileSync(join(on.root, path), bytes);
    const back = await on.rollback(null, { later: 'carry' });
    expect(back.later).toMatchObject([{ table: 'notes', inserted: 1, carried: 1 }]);
    expect(read('target', 'SELECT id FROM notes')).toEqual(['1', '5']);
    expect(readFileSync(join(on.root, 'target')).subarray(18, 20)).toEqual(Buffer.from([2, 2]));
    expect(on.now('target-wal').kind).toBe('absent');
  });

  it('a store whose tables were all in its log takes its rows (trap S1)', async () => {
    const empty = join(hand.folder, 'empty');
    const db = openConnection(empty, 'create');
    db.exec('PRAGMA journal_mode = WAL');
    db.close();
    await merge(readFileSync(empty));
    write('target', LATER);
    const back = await on.rollback(null, { later: 'carry' });
    expect(back.later).toMatchObject([
      { table: 'users', carried: 2, aside: 0 },
      { table: 'orders', carried: 1 },
    ]);
    expect(read('target', 'SELECT id, name FROM users')).toEqual(['1 Anna']);
  });

  it('a source that was written since, too, gets nothing: its rows are aside', async () => {
    await merge();
    write('target', LATER);
    write('shop', "UPDATE people SET full_name = 'D'");
    const back = await on.rollback(null, { later: 'carry' });
    expect(back.later).toMatchObject([
      { table: 'users', carried: 2, to: { target: 2, auth: 1 } },
      { table: 'orders', carried: 0, aside: 2, why: { 'store-changed': 2 } },
    ]);
    expect(read('shop', 'SELECT full_name FROM people')).toEqual(['D', 'D']);
    expect(back.notVerified).toContainEqual(expect.objectContaining({ what: 'shop' }));
  });
});

function inWalMode(): void {
  for (const name of ['target', 'merged']) {
    const file = join(hand.folder, name);
    const bytes = readFileSync(file);
    bytes.set([2, 2], 18);
    writeFileSync(file, bytes);
  }
}

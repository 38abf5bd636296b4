/**
 * A folder for private copies that becomes full while stores are merged: a small disk of its own (a mount that only the process sees), filled
 * the moment that the merge begins. The run ends with a code, nothing is half done, and with room the same command does it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openShop, type Shop } from './rollback-later-shop.ts';
import { BIN } from './run-cli.ts';
import { treeState } from './tree-state.ts';

const FILLS = fileURLToPath(new URL('./full-disk.mjs', import.meta.url));
const MOUNTED = 'mount -t tmpfs -o size=24m tmpfs "$TMPDIR" && exec "$@"';
/** Users other than root may have such a mount where the system lets them have a namespace of their own. */
const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /tmp']).status === 0;

let shop: Shop;
beforeEach(async () => {
  shop = openShop();
  mkdirSync(join(shop.parent, 'small'));
  // More rows than fit into what is left.
  const many = 'WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)';
  await shop.write('data/auth.db', `${many} INSERT INTO sessions SELECT i, 1, 'token-' || hex(randomblob(20)) FROM n`);
  expect((await shop.run('plan', '--target', 'data/hub.db')).code).toBe(0);
}, 60_000);
afterEach(() => shop.close());

function applyOnSmallDisk(leaves: number): { readonly code: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['-rm', 'sh', '-c', MOUNTED, 'sh', process.execPath, '--import', FILLS, BIN, 'apply', '--yes'],
    {
      cwd: shop.root,
      encoding: 'utf8',
      env: {
        ...process.env,
        HOME: shop.parent,
        TMPDIR: join(shop.parent, 'small'),
        XDG_STATE_HOME: join(shop.parent, 'state'),
        XDG_CACHE_HOME: join(shop.parent, 'cache'),
        NO_COLOR: '1',
        NODE_OPTIONS: '',
        FULL_DISK_LEAVES: String(leaves),
      },
    },
  );
  return { code: status, said: stdout + stderr };
}

const why = canMount ? '' : ' (skipped: nobody may mount a disk of their own here)';

it.skipIf(!canMount).each([
  ['at once: not even the copy of the target fits', 0],
  ['while rows come in', 160 * 1024],
])(`the disk is full %s${why}`, { timeout: 120_000 }, async (_, leaves) => {
  const before = treeState(shop.root);
  const { code, said } = applyOnSmallDisk(leaves);
  expect([code, said.replace(/\s+/g, ' ')]).toEqual([2, expect.stringMatching(/full.*DSP-NO-SPACE/)]);
  expect(treeState(shop.root)).toEqual(before);
  const done = await shop.json('apply', '--yes');
  expect(done.status).toBe('verified');
  expect(shop.sql('data/hub.db', 'SELECT count(*) FROM sessions').flat()).toEqual([4041n]);
});

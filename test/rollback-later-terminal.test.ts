/** A rollback of a store that was written to since (trap R22), without a word about those rows: what is refused, shown and asked at 80 columns. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inTerminal } from './in-terminal.ts';
import { LATER, openShop, type Shop } from './rollback-later-shop.ts';
import { treeState } from './tree-state.ts';

const LONG = 180_000;
let shop: Shop;
let written: readonly string[];
beforeAll(async () => {
  shop = openShop();
  expect((await shop.run('plan', '--target', 'data/hub.db')).code).toBe(0);
  await shop.json('apply', '--yes');
  await shop.write('data/hub.db', LATER);
  written = treeState(shop.root);
}, LONG);
afterAll(() => shop?.close());

/** Names of runs, checksums and times are others each time. */
const plain = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT\d{6}Z-[\da-f]{4}/g, 'RUN')
    .replace(/SHA-256(\s+)[\da-f]{12}…/g, 'SHA-256$1…')
    .replace(/in [\d.]+ m?s\b/, 'in 1 s');

const REFUSED =
  'Written since the run, and rolling back would take it away: data/hub.db. At data/hub.db there is a file of 24576 bytes (mode 0644, SHA-256 …) now. users: 1 inserted, 2 changed; orders: 2 inserted, 1 deleted; sessions: 1 inserted. Nothing was changed.';
const HINT =
  '`desprawl rollback --later carry` takes the rows along, `--later aside` keeps them in the vault; `--dry-run` with either shows the numbers.';

it('without a terminal nothing is asked: refused, as text and as JSON', { timeout: LONG }, async () => {
  expect(await shop.run('rollback')).toMatchObject({
    code: 2,
    stdout: '',
    stderr:
      'A rollback is asked for in a terminal, and there is none.        DSP-NO-TERMINAL\n  Look at it with `--dry-run`, then give `--yes`.\n',
  });
  const json = await shop.run('rollback', '--json');
  expect([json.code, json.stderr, JSON.parse(json.stdout)]).toMatchObject([
    2,
    '',
    { version: 1, error: { code: 'DSP-NO-TERMINAL' } },
  ]);
  for (const how of ['--yes', '--dry-run']) {
    const text = await shop.run('rollback', how);
    expect([text.code, text.stdout], how).toEqual([2, '']);
    expect(plain(text.stderr).replace(/\s+/g, ' '), how).toBe(`${REFUSED} DSP-ROLLBACK-LATER ${HINT} `);
    for (const line of text.stderr.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  }
  const refused = await shop.run('rollback', '--yes', '--json');
  expect([refused.code, refused.stderr, JSON.parse(plain(refused.stdout))]).toEqual([
    2,
    '',
    { version: 1, error: { code: 'DSP-ROLLBACK-LATER', message: REFUSED, hint: HINT } },
  ]);
  expect(treeState(shop.root)).toEqual(written);
});

const CHANGES = `
  1 made, 2 changed; 12 kB more than before

  ~ auth.py                                                                 +1 B
    data/
    + auth.db                                                              20 kB
    ~ hub.db                                                             −8.2 kB
`;

it('tried on a copy: the numbers, and the command that does just that', { timeout: LONG }, async () => {
  const { code, said, out } = await inTerminal(shop.root, ['rollback', '--dry-run', '--later', 'carry']);
  expect([code, said]).toEqual([0, '']);
  expect(plain(out)).toBe(`shop · dry run: would be rolled back in 1 s
  takes back  RUN

  taken back  merge-hub                                                   1 path
  taken back  repoint-data-auth-db                                        1 path
  taken back  archive-data-auth-db                                        1 path
${CHANGES}
changed since
  data/hub.db: expected a file of 24576 bytes (mode 0644, SHA-256
  …), found a file of 24576 bytes (mode 0644, SHA-256 …)

rows written since
  data/hub.db users: 1 inserted, 2 changed; 2 to data/hub.db, 2 to data/auth.db
  data/hub.db orders: 2 inserted, 1 deleted; 2 to data/hub.db, 1 aside (what it
  refers to lies in several stores: 1)
  data/hub.db sessions: 1 inserted; 1 to data/auth.db

verified
  ok    tree  3 paths as before: bytes, permissions and times; 2 stores with the
              rows that were carried back

next   desprawl rollback --later carry                                   does it
`);
  const aside = await inTerminal(shop.root, ['rollback', '--dry-run', '--later', 'aside']);
  expect(aside.out).toMatch(/next {3}desprawl rollback --later aside +does it\n$/);
  expect(treeState(shop.root)).toEqual(written);
});

it('in a terminal: what would become of the rows is shown, then it is asked; who refuses changes nothing', {
  timeout: LONG,
}, async () => {
  const refused = await inTerminal(shop.root, ['rollback'], 'maybe', 'refuse');
  expect([refused.code, refused.out]).toEqual([0, '']);
  expect(plain(refused.said)).toBe(`shop · a rollback
  takes back  RUN · 3 steps
${CHANGES}
changed since: it goes into the vault
  data/hub.db: expected a file of 24576 bytes (mode 0644, SHA-256
  …), found a file of 24576 bytes (mode 0644, SHA-256 …)

rows written since, if they are carried back
  data/hub.db users: 1 inserted, 2 changed; 2 to data/hub.db, 2 to data/auth.db
  data/hub.db orders: 2 inserted, 1 deleted; 2 to data/hub.db, 1 aside (what it
  refers to lies in several stores: 1) in later-1.jsonl
  data/hub.db sessions: 1 inserted; 1 to data/auth.db

7 rows were written since. What becomes of them?
  1  carry   into the stores that had them: 6; kept aside with the reason: 1
  2  aside   all of it is kept aside, beside the whole store as it is now; no
             program sees it then
  3  refuse  nothing is taken back
answer: 
  One of 1 (carry), 2 (aside), 3 (refuse).
answer: 
Nothing was changed.
`);
  expect(treeState(shop.root)).toEqual(written);

  const carried = await inTerminal(shop.root, ['rollback'], '1');
  expect(carried.code).toBe(0);
  expect(carried.out).toMatch(/orders: 2 inserted, 1 deleted; 2 to data\/hub\.db, 1 aside/);
  expect(shop.sql('data/auth.db', 'SELECT user_id FROM sessions WHERE id > 40').flat()).toEqual([25n]);
});

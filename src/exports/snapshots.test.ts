import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeStore } from '../../test/projects/make-store.ts';
import { openSnapshots, type Snapshots } from './snapshots.ts';

let dir: string;
let snapshots: Snapshots;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'snapshots-'));
  makeStore(dir, 'a.db', 'CREATE TABLE t (v); INSERT INTO t VALUES (1)');
  snapshots = openSnapshots({ root: dir, scratchDir: dir, timeoutSeconds: 30 });
});
afterEach(() => {
  snapshots.close();
  rmSync(dir, { recursive: true, force: true });
});

it('S16: what was read while somebody wrote does not count; then a copy is read', async () => {
  const files: string[] = [];
  const result = await snapshots.of('a.db', async ({ file }) => {
    files.push(file);
    if (files.length === 1) makeStore(dir, 'a.db', 'INSERT INTO t VALUES (2)');
    return files.length;
  });
  expect(result).toBe(2);
  expect(files[0]).toBe(join(dir, 'a.db'));
  expect(files[1]?.startsWith(snapshots.scratch.dir)).toBe(true);
});

it('what fails while somebody writes is tried again, what fails by itself is told', async () => {
  let tries = 0;
  const torn = snapshots.of('a.db', async () => {
    tries++;
    if (tries > 1) return 'read';
    makeStore(dir, 'a.db', 'INSERT INTO t VALUES (2)');
    throw new RangeError('torn');
  });
  expect(await torn).toBe('read');
  await expect(
    snapshots.of('a.db', async () => {
      throw new RangeError('a bug');
    }),
  ).rejects.toThrow('a bug');
});

it('leaves nothing behind', async () => {
  await snapshots.of('a.db', async () => {});
  snapshots.close();
  expect(readdirSync(dir)).toEqual(['a.db']);
});

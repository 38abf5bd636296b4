import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { store } from '../../test/builders/facts.ts';
import { openConnection } from '../stores/sqlite/driver.ts';
import { openCache } from './cache.ts';
import { assertUnchanged, hashFile, openable, openSession, readStore, type Session } from './session.ts';

let root: string;
let session: Session;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'session-test-'));
  session = openSession({ root, scratchDir: tmpdir(), timeoutSeconds: 30, cache: openCache(null, root, '') });
});
afterEach(() => {
  session.close();
  rmSync(root, { recursive: true });
});

const READ = { sampleRows: 10, digestRows: 10, integrity: false, freshness: false, now: 0 };

function write(sql: string): void {
  const db = openConnection(join(root, 'a.db'), 'create');
  db.exec(sql);
  db.close();
}

it('a store that was written to while it was compared does not count', async () => {
  write('CREATE TABLE t (x); INSERT INTO t VALUES (1)');
  await readStore(session, 'a.db', 'sqlite', READ);
  const a = store('a.db');
  expect((await openable(session, a)).file).toBe(join(root, 'a.db'));
  expect(() => assertUnchanged(session, [a])).not.toThrow();
  write('INSERT INTO t VALUES (2)');
  expect(() => assertUnchanged(session, [a])).toThrow(expect.objectContaining({ reason: 'changing' }));
});

it('a private copy is a state of the store, whatever happens to the store afterwards', async () => {
  const writer = openConnection(join(root, 'a.db'), 'create');
  writer.rows('PRAGMA journal_mode = WAL');
  writer.exec('CREATE TABLE t (x); INSERT INTO t VALUES (1)');
  try {
    await readStore(session, 'a.db', 'sqlite', READ);
    writer.exec('INSERT INTO t VALUES (2)');
    expect(() => assertUnchanged(session, [store('a.db')])).not.toThrow();
  } finally {
    writer.close();
  }
});

it('hashes a file of several buffers, and stops when the audit is interrupted', async () => {
  writeFileSync(join(root, 'large'), Buffer.alloc(3_000_000, 'a'));
  const expected = createHash('sha256').update('a'.repeat(3_000_000)).digest('hex');
  expect(await hashFile(session, 'large')).toBe(expected);
  const interrupted = { ...session, signal: AbortSignal.abort() };
  await expect(hashFile(interrupted, 'large')).rejects.toThrow();
});

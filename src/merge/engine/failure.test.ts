import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { byKey, mergeGround } from '../../../test/merge-ground.ts';
import { UnreadableStore } from '../../stores/reader.ts';
import { failureOf } from './failure.ts';
import { mergeStores } from './merge.ts';

const ground = mergeGround();
afterAll(() => ground.remove());

const T = 'CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT UNIQUE);';
const many = `${T} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT i, 'k' || i || hex(zeroblob(20)) FROM n`;
const tables = { t: { identity: byKey('k'), surrogate: 'id' } };

/** The request of a merge that went well, for new files. */
function again(change: (sources: string[]) => void): { run: () => unknown; left: () => boolean } {
  const { request } = ground.merge({ target: T, sources: [many], tables });
  const sources = [...request.files.sources];
  const target = ground.store(T);
  change(sources);
  const next = {
    ...request,
    files: { ...request.files, sources, target },
    merged: `${request.merged}-2`,
    ledger: `${request.ledger}-2`,
  };
  const ends = ['', '-journal', '-wal', '-shm'];
  return {
    run: () => {
      try {
        return mergeStores(next);
      } catch (error) {
        return error;
      }
    },
    left: () => ends.some((end) => existsSync(next.merged + end) || existsSync(next.ledger + end)),
  };
}

describe('a merge that fails', () => {
  it('names the store whose pages are damaged, and leaves nothing', () => {
    const { run, left } = again(([file = '']) => {
      const bytes = readFileSync(file);
      bytes.fill(0xff, 4096 * 20, 4096 * 40);
      writeFileSync(file, bytes);
    });
    const error = run();
    expect(error).toBeInstanceOf(UnreadableStore);
    expect(error).toMatchObject({ reason: 'corrupt', message: expect.stringMatching(/^s0\.db: /) });
    expect(left()).toBe(false);
  });

  it('names what a store needs that is not there', () => {
    const { run, left } = again((sources) => {
      sources[0] = ground.store('PRAGMA encoding = "UTF-16"; CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT)');
    });
    expect(run()).toMatchObject({ reason: 'unsupported', message: expect.stringContaining('s0.db') });
    expect(left()).toBe(false);
  });

  it('tells a full disk from a damaged store, and a bug from both', () => {
    const request = { target: { path: 'hub.db' }, spec: { sources: [{ path: 'a.db' }] } } as never;
    const told = (message: string): unknown => failureOf({} as never, request, 0, new Error(message));
    expect(told('database or disk is full')).toMatchObject({ reason: 'no-space' });
    expect(told('no such module: vec0')).toMatchObject({
      reason: 'unsupported',
      message: 'a.db: no such module: vec0',
    });
    expect(told('near "FORM": syntax error')).not.toBeInstanceOf(UnreadableStore);
  });

  it('writes over no file', () => {
    const { request } = ground.merge({ target: T, sources: [many], tables });
    const before = readFileSync(request.merged);
    expect(() => mergeStores(request)).toThrow('new files only');
    expect(readFileSync(request.merged).equals(before)).toBe(true);
  });
});

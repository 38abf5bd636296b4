import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { walkProject } from '../project/walk.ts';
import { type Families, findFamilies } from './file-families.ts';
import type { GitState } from './model.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'family-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content: unknown): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
}

const STATE = { id: 1, status: 'done', steps: [{ name: 'x', deep: 1 }] };
const many = (count: number, name: (i: number) => string, content: (i: number) => unknown = () => STATE): void => {
  for (let i = 0; i < count; i++) put(name(i), content(i));
};
const find = (state: (path: string) => GitState = () => 'ignored'): Families =>
  findFamilies(root, walkProject(root, { ignore: [] }).files, { state });

describe('X5: many files of one shape', () => {
  it('are one family: folder, size, age, keys, pattern, how many are tracked', () => {
    many(9, (i) => `state/job_${i}.json`);
    for (let i = 0; i < 9; i++) utimesSync(join(root, `state/job_${i}.json`), 1_700_000_000 + i, 1_700_000_000 + i);
    const { families, members } = find((path) =>
      path.endsWith('_1.json') ? 'tracked' : path.endsWith('_2.json') ? 'ignored-tracked' : 'ignored',
    );
    expect(families).toEqual([
      {
        folder: 'state',
        format: 'json',
        files: 9,
        bytes: 9 * JSON.stringify(STATE).length,
        oldest: '2023-11-14T22:13:20.000Z',
        newest: '2023-11-14T22:13:28.000Z',
        keys: ['id', 'status', 'steps'],
        pattern: 'job_*.json',
        tracked: 2,
        example: 'state/job_0.json',
      },
    ]);
    expect(members.size).toBe(9);
  });

  it.each<[string, (i: number) => string, string]>([
    ['dates', (i) => `s/run-2025-09-1${i}T10:00.json`, 'run-*.json'],
    ['UUIDs', (i) => `s/3f2504e0-4f89-41d3-9a0c-0305e82c330${i}.json`, '*.json'],
    ['hex', (i) => `s/cache.${'ab12'.repeat(4)}${i}.json`, 'cache.*.json'],
    ['words', (i) => `s/${['ada', 'ben', 'cy', 'dan', 'eve', 'fay', 'gil', 'hal'][i]}.json`, '*.json'],
  ])('varying in %s', (_, name, pattern) => {
    many(8, name);
    expect(find().families.map((family) => family.pattern)).toEqual([pattern]);
  });

  it('are not the same in different folders, and not one with other files beside them', () => {
    many(5, (i) => `a/job_${i}.json`);
    many(5, (i) => `b/job_${i}.json`);
    expect(find().families).toEqual([]);
    many(8, (i) => `c/job_${i}.json`);
    put('c/index.json', { version: 1 });
    const { families, members } = find();
    expect(families.map(({ files }) => files)).toEqual([8]);
    expect(members.has('c/index.json')).toBe(false);
  });
});

describe('no family', () => {
  it.each<[string, number, (i: number) => string, (i: number) => unknown]>([
    ['fewer than eight', 7, (i) => `s/job_${i}.json`, () => STATE],
    ['files that share nothing', 9, (i) => `s/job_${i}.json`, (i) => ({ [`a${i}`]: 1, [`b${i}`]: 2, [`c${i}`]: 3 })],
    ['files that share one key', 9, (i) => `s/job_${i}.json`, (i) => ({ id: 1, [`b${i}`]: 2 })],
    [
      'files whose keys are names of things',
      9,
      (i) => `s/job_${i}.json`,
      (i) => ({ id: 1, status: 2, [`u${i}`]: 1, [`v${i}`]: 2 }),
    ],
    ['keys that only lie deeper', 9, (i) => `s/job_${i}.json`, (i) => ({ [`a${i}`]: { id: 1, status: 2 } })],
    ['lists', 9, (i) => `s/job_${i}.json`, () => [STATE]],
    ['empty files', 9, (i) => `s/job_${i}.json`, () => ''],
    ['other formats', 9, (i) => `s/job_${i}.yaml`, () => STATE],
    ['configuration', 9, (i) => `p${i}/package.json`, () => STATE],
    ['large files', 8, (i) => `s/job_${i}.json`, () => ({ ...STATE, more: 'x'.repeat(2 ** 20) })],
  ])('%s', (_, count, name, content) => {
    many(count, name, content);
    expect(find()).toEqual({ families: [], members: new Set() });
  });

  it('of links', () => {
    many(4, (i) => `s/job_${i}.json`);
    for (let i = 4; i < 9; i++) symlinkSync('job_0.json', join(root, `s/job_${i}.json`));
    expect(find().families).toEqual([]);
  });

  it('one odd member in ten does not hide the shape, nor do braces in text', () => {
    many(
      10,
      (i) => `s/job_${i}.json`,
      (i) => (i === 0 ? { other: 1 } : { note: '}{"x":', ...STATE }),
    );
    expect(find().families[0]?.keys).toEqual(['id', 'note', 'status', 'steps']);
  });
});

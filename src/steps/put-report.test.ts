import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { realDisk } from '../disk/real-disk.ts';
import { putReport } from './put-report.ts';

const MARK = '<!-- mine -->\n';
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('replaces an earlier report, keeps its mode and leaves nothing else', () => {
  const path = join(dir, 'report.html');
  putReport(realDisk, path, `${MARK}one`, MARK);
  chmodSync(path, 0o600);
  putReport(realDisk, path, `${MARK}two`, MARK);
  expect(readFileSync(path, 'utf8')).toBe(`${MARK}two`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(dir)).toEqual(['report.html']);
});

it.each([
  ['another file', (path: string) => writeFileSync(path, 'my own page')],
  ['an empty file', (path: string) => writeFileSync(path, '')],
  ['the beginning of a mark', (path: string) => writeFileSync(path, MARK.slice(0, -2))],
  ['a folder', (path: string) => mkdirSync(path)],
  ['a link to nothing', (path: string) => symlinkSync('nothing', path)],
])('never replaces %s', (_name, make) => {
  const path = join(dir, 'report.html');
  make(path);
  const before = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  expect(() => putReport(realDisk, path, `${MARK}two`, MARK)).toThrow(
    expect.objectContaining({ code: 'DSP-FILE-EXISTS' }),
  );
  expect(statSync(path, { throwIfNoEntry: false })?.mtimeMs).toBe(before);
  expect(readdirSync(dir)).toEqual(['report.html']);
});

it('never writes through a link, even to a report', () => {
  putReport(realDisk, join(dir, 'real.html'), `${MARK}one`, MARK);
  symlinkSync('real.html', join(dir, 'link.html'));
  expect(() => putReport(realDisk, join(dir, 'link.html'), `${MARK}two`, MARK)).toThrow(/is no report/);
  expect(readFileSync(join(dir, 'real.html'), 'utf8')).toBe(`${MARK}one`);
});

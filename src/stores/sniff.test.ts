import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { walkProject } from '../project/walk.ts';
import { type SniffResult, sniffFiles } from './sniff.ts';
import { openConnection } from './sqlite/driver.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sniff-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function database(path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  const db = openConnection(join(root, path), 'create');
  db.exec('CREATE TABLE t (v)');
  db.close();
}

const sniff = (): SniffResult => sniffFiles(root, walkProject(root, { ignore: [] }).files);

/** What became of each file: its kind, with status or reason, or what it is instead. */
function told(): Readonly<Record<string, string>> {
  const { stores, lookalikes } = sniff();
  return Object.fromEntries([
    ...stores.map(({ path, kind, status, reason }) => [path, [kind, reason?.code ?? status].join(' ').trim()]),
    ...lookalikes.map(({ path, is }) => [path, is]),
  ]);
}

/** Bytes without any pattern, as encryption leaves them. */
const noise = (length: number): Uint8Array => {
  let seed = 1;
  return Uint8Array.from({ length }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 16) & 0xff;
  });
};

describe('S11: a database is known by its content', () => {
  it.each(['app.sqlite3', 'app.dat', 'app', 'app.db.bak', 'app.json', 'app.bin', 'state.conf'])('in %s', (path) => {
    database(path);
    expect(told()).toEqual({ [path]: 'sqlite' });
  });

  it('but source code and pictures are not opened', () => {
    for (const path of ['app.py', 'app.png', 'app.log']) database(path);
    expect(told()).toEqual({});
  });

  it.each<[string, string | Uint8Array, string]>([
    ['empty.db', '', 'sqlite empty'],
    ['cut.db', 'SQLite format 3\0and no more', 'sqlite truncated'],
    ['text.db', 'only words\n', 'text'],
    ['zeros.db', new Uint8Array(4096), 'zeros'],
    ['cipher.db', noise(8192), 'sqlite encrypted'],
    ['odd.db', noise(8191), 'binary data of an unknown format'],
    [
      'Thumbs.db',
      Buffer.from('d0cf11e0a1b11ae1'.padEnd(64, '0'), 'hex'),
      'OLE document (Thumbs.db or an old Office file)',
    ],
    ['a.database', Buffer.from('504b0304'.padEnd(128, '0'), 'hex'), 'zip archive'],
    ['b.db', Buffer.from('1f8b0800'.padEnd(64, '0'), 'hex'), 'gzip archive'],
    ['one.db', Buffer.from([0x80, 1]), 'binary data of an unknown format'],
    ['users.db', 'id,name,created_at\n1,Ada,2024-01-01\n2,Ben,2024-01-02\n3,Cy,2024-01-03\n', 'csv'],
    ['shelf.db', Buffer.from('8003637379730a65786974'.padEnd(200, '0'), 'hex'), 'pickle of Python'],
    ['users.csv', 'id,name\n1,Ada\n', 'csv'],
    ['users.json', '[{"id":1,"name":"Ada"}]', 'json'],
    ['events.jsonl', '{"id":1}\n{"id":2}\n', 'jsonl'],
  ])('%s', (path, content, expected) => {
    put(path, content);
    expect(told()).toEqual({ [path]: expected });
  });

  it.each<[string, string | Uint8Array]>([
    ['empty.csv', ''],
    ['noise.csv', noise(4096)],
    ['noise', noise(4096)],
    ['README.md', 'id,name\n1,a\n2,b\n'],
    ['package.json', '{"name":"x","version":"1"}'],
  ])('%s is none of our business', (path, content) => {
    put(path, content);
    expect(told()).toEqual({});
  });
});

describe('S14: what is a store and cannot be read', () => {
  const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n';
  it.each([
    ['big.db', 'sqlite lfs-pointer'],
    ['big.csv', 'csv lfs-pointer'],
    ['big.json', 'json lfs-pointer'],
    ['big.jsonl', 'jsonl lfs-pointer'],
    ['big.ndjson', 'jsonl lfs-pointer'],
    ['big.jsonl.json', 'json lfs-pointer'],
  ])('a pointer of git-lfs in %s', (path, expected) => {
    put(path, POINTER);
    expect(told()).toEqual({ [path]: expected });
  });

  it('but a pointer to a picture is no store', () => {
    put('big.raw', POINTER);
    expect(told()).toEqual({});
  });

  it('a link that leads nowhere, or to content kept elsewhere', () => {
    symlinkSync('gone.db', join(root, 'lost.db'));
    symlinkSync('.git/annex/objects/xx/data.csv', join(root, 'annexed.csv'));
    symlinkSync('gone', join(root, 'nothing'));
    expect(told()).toEqual({ 'annexed.csv': 'csv missing-content', 'lost.db': 'sqlite missing-content' });
    expect(sniff().stores[0]?.reason?.message).toMatch(/git-annex/);
  });

  it('a file without permission', () => {
    const files = ['a.db', 'b.csv', 'c.dat'];
    for (const path of files) put(path, 'x');
    const { files: entries } = walkProject(root, { ignore: [] });
    chmodSync(root, 0o755);
    for (const path of files) chmodSync(join(root, path), 0o000);
    // No mode stops root.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    const { stores, lookalikes } = sniffFiles(root, entries);
    if (isRoot) process.seteuid?.(0);
    expect(stores.map(({ path, reason }) => `${path} ${reason?.code}`)).toEqual([
      'a.db permission',
      'b.csv permission',
    ]);
    expect(lookalikes).toEqual([]);
  });
});

describe('what stands beside a store', () => {
  it('S1: sidecars belong to it, and are no stores', () => {
    database('app.db');
    for (const suffix of ['-wal', '-shm', '-journal', '-walrus']) put(`app.db${suffix}`, 'x');
    const { stores, lookalikes } = sniff();
    expect(stores.map(({ path }) => path)).toEqual(['app.db']);
    expect(lookalikes).toEqual([]);
    expect(stores[0]?.sidecars).toEqual([
      { path: 'app.db-wal', role: 'wal', bytes: 1 },
      { path: 'app.db-shm', role: 'shm', bytes: 1 },
      { path: 'app.db-journal', role: 'journal', bytes: 1 },
    ]);
  });

  it('S3: a sidecar without its database is named', () => {
    put('app.db-wal', 'x');
    put('notes-journal', 'x');
    expect(told()).toEqual({ 'app.db-wal': 'sidecar without its database' });
  });

  it('S20: links into the project are named with their file; those that lead out are stores', () => {
    database('data/app.db');
    symlinkSync('data/app.db', join(root, 'link.db'));
    symlinkSync('data/app.db', join(root, 'other.db'));
    const outside = mkdtempSync(join(tmpdir(), 'sniff-out-'));
    const db = openConnection(join(outside, 'x.db'), 'create');
    db.exec('CREATE TABLE t (v)');
    db.close();
    symlinkSync(join(outside, 'x.db'), join(root, 'out.db'));
    expect(sniff().stores.map(({ path, links }) => [path, links])).toEqual([
      ['data/app.db', ['link.db', 'other.db']],
      ['out.db', []],
    ]);
    rmSync(outside, { recursive: true });
  });
});

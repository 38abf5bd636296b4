import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
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
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Disk, File } from '../disk/disk.ts';
import { realDisk } from '../disk/real-disk.ts';
import { openObjects } from './objects.ts';

let dir: string;
let vault: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'objects-'));
  vault = join(dir, 'vault');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const sha = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
const place = (sha256: string): string => join(vault, 'objects', sha256.slice(0, 2), sha256);
const objects = (disk: Disk = realDisk) => openObjects(disk, vault);
const bytes = (text: string) => ({ bytes: Buffer.from(text) });
const mode = (path: string): number => statSync(path).mode & 0o777;
const listed = (): readonly string[] =>
  existsSync(join(vault, 'objects'))
    ? readdirSync(join(vault, 'objects'), { recursive: true, encoding: 'utf8' }).filter((name) => name.length > 10)
    : [];

it('makes nothing before something is put, and then everything private', () => {
  const opened = objects();
  expect(opened.has(sha('a'))).toBe(false);
  expect(existsSync(vault)).toBe(false);
  expect(opened.put(bytes('a'))).toEqual({ sha256: sha('a'), bytes: 1 });
  expect(readFileSync(join(vault, 'format'), 'utf8')).toBe('desprawl vault 1\n');
  for (const folder of ['.', 'objects', 'backups', 'checks', 'part', `objects/${sha('a').slice(0, 2)}`])
    expect(mode(join(vault, folder)), folder).toBe(0o700);
  expect(mode(place(sha('a')))).toBe(0o400);
  expect(readdirSync(join(vault, 'part'))).toEqual([]);
});

it('takes bytes, files and open files, and gives them back', () => {
  const opened = objects();
  const path = join(dir, 'file');
  writeFileSync(path, 'content of a file', { mode: 0o444 });
  const file = realDisk.open(path, 'read');
  const digest = { sha256: sha('content of a file'), bytes: 17 };
  expect(opened.put({ file: path })).toEqual(digest);
  expect(opened.put({ open: file })).toEqual(digest);
  expect(opened.put(bytes('content of a file'))).toEqual(digest);
  expect(listed()).toHaveLength(1);
  const back = opened.open(digest.sha256);
  const into = Buffer.alloc(17);
  back.read(into, 0);
  expect(into.toString()).toBe('content of a file');
  for (const one of [file, back]) one.close();
});

it('takes no link, no folder and no pipe for a content', () => {
  symlinkSync('nowhere', join(dir, 'link'));
  mkdirSync(join(dir, 'folder'));
  expect(() => objects().put({ file: join(dir, 'link') })).toThrow(/ELOOP/);
  expect(() => objects().put({ file: join(dir, 'folder') })).toThrow(/EINVAL/);
  expect(listed()).toEqual([]);
});

it('stores equal contents once, and writes nothing for one that it has', () => {
  objects().put(bytes('same'));
  const { ino } = statSync(place(sha('same')), { bigint: true });
  const writes: string[] = [];
  const watched: Disk = {
    ...realDisk,
    open: (path, how, m) => {
      if (how !== 'read') writes.push(String(path));
      return realDisk.open(path, how, m);
    },
  };
  writeFileSync(join(dir, 'copy'), 'same');
  const again = objects(watched);
  again.put(bytes('same'));
  again.put({ file: join(dir, 'copy') }, { hashFirst: true });
  expect(writes).toEqual([]);
  again.put({ file: join(dir, 'copy') });
  expect(writes).toHaveLength(1);
  expect(statSync(place(sha('same')), { bigint: true }).ino).toBe(ino);
});

it('does not trust a content that rotted for being there: it is written anew', () => {
  objects().put(bytes('precious'));
  chmodSync(place(sha('precious')), 0o600);
  writeFileSync(place(sha('precious')), 'precioux');
  expect(objects().has(sha('precious'))).toBe(true);
  expect(objects().verify(sha('precious'))).toBe(false);
  objects().put(bytes('precious'));
  expect(readFileSync(place(sha('precious')), 'utf8')).toBe('precious');
  expect(mode(place(sha('precious')))).toBe(0o400);
});

it('says which content is missing, and refuses names that lead elsewhere', () => {
  const opened = objects();
  expect(opened.verify(sha('none'))).toBe(false);
  expect(() => opened.open(sha('none'))).toThrow(expect.objectContaining({ code: 'DSP-VAULT-DAMAGED' }));
  for (const name of ['', '../../etc/passwd', sha('a').toUpperCase(), `${sha('a')}/..`])
    expect(() => opened.has(name)).toThrow(expect.objectContaining({ code: 'DSP-VAULT-DAMAGED' }));
});

it('refuses a vault of another format, before anything is put into it', () => {
  mkdirSync(vault);
  writeFileSync(join(vault, 'format'), 'desprawl vault 2\n');
  expect(() => objects()).toThrow(/desprawl vault 2/);
});

it('notices that what it wrote reads back as other bytes', () => {
  const lying: Disk = { ...realDisk, open: (...args) => flipping(realDisk.open(...args), args[1] === 'create') };
  expect(() => objects(lying).put(bytes('precious'))).toThrow(expect.objectContaining({ code: 'DSP-VAULT-DAMAGED' }));
  expect(listed()).toEqual([]);
  expect(readdirSync(join(vault, 'part'))).toEqual([]);
});

function flipping(file: File, writes: boolean): File {
  return Object.assign(Object.create(file) as File, {
    write: (piece: Uint8Array, position: number | null) => {
      const other = Uint8Array.from(piece);
      if (writes && piece[0] === 'p'.charCodeAt(0)) other[0] = 0;
      return file.write(other, position);
    },
  });
}

it.each(['write', 'sync', 'setAttributes'] as const)('leaves nothing where %s fails on a full disk', async (call) => {
  objects().put(bytes('first'));
  const full = (): never => {
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  };
  const disk: Disk = {
    ...realDisk,
    open: (path, how, m) =>
      how === 'create'
        ? Object.assign(Object.create(realDisk.open(path, how, m)), { [call]: full })
        : realDisk.open(path, how, m),
    ...(call === 'sync' ? { syncAll: async () => full() } : {}),
  };
  writeFileSync(join(dir, 'file'), 'second');
  expect(() => objects(disk).put(bytes('second'))).toThrow(/ENOSPC/);
  expect(() => objects(disk).put({ file: join(dir, 'file') })).toThrow(/ENOSPC/);
  await expect(objects(disk).putAll([Buffer.from('second'), Buffer.from('third')])).rejects.toThrow(/ENOSPC/);
  expect(readdirSync(join(vault, 'part'))).toEqual([]);
  expect(listed()).toHaveLength(1);
});

it('a name that a killed process left is fsynced before it counts', () => {
  objects().put(bytes('left'));
  const synced: string[] = [];
  const disk: Disk = {
    ...realDisk,
    syncFolder: (path) => {
      synced.push(String(path));
      realDisk.syncFolder(path);
    },
  };
  objects(disk).put(bytes('left'));
  expect(synced).toContain(join(vault, 'objects', sha('left').slice(0, 2)));
});

it('many contents at once are the same as one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 }), async (contents) => {
      rmSync(vault, { recursive: true, force: true });
      const together = await objects().putAll(contents);
      expect(together).toEqual(contents.map((one) => ({ sha256: sha(Buffer.from(one)), bytes: one.length })));
      expect(new Set(listed().map((name) => name.slice(3)))).toEqual(new Set(together.map(({ sha256 }) => sha256)));
      const opened = objects();
      for (const { sha256 } of together) expect(opened.verify(sha256)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

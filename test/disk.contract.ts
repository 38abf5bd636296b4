/**
 * What every disk does, the real one and those that tests put in its place: a simulation that is more forgiving than the machine
 * proves nothing. Each case works in a folder of its own.
 */
import { describe, expect, it } from 'vitest';
import type { Disk, Path, Stat } from '../src/disk/disk.ts';
import { joinPath } from '../src/disk/paths.ts';
import { toMicroseconds } from '../src/disk/times.ts';
import { copyContent, writeAll, writeNewFile } from '../src/disk/write-file.ts';

export interface DiskUnderTest {
  readonly disk: Disk;
  /** A folder that is there and empty. */
  readonly root: string;
}

/** A name that is no UTF-8, one with what shells and line-based formats trip over, one of the greatest length. */
const ODD_NAMES = [
  Buffer.of(0x66, 0xff, 0xfe),
  Buffer.from('-x \'y\' "z"\n\\{a}'),
  Buffer.from('ü'),
  Buffer.alloc(255, 'n'),
];

export function diskContract(name: string, open: () => DiskUnderTest): void {
  describe(name, () => {
    const begin = () => {
      const { disk, root } = open();
      const at = (path: string) => `${root}/${path}`;
      const put = (path: string, text = 'text') => writeNewFile(disk, at(path), Buffer.from(text));
      const stat = (path: string): Stat => {
        const found = disk.lstat(at(path));
        if (found === null) throw new Error(`${path} is not there`);
        return found;
      };
      return { disk, root, at, put, stat, get: (path: string) => read(disk, at(path)), list: () => names(disk, root) };
    };

    describe('open', () => {
      it('creates an empty file that can be written and read', () => {
        const { disk, at, stat } = begin();
        const file = disk.open(at('a'), 'create', 0o600);
        expect(file.stat()).toMatchObject({ kind: 'file', size: 0, mode: 0o600, nlink: 1 });
        writeAll(file, Buffer.from('hello'), 0);
        const into = Buffer.alloc(5);
        expect(file.read(into, 0)).toBe(5);
        expect(into.toString()).toBe('hello');
        expect(file.stat()).toEqual(stat('a'));
        file.close();
      });

      it('never creates over anything, a dangling link included', () => {
        const { disk, at, put, get } = begin();
        put('file', 'mine');
        disk.mkdir(at('folder'), 0o700);
        disk.symlink(Buffer.from('nowhere'), at('link'));
        for (const taken of ['file', 'folder', 'link']) fails('EEXIST', () => disk.open(at(taken), 'create'));
        expect(get('file')).toBe('mine');
        expect(disk.lstat(at('nowhere'))).toBeNull();
      });

      it('follows no link, to whatever it leads', () => {
        const { disk, at, put } = begin();
        put('file');
        disk.symlink(Buffer.from('file'), at('link'));
        for (const how of ['read', 'write', 'append'] as const) fails('ELOOP', () => disk.open(at('link'), how));
      });

      it('goes through a link in the middle of a path', () => {
        const { disk, at, put, get } = begin();
        disk.mkdir(at('folder'), 0o700);
        put('folder/file', 'inside');
        disk.symlink(Buffer.from('folder'), at('link'));
        expect(get('link/file')).toBe('inside');
      });

      it('says what is missing, and what is no folder', () => {
        const { disk, at, put } = begin();
        put('file');
        for (const how of ['read', 'write', 'append'] as const) fails('ENOENT', () => disk.open(at('none'), how));
        fails('ENOENT', () => disk.open(at('none/file'), 'create'));
        fails('ENOTDIR', () => disk.open(at('file/below'), 'create'));
        fails('ENOTDIR', () => disk.open(at('file/below'), 'read'));
      });

      it('opens a folder to look at, not to read or write', () => {
        const { disk, at } = begin();
        disk.mkdir(at('folder'), 0o700);
        const folder = disk.open(at('folder'), 'read');
        expect(folder.stat().kind).toBe('folder');
        fails('EISDIR', () => folder.read(Buffer.alloc(1), 0));
        folder.close();
        for (const how of ['write', 'append'] as const) fails('EISDIR', () => disk.open(at('folder'), how));
      });

      it('goes on with a file that lost its name', () => {
        const { disk, at, put } = begin();
        put('a', 'text');
        const file = disk.open(at('a'), 'write');
        disk.unlink(at('a'));
        expect(file.stat().nlink).toBe(0);
        expect(file.read(Buffer.alloc(9), 0)).toBe(4);
        file.close();
      });
    });

    describe('an open file', () => {
      it('reads short at the end, and nothing behind it', () => {
        const { disk, at, put } = begin();
        put('a', 'abcdef');
        const file = disk.open(at('a'), 'read');
        const into = Buffer.alloc(4);
        expect(file.read(into, 4)).toBe(2);
        expect(into.toString('latin1')).toBe('ef\0\0');
        expect(file.read(into, 6)).toBe(0);
        expect(file.read(into, 60)).toBe(0);
        file.close();
      });

      it('cannot be written if opened to be read', () => {
        const { disk, at, put } = begin();
        put('a');
        const file = disk.open(at('a'), 'read');
        fails('EBADF', () => file.write(Buffer.from('x'), 0));
        file.close();
      });

      it('writes in the middle and does not cut off', () => {
        const { disk, at, put, get } = begin();
        put('a', 'abcdef');
        const file = disk.open(at('a'), 'write');
        expect(file.write(Buffer.from('XY'), 2)).toBe(2);
        file.close();
        expect(get('a')).toBe('abXYef');
      });

      it('writes one after the other without a position', () => {
        const { disk, at, get } = begin();
        const file = disk.open(at('a'), 'create');
        file.write(Buffer.from('ab'), null);
        file.write(Buffer.from('cd'), null);
        file.close();
        expect(get('a')).toBe('abcd');
      });

      it('appends where the end is now', () => {
        const { disk, at, put, get } = begin();
        put('a', 'ab');
        const [one, other] = [disk.open(at('a'), 'append'), disk.open(at('a'), 'append')];
        one.write(Buffer.from('cd'), null);
        other.write(Buffer.from('ef'), null);
        one.write(Buffer.from('gh'), null);
        one.close();
        other.close();
        expect(get('a')).toBe('abcdefgh');
      });

      it('fills what lies between with zeros, when written behind the end or made longer', () => {
        const { disk, at, get } = begin();
        const file = disk.open(at('a'), 'create');
        file.write(Buffer.from('x'), 3);
        file.truncate(6);
        file.close();
        expect(get('a')).toBe('\0\0\0x\0\0');
      });

      it('is cut, and does not bring back what was cut off', () => {
        const { disk, at, put, get } = begin();
        put('a', 'abcdef');
        const file = disk.open(at('a'), 'write');
        file.truncate(2);
        file.truncate(4);
        file.close();
        expect(get('a')).toBe('ab\0\0');
      });

      it('is fsynced alone and with others', async () => {
        const { disk, at, get } = begin();
        const files = ['a', 'b', 'c'].map((name) => disk.open(at(name), 'create'));
        for (const file of files) writeAll(file, Buffer.from('x'), 0);
        files[0]?.sync();
        await disk.syncAll(files);
        await disk.syncAll([]);
        for (const file of files) file.close();
        expect(get('c')).toBe('x');
      });

      it('is of no use once closed', async () => {
        const { disk, at } = begin();
        const file = disk.open(at('a'), 'create');
        const other = disk.open(at('b'), 'create');
        file.close();
        fails('EBADF', () => file.sync());
        await expect(disk.syncAll([file, other])).rejects.toMatchObject({ code: 'EBADF' });
        other.close();
      });
    });

    describe('names', () => {
      it('keeps bytes that are no UTF-8, line breaks, quotes, and the longest', () => {
        const { disk, root } = begin();
        for (const name of ODD_NAMES) {
          const path = joinPath(root, name);
          writeNewFile(disk, path, name);
          expect(disk.lstat(path)?.kind).toBe('file');
          expect(read(disk, path)).toBe(name.toString('latin1'));
        }
        expect(disk.readdir(root).map(hex).sort()).toEqual(ODD_NAMES.map(hex).sort());
        for (const name of ODD_NAMES) disk.unlink(joinPath(root, name));
        expect(disk.readdir(root)).toEqual([]);
      });

      it('refuses what is too long, and tells upper from lower case', () => {
        const { disk, at, put } = begin();
        fails('ENAMETOOLONG', () => disk.open(at('n'.repeat(256)), 'create'));
        put('a');
        expect(disk.lstat(at('A'))).toBeNull();
      });
    });

    describe('lstat, readdir, readlink', () => {
      it('null for nothing, and for what lies below a file', () => {
        const { disk, at, put } = begin();
        put('file');
        expect(disk.lstat(at('none'))).toBeNull();
        expect(disk.lstat(at('none/below'))).toBeNull();
        expect(disk.lstat(at('file/below'))).toBeNull();
      });

      it('looks at the link, not at what it leads to', () => {
        const { disk, at, stat } = begin();
        const target = Buffer.concat([Buffer.from('no/'), Buffer.of(0xff)]);
        disk.symlink(target, at('link'));
        expect(stat('link')).toMatchObject({ kind: 'link', size: target.length });
        expect(hex(disk.readlink(at('link')))).toBe(hex(target));
      });

      it('says what they cannot list or read', () => {
        const { disk, at, put } = begin();
        put('file');
        fails('ENOENT', () => disk.readdir(at('none')));
        fails('ENOTDIR', () => disk.readdir(at('file')));
        fails('ENOENT', () => disk.readlink(at('none')));
        fails('EINVAL', () => disk.readlink(at('file')));
      });
    });

    describe('link', () => {
      it('gives a file a second name', () => {
        const { disk, at, put, stat } = begin();
        put('a', 'text');
        disk.link(at('a'), at('b'));
        expect(stat('b')).toEqual(stat('a'));
        expect(stat('a').nlink).toBe(2);
        disk.unlink(at('a'));
        expect(stat('b').nlink).toBe(1);
      });

      it('of a link: the link itself', () => {
        const { disk, at, put, stat } = begin();
        put('a');
        disk.symlink(Buffer.from('a'), at('link'));
        disk.link(at('link'), at('second'));
        expect(stat('second')).toMatchObject({ kind: 'link', ino: stat('link').ino });
      });

      it('never replaces, and never links a folder', () => {
        const { disk, at, put, get } = begin();
        put('a', 'a');
        put('b', 'b');
        disk.mkdir(at('folder'), 0o700);
        disk.symlink(Buffer.from('none'), at('link'));
        for (const taken of ['b', 'folder', 'link']) fails('EEXIST', () => disk.link(at('a'), at(taken)));
        fails('EPERM', () => disk.link(at('folder'), at('other')));
        fails('ENOENT', () => disk.link(at('none'), at('other')));
        fails('ENOENT', () => disk.link(at('a'), at('none/other')));
        fails('ENOTDIR', () => disk.link(at('a'), at('b/other')));
        expect(get('b')).toBe('b');
      });
    });

    describe('rename', () => {
      it('moves the same file, over another one', () => {
        const { disk, at, put, get, stat, list } = begin();
        put('a', 'a');
        put('b', 'b');
        const { ino } = stat('a');
        disk.rename(at('a'), at('b'));
        expect(get('b')).toBe('a');
        expect(stat('b').ino).toBe(ino);
        expect(list()).toEqual(['b']);
      });

      it('moves a link, over a file, and a file over a link', () => {
        const { disk, at, put, stat, get } = begin();
        put('a', 'a');
        disk.symlink(Buffer.from('x'), at('link'));
        disk.rename(at('link'), at('a'));
        expect(stat('a').kind).toBe('link');
        put('b', 'b');
        disk.rename(at('b'), at('a'));
        expect(get('a')).toBe('b');
      });

      it('leaves both names of one inode', () => {
        const { disk, at, put, list } = begin();
        put('a');
        disk.link(at('a'), at('b'));
        disk.rename(at('a'), at('b'));
        expect(list()).toEqual(['a', 'b']);
      });

      it('of folders: with what is in them, over an empty one only', () => {
        const { disk, at, put, get } = begin();
        for (const folder of ['a', 'empty', 'full']) disk.mkdir(at(folder), 0o700);
        put('a/file', 'inside');
        put('full/file', 'other');
        fails('ENOTEMPTY', () => disk.rename(at('a'), at('full')));
        disk.rename(at('a'), at('empty'));
        expect(get('empty/file')).toBe('inside');
        expect(disk.lstat(at('a'))).toBeNull();
        fails('EINVAL', () => disk.rename(at('empty'), at('empty/below')));
      });

      it('says what does not fit', () => {
        const { disk, at, put } = begin();
        put('file');
        disk.mkdir(at('folder'), 0o700);
        fails('ENOENT', () => disk.rename(at('none'), at('other')));
        fails('ENOENT', () => disk.rename(at('file'), at('none/other')));
        fails('EISDIR', () => disk.rename(at('file'), at('folder')));
        fails('ENOTDIR', () => disk.rename(at('folder'), at('file')));
      });
    });

    describe('unlink, symlink, mkdir, rmdir', () => {
      it('unlinks a link, not what it leads to', () => {
        const { disk, at, put, list } = begin();
        put('file');
        disk.symlink(Buffer.from('file'), at('link'));
        disk.unlink(at('link'));
        expect(list()).toEqual(['file']);
        fails('ENOENT', () => disk.unlink(at('link')));
        fails('ENOTDIR', () => disk.unlink(at('file/below')));
      });

      it('never unlinks a folder', () => {
        const { disk, at, list } = begin();
        disk.mkdir(at('folder'), 0o700);
        expect(() => disk.unlink(at('folder'))).toThrow(/EISDIR|EPERM/);
        expect(list()).toEqual(['folder']);
      });

      it('never makes anything over something', () => {
        const { disk, at, put } = begin();
        put('file');
        disk.symlink(Buffer.from('none'), at('link'));
        for (const taken of ['file', 'link']) {
          fails('EEXIST', () => disk.symlink(Buffer.from('x'), at(taken)));
          fails('EEXIST', () => disk.mkdir(at(taken), 0o700));
        }
        fails('ENOENT', () => disk.mkdir(at('none/below'), 0o700));
        fails('ENOENT', () => disk.symlink(Buffer.from('x'), at('none/below')));
        fails('ENOTDIR', () => disk.mkdir(at('file/below'), 0o700));
      });

      it('makes a folder with its mode and removes it only when empty', () => {
        const { disk, at, put, stat, list } = begin();
        disk.mkdir(at('folder'), 0o700);
        expect(stat('folder')).toMatchObject({ kind: 'folder', mode: 0o700 });
        put('folder/file');
        fails('ENOTEMPTY', () => disk.rmdir(at('folder')));
        disk.unlink(at('folder/file'));
        disk.rmdir(at('folder'));
        expect(list()).toEqual([]);
        put('file');
        fails('ENOENT', () => disk.rmdir(at('none')));
        fails('ENOTDIR', () => disk.rmdir(at('file')));
        disk.symlink(Buffer.from('.'), at('link'));
        fails('ENOTDIR', () => disk.rmdir(at('link')));
      });
    });

    describe('attributes', () => {
      /** Those that come out one too low if set as they are, beginnings of seconds, before 1970, after 2038. */
      const times = [0n, 1n, 1_758_011_400_000_001n, 1_758_011_400_999_999n, 1_300_000_000_123_457n, -1n, -123_456_789n]
        .concat([4_102_444_800_654_321n])
        .map((us) => us * 1000n);

      it.each(times)('sets %d to the microsecond, of a file, a folder, a link, an open file', (mtimeNs) => {
        const { disk, at, put, stat } = begin();
        put('file');
        put('open');
        disk.mkdir(at('folder'), 0o700);
        disk.symlink(Buffer.from('file'), at('link'));
        for (const path of ['file', 'folder', 'link']) disk.setAttributes(at(path), { mtimeNs: mtimeNs + 321n });
        const open = disk.open(at('open'), 'write');
        open.setAttributes({ mtimeNs: mtimeNs + 999n });
        open.close();
        for (const path of ['file', 'folder', 'link', 'open']) {
          expect([path, toMicroseconds(stat(path).mtimeNs)]).toEqual([path, mtimeNs / 1000n]);
        }
      });

      it('sets a mode whatever the umask is, and nothing else', () => {
        const { disk, at, put, stat } = begin();
        put('file', 'text');
        disk.mkdir(at('folder'), 0o700);
        for (const path of ['file', 'folder']) {
          const before = stat(path);
          for (const mode of [0o666, 0o444, 0o4755, 0o600]) {
            disk.setAttributes(at(path), { mode });
            const { ctimeNs: _moved, ...after } = stat(path);
            expect(before).toMatchObject({ ...after, mode: before.mode });
            expect(after.mode).toBe(mode);
          }
        }
        const file = disk.open(at('file'), 'write');
        file.setAttributes({ mode: 0o640 });
        file.close();
        expect(stat('file').mode).toBe(0o640);
      });

      it('of a link are its own', () => {
        const { disk, at, put, stat } = begin();
        put('file');
        disk.symlink(Buffer.from('file'), at('link'));
        const before = stat('file');
        disk.setAttributes(at('link'), { mtimeNs: 1_000_000n });
        fails('ELOOP', () => disk.setAttributes(at('link'), { mode: 0o600 }));
        expect(stat('file')).toEqual(before);
        fails('ENOENT', () => disk.setAttributes(at('none'), { mtimeNs: 0n }));
      });

      it('keeps mode, time and owner together, with set-uid', () => {
        const { disk, at, put, stat } = begin();
        put('file');
        const { uid, gid } = stat('file');
        disk.setAttributes(at('file'), { mode: 0o4755, mtimeNs: 5_000n, uid, gid });
        expect(stat('file')).toMatchObject({ mode: 0o4755, mtimeNs: 5_000n, uid, gid });
      });

      it('moves the time of a folder with each change of its entries', () => {
        const { disk, root, at, put } = begin();
        const changes: readonly (() => void)[] = [
          () => put('a'),
          () => disk.link(at('a'), at('b')),
          () => disk.rename(at('b'), at('c')),
          () => disk.unlink(at('c')),
          () => disk.mkdir(at('d'), 0o700),
          () => disk.rmdir(at('d')),
          () => disk.symlink(Buffer.from('x'), at('e')),
        ];
        for (const [i, change] of changes.entries()) {
          disk.setAttributes(root, { mtimeNs: 1_000n });
          change();
          expect([i, disk.lstat(root)?.mtimeNs === 1_000n]).toEqual([i, false]);
        }
      });

      it('moves the time of a file with its content, and its change time with everything', () => {
        const { disk, at, put, stat } = begin();
        put('a', 'text');
        disk.setAttributes(at('a'), { mtimeNs: 1_000n });
        const before = stat('a');
        const file = disk.open(at('a'), 'write');
        file.write(Buffer.from('x'), 0);
        expect(stat('a').mtimeNs).not.toBe(1_000n);
        file.setAttributes({ mtimeNs: 1_000n });
        file.close();
        expect(stat('a').mtimeNs).toBe(before.mtimeNs);
        expect(stat('a').ctimeNs).toBeGreaterThanOrEqual(before.ctimeNs);
      });
    });

    describe('whole contents', () => {
      it('copies every length around the borders of pieces and holes, and hashes what it copied', () => {
        const { disk, at, get, stat } = begin();
        const zeros = 64 * 1024;
        for (const [i, make] of [
          () => Buffer.alloc(0),
          () => Buffer.from('x'),
          () => Buffer.alloc(zeros),
          () => Buffer.concat([Buffer.alloc(zeros), Buffer.from('x'), Buffer.alloc(2 * zeros)]),
          () => Buffer.concat([Buffer.alloc(3 * zeros - 1, 'y'), Buffer.alloc(zeros + 2)]),
        ].entries()) {
          const bytes = make();
          writeNewFile(disk, at(`from-${i}`), bytes);
          const from = disk.open(at(`from-${i}`), 'read');
          const to = disk.open(at(`to-${i}`), 'create');
          expect(copyContent(from, to).bytes).toBe(bytes.length);
          from.close();
          to.close();
          expect(get(`to-${i}`) === bytes.toString('latin1')).toBe(true);
          expect(stat(`to-${i}`).size).toBe(bytes.length);
        }
      });
    });

    describe('the rest', () => {
      it('fsyncs folders, and nothing else as one', () => {
        const { disk, root, at, put } = begin();
        put('file');
        disk.syncFolder(root);
        fails('ENOENT', () => disk.syncFolder(at('none')));
        fails('ENOTDIR', () => disk.syncFolder(at('file')));
      });

      it('fsyncs many folders side by side, and says where one is gone', async () => {
        const { disk, root, at, put } = begin();
        put('file');
        const folders = Array.from({ length: 300 }, (_, i) => at(`folder ${i}`));
        for (const folder of folders) disk.mkdir(folder, 0o700);
        await disk.syncFolders([root, ...folders]);
        await disk.syncFolders([]);
        await expect(disk.syncFolders([root, at('none')])).rejects.toMatchObject({ code: 'ENOENT' });
        await expect(disk.syncFolders([root, at('file')])).rejects.toMatchObject({ code: 'ENOTDIR' });
      });

      it('clones a file or says that it cannot, and then leaves nothing', () => {
        const { disk, at, put, get, list } = begin();
        put('a', 'text');
        if (disk.clone(at('a'), at('b'))) expect(get('b')).toBe('text');
        else expect(list()).toEqual(['a']);
      });

      it('never clones over something, nor what is no file', () => {
        const { disk, at, put, get } = begin();
        put('a', 'a');
        put('b', 'b');
        disk.symlink(Buffer.from('a'), at('link'));
        fails('EEXIST', () => disk.clone(at('a'), at('b')));
        fails('EINVAL', () => disk.clone(at('link'), at('c')));
        fails('ENOENT', () => disk.clone(at('none'), at('c')));
        expect(get('b')).toBe('b');
        expect(disk.lstat(at('c'))).toBeNull();
      });

      it('says how much is free', () => {
        const { disk, root, at } = begin();
        expect(disk.free(root)).toBeGreaterThan(0n);
        fails('ENOENT', () => disk.free(at('none')));
      });
    });
  });
}

function fails(code: string, call: () => unknown): void {
  expect(call).toThrow(expect.objectContaining({ code }));
}

function read(disk: Disk, path: Path): string {
  const file = disk.open(path, 'read');
  try {
    const bytes = Buffer.alloc(file.stat().size);
    for (let at = 0; at < bytes.length; ) at += file.read(bytes.subarray(at), at) || bytes.length;
    return bytes.toString('latin1');
  } finally {
    file.close();
  }
}

function names(disk: Disk, folder: Path): readonly string[] {
  return disk
    .readdir(folder)
    .map((name) => name.toString('latin1'))
    .sort();
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex');
}

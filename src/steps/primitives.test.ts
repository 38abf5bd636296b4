/** Each primitive × before, partial, after, foreign; what happens between looking and doing; there and back. */
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { carryOut, type StepGround, stepGround } from '../../test/step-ground.ts';
import { treeState } from '../../test/tree-state.ts';
import type { Disk } from '../disk/disk.ts';
import { ABSENT, type FileState, type FolderState } from '../disk/path-state.ts';
import { realDisk } from '../disk/real-disk.ts';
import { writeNewFile } from '../disk/write-file.ts';
import { type FileStep, primitiveOf } from './index.ts';
import { placeOf, temporaryOf } from './place.ts';
import type { Ground } from './primitive.ts';
import type { MakeFolder, Put, Remove, RemoveFolder, Rename } from './step.ts';

let parent: string;
let on: StepGround;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'steps-'));
  on = stepGround(realDisk, parent);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const at = (path: string): string => join(on.root, path);
const write = (path: string, text: string | Buffer, mode = 0o644): void => {
  writeFileSync(at(path), text);
  chmodSync(at(path), mode);
};
const text = (path: string): string => readFileSync(at(path), 'utf8');
const names = (path = '.'): readonly string[] => readdirSync(at(path)).sort();
const is = (step: FileStep, ground: Ground = on): string => primitiveOf(step).inspect(step, ground).is;
const why = (step: FileStep): string | undefined => primitiveOf(step).inspect(step, on).why;
const clean = (step: FileStep): void => primitiveOf(step).clean(step, on);
const temporary = (step: Put): string => String(temporaryOf(on, step.path, step.n));
const FOREIGN = expect.objectContaining({ code: 'DSP-RUN-FOREIGN' });
const FOLDER: FolderState = { kind: 'folder', mode: 0o755 };

const put = (before: Put['before'], after: Put['after'], more: Partial<Put> = {}): Put => ({
  n: 17,
  action: 'a',
  op: 'put',
  path: 'a',
  how: 'replace',
  before,
  after,
  ...more,
});

describe('put, replace', () => {
  it('is before, then after', async () => {
    write('a', 'old');
    const step = put(on.content('old'), on.content('new'));
    expect(is(step)).toBe('before');
    await carryOut(step, on);
    expect(is(step)).toBe('after');
    expect(text('a')).toBe('new');
    expect(names()).toEqual(['a']);
  });

  it.each([0o600, 0o755, 0o444])('gives mode %o, owner and time as the state says', async (mode) => {
    write('a', 'old');
    const mtime = '1758011400000001000';
    await carryOut(put(on.content('old'), on.content('new', { mode, mtime, uid: 0, gid: 0 })), on);
    expect(statSync(at('a'), { bigint: true }).mtimeNs).toBe(BigInt(mtime));
    expect(statSync(at('a')).mode & 0o7777).toBe(mode);
  });

  it('keeps the owner of what it replaces, and set-uid with it', async () => {
    if (process.getuid?.() !== 0) return;
    write('a', 'old', 0o4755);
    const { chownSync } = await import('node:fs');
    chownSync(at('a'), 1234, 2345);
    chmodSync(at('a'), 0o4755);
    const before = on.content('old', { mode: 0o4755, uid: 1234, gid: 2345 });
    await carryOut(put(before, on.content('new', { mode: 0o4755 })), on);
    expect(statSync(at('a'))).toMatchObject({ uid: 1234, gid: 2345 });
    expect(statSync(at('a')).mode & 0o7777).toBe(0o4755);
  });

  it('with the temporary it is partial, and cleaned to before', () => {
    write('a', 'old');
    const step = put(on.content('old'), on.content('new'));
    const seen = primitiveOf(step).inspect(step, on);
    primitiveOf(step).stage(step, seen, on).file?.close();
    expect(names()).toEqual(['.desprawl-2026-11-21T143617Z-4f1c-17', 'a']);
    expect(is(step)).toBe('partial');
    clean(step);
    expect(is(step)).toBe('before');
    expect(names()).toEqual(['a']);
    clean(step);
    expect(text('a')).toBe('old');
  });

  it('of nothing: between getting its name and losing the temporary one it is partial', () => {
    const step = put(ABSENT, on.content('new'));
    expect(is(step)).toBe('before');
    const seen = primitiveOf(step).inspect(step, on);
    primitiveOf(step).stage(step, seen, on).file?.close();
    expect(is(step)).toBe('partial');
    linkSync(temporary(step), at('a'));
    expect(is(step)).toBe('partial');
    clean(step);
    expect(names()).toEqual([]);
    expect(is(step)).toBe('before');
  });

  it('what was written into the new file before the temporary name went is not cleaned away', () => {
    const step = put(ABSENT, on.content('new'));
    const seen = primitiveOf(step).inspect(step, on);
    primitiveOf(step).stage(step, seen, on).file?.close();
    linkSync(temporary(step), at('a'));
    writeFileSync(at('a'), 'mine');
    expect(is(step)).toBe('foreign');
    clean(step);
    expect(names()).toEqual(['a']);
    expect(text('a')).toBe('mine');
  });

  it('in its new state it is after, whoever made it, also beside a temporary', () => {
    write('a', 'new');
    const step = put(ABSENT, on.content('new'));
    expect(is(step)).toBe('after');
    writeFileSync(temporary(step), 'left');
    expect(is(step)).toBe('after');
    clean(step);
    expect(names()).toEqual(['a']);
  });

  it.each([
    ['another content', () => write('a', 'mine')],
    ['another mode', () => write('a', 'old', 0o600)],
    ['nothing', () => {}],
    ['a folder', () => mkdirSync(at('a'))],
    [
      'a link to the same content',
      () => {
        write('b', 'old');
        symlinkSync('b', at('a'));
      },
    ],
  ])('%s is foreign', (_name, make) => {
    make();
    expect(is(put(on.content('old'), on.content('new')))).toBe('foreign');
  });

  it('touched only, it is what it was', async () => {
    write('a', 'old');
    utimesSync(at('a'), 1, 1);
    const step = put(on.content('old', { mtime: '5' }), on.content('new'));
    await carryOut(step, on, () => utimesSync(at('a'), 2, 2));
    expect(text('a')).toBe('new');
  });

  it('changed between looking and doing: nothing is done', async () => {
    write('a', 'old');
    const step = put(on.content('old'), on.content('new'));
    await expect(carryOut(step, on, () => write('a', 'mine'))).rejects.toThrow(FOREIGN);
    expect(text('a')).toBe('mine');
    expect(is(step)).toBe('foreign');
    clean(step);
    expect(names()).toEqual(['a']);
  });

  it('saved anew with the same content between looking and doing: done', async () => {
    write('a', 'old');
    const resave = () => {
      write('b', 'old');
      renameSync(at('b'), at('a'));
    };
    await carryOut(put(on.content('old'), on.content('new')), on, resave);
    expect(text('a')).toBe('new');
  });

  it('appeared at an empty place, at the last moment: never replaced', async () => {
    const step = put(ABSENT, on.content('new'));
    const disk: Disk = {
      ...realDisk,
      link: (from, to) => {
        writeFileSync(to, 'mine');
        realDisk.link(from, to);
      },
    };
    await expect(carryOut(step, { ...on, disk })).rejects.toThrow(FOREIGN);
    expect(text('a')).toBe('mine');
  });

  it('where there are no second names, a rename does it', async () => {
    const disk: Disk = {
      ...realDisk,
      link: () => {
        throw Object.assign(new Error('no'), { code: 'EPERM' });
      },
    };
    await carryOut(put(ABSENT, on.content('new')), { ...on, disk });
    expect(text('a')).toBe('new');
    expect(names()).toEqual(['a']);
  });

  it('makes, exchanges and replaces links', async () => {
    const mtime = '1758011400000001000';
    await carryOut(put(ABSENT, { kind: 'link', target: 'one', mtime }), on);
    expect(lstatSync(at('a'), { bigint: true }).mtimeNs).toBe(BigInt(mtime));
    const two = { kind: 'link', target: { bytes: Buffer.of(0x2e, 0xff).toString('base64') } } as const;
    await carryOut(put({ kind: 'link', target: 'one' }, two), on);
    expect(readlinkSync(at('a'), 'buffer')).toEqual(Buffer.of(0x2e, 0xff));
    await carryOut(put(two, on.content('file')), on);
    expect(text('a')).toBe('file');
    await carryOut(put(on.content('file'), { kind: 'link', target: 'a' }), on);
    expect(names()).toEqual(['a']);
  });

  it('never goes through a link above, nor into what is no folder', () => {
    mkdirSync(at('elsewhere'));
    write('elsewhere/a', 'old');
    symlinkSync('elsewhere', at('d'));
    const step = put(on.content('old'), on.content('new'), { path: 'd/a' });
    expect(why(step)).toBe('d is a symbolic link');
    clean(step);
    const missing = put(ABSENT, on.content('new'), { path: 'elsewhere/a/b' });
    expect(why(missing)).toBe('elsewhere/a is no folder');
  });

  it('a content with other bytes than its name says is not used', () => {
    write('a', 'old');
    const step = put(on.content('old'), on.content('new'));
    const objects = { open: () => on.objects.open(on.content('rotten').sha256) };
    const seen = primitiveOf(step).inspect(step, on);
    expect(() => primitiveOf(step).stage(step, seen, { ...on, objects })).toThrow(
      expect.objectContaining({ code: 'DSP-VAULT-DAMAGED' }),
    );
    expect(is(step)).toBe('before');
  });

  it('takes a path that is no UTF-8', async () => {
    const path = { bytes: Buffer.of(0x66, 0xff).toString('base64') };
    await carryOut(put(ABSENT, on.content('new'), { path }), on);
    expect(readFileSync(placeOf(on, path), 'utf8')).toBe('new');
  });
});

describe('put, in place', () => {
  /** Larger than a piece that is read at once, so that borders are met. */
  const OLD = Buffer.alloc(5 * 4096 + 100, 'o');
  const NEW = Buffer.alloc(3 * 4096 + 50, 'n');
  const step = (before: FileState = on.content(OLD), after: FileState = on.content(NEW)): Put =>
    put(before, after, { how: 'in-place' });
  const now = (bytes: Buffer): string => {
    write('a', bytes);
    return is(step());
  };

  it('keeps inode and second name', async () => {
    write('a', OLD);
    linkSync(at('a'), at('second'));
    const { ino } = statSync(at('a'));
    const mtime = '1758011400000001000';
    const there = step(on.content(OLD), on.content(NEW, { mode: 0o600, mtime }));
    await carryOut(there, on);
    expect(is(there)).toBe('after');
    expect(statSync(at('a')).ino).toBe(ino);
    expect(statSync(at('a'), { bigint: true }).mtimeNs).toBe(BigInt(mtime));
    expect(readFileSync(at('second')).equals(NEW)).toBe(true);
    expect(names()).toEqual(['a', 'second']);
  });

  it.each([
    ['the first blocks new', () => Buffer.concat([NEW.subarray(0, 2 * 4096), OLD.subarray(2 * 4096)])],
    ['the last of the new written, not cut yet', () => Buffer.concat([NEW, OLD.subarray(NEW.length)])],
    ['new until somewhere in a block', () => Buffer.concat([NEW.subarray(0, 5000), OLD.subarray(5000)])],
    ['a block lost', () => Buffer.concat([NEW.subarray(0, 4096), Buffer.alloc(4096), OLD.subarray(2 * 4096)])],
    ['blocks in any order', () => Buffer.concat([OLD.subarray(0, 4096), NEW.subarray(4096)])],
  ])('%s: partial, and cleaned to before', (_name, make) => {
    expect(now(make())).toBe('partial');
    clean(step());
    expect(is(step())).toBe('before');
    expect(readFileSync(at('a')).equals(OLD)).toBe(true);
  });

  it('grown by what is not written yet: partial', () => {
    write('a', Buffer.concat([NEW, Buffer.alloc(4096)]));
    const grow = step(on.content(NEW), on.content(OLD));
    expect(is(grow)).toBe('partial');
    clean(grow);
    expect(readFileSync(at('a')).equals(NEW)).toBe(true);
  });

  it.each([
    ['another block', () => Buffer.concat([NEW.subarray(0, 4096), Buffer.alloc(4096, 'x'), OLD.subarray(2 * 4096)])],
    ['one other byte', () => Buffer.concat([NEW.subarray(0, 4095), Buffer.from('x'), OLD.subarray(4096)])],
    ['longer than both', () => Buffer.concat([OLD, Buffer.from('o')])],
    ['emptied', () => Buffer.alloc(0)],
  ])('%s: foreign, and not touched', (_name, make) => {
    const bytes = make();
    expect(now(bytes)).toBe('foreign');
    clean(step());
    expect(readFileSync(at('a')).equals(bytes)).toBe(true);
  });

  it('another mode than before or after is foreign; that of before with the new content is partial', () => {
    const there = step(on.content(OLD), on.content(NEW, { mode: 0o640 }));
    write('a', OLD, 0o600);
    expect(is(there)).toBe('foreign');
    write('a', NEW, 0o644);
    expect(is(there)).toBe('partial');
  });

  it('changed between looking and doing: nothing is done', async () => {
    write('a', OLD);
    await expect(carryOut(step(), on, () => truncateSync(at('a'), 9))).rejects.toThrow(FOREIGN);
    expect(statSync(at('a')).size).toBe(9);
  });
});

describe('remove', () => {
  const step = (before: Remove['before']): Remove => ({ n: 1, action: 'a', op: 'remove', path: 'a', before });

  it('is before, then after', async () => {
    write('a', 'x');
    expect(is(step(on.content('x')))).toBe('before');
    await carryOut(step(on.content('x')), on);
    expect(is(step(on.content('x')))).toBe('after');
    expect(names()).toEqual([]);
  });

  it('removes a link and leaves what it leads to', async () => {
    write('b', 'x');
    symlinkSync('b', at('a'));
    await carryOut(step({ kind: 'link', target: 'b' }), on);
    expect(names()).toEqual(['b']);
  });

  it('foreign: another content, kind or target; a link above', () => {
    write('a', 'mine');
    expect(is(step(on.content('x')))).toBe('foreign');
    expect(is(step({ kind: 'link', target: 'b' }))).toBe('foreign');
    expect(is({ ...step(on.content('x')), path: 'a/b' })).toBe('foreign');
  });

  it('changed between looking and doing: kept', async () => {
    write('a', 'x');
    await expect(carryOut(step(on.content('x')), on, () => write('a', 'mine'))).rejects.toThrow(FOREIGN);
    expect(text('a')).toBe('mine');
  });

  it('two names of one file go one after the other', async () => {
    write('a', 'x');
    linkSync(at('a'), at('b'));
    const steps: readonly Remove[] = [step(on.content('x')), { ...step(on.content('x')), n: 2, path: 'b' }];
    const seen = steps.map((one) => primitiveOf(one).stage(one, primitiveOf(one).inspect(one, on), on));
    // Losing one name moves the change time of the other.
    for (const [i, one] of steps.entries()) {
      const staged = seen[i];
      if (staged !== undefined)
        primitiveOf(one).commit(one, staged, on, { add: () => {}, sync: () => {}, syncAll: async () => {} });
    }
    expect(names()).toEqual([]);
  });
});

describe('rename', () => {
  const step = (before: Rename['before']): Rename => ({
    n: 1,
    action: 'a',
    op: 'rename',
    path: 'a',
    to: 'd/b',
    before,
  });
  beforeEach(() => mkdirSync(at('d')));

  it('is before, then after; the same inode with its time', async () => {
    write('a', 'x');
    utimesSync(at('a'), 5, 5);
    const { ino } = statSync(at('a'));
    await carryOut(step(on.content('x')), on);
    expect(is(step(on.content('x')))).toBe('after');
    expect(statSync(at('d/b'))).toMatchObject({ ino, mtimeMs: 5000, nlink: 1 });
    expect(names()).toEqual(['d']);
  });

  it('with two names it is partial, and cleaned to before', () => {
    write('a', 'x');
    linkSync(at('a'), at('d/b'));
    expect(is(step(on.content('x')))).toBe('partial');
    clean(step(on.content('x')));
    expect(is(step(on.content('x')))).toBe('before');
    expect(names('d')).toEqual([]);
    clean(step(on.content('x')));
    expect(text('a')).toBe('x');
  });

  it.each([
    ['another content', () => write('a', 'mine')],
    ['gone from both', () => {}],
    ['something else at the new place, nothing at the old', () => write('d/b', 'mine')],
    [
      'something at the new place',
      () => {
        write('a', 'x');
        write('d/b', 'mine');
      },
    ],
    [
      'the same content at the new place, another file',
      () => {
        write('a', 'x');
        write('d/b', 'x');
      },
    ],
    [
      'a folder at the new place',
      () => {
        write('a', 'x');
        mkdirSync(at('d/b'));
      },
    ],
    [
      'a link above the new place',
      () => {
        write('a', 'x');
        rmSync(at('d'), { recursive: true });
        symlinkSync('.', at('d'));
      },
    ],
  ])('%s is foreign, and cleaning leaves it', (_name, make) => {
    make();
    const before = treeState(on.root);
    expect(is(step(on.content('x')))).toBe('foreign');
    clean(step(on.content('x')));
    expect(treeState(on.root)).toEqual(before);
  });

  it('never replaces what appeared at the new place meanwhile', async () => {
    write('a', 'x');
    await expect(carryOut(step(on.content('x')), on, () => write('d/b', 'mine'))).rejects.toThrow(FOREIGN);
    expect([text('a'), text('d/b')]).toEqual(['x', 'mine']);
  });

  it('never takes away what was saved under the old name after it got the new one', async () => {
    write('a', 'x');
    const save = () => {
      write('c', 'mine');
      renameSync(at('c'), at('a'));
    };
    const disk: Disk = {
      ...realDisk,
      link: (from, to) => {
        realDisk.link(from, to);
        save();
      },
    };
    await expect(carryOut(step(on.content('x')), { ...on, disk })).rejects.toThrow(FOREIGN);
    expect([text('a'), text('d/b')]).toEqual(['mine', 'x']);
  });

  it('the new name is on the disk before the old one goes', async () => {
    write('a', 'x');
    const calls: string[] = [];
    const disk: Disk = {
      ...realDisk,
      link: (from, to) => {
        calls.push('link');
        realDisk.link(from, to);
      },
      unlink: (path) => {
        calls.push('unlink');
        realDisk.unlink(path);
      },
      syncFolder: (path) => {
        calls.push(`sync ${String(path).slice(on.root.length)}`);
        realDisk.syncFolder(path);
      },
    };
    await carryOut(step(on.content('x')), { ...on, disk });
    expect(calls.slice(0, 3)).toEqual(['link', 'sync /d', 'unlink']);
    expect(calls.slice(3).sort()).toEqual(['sync ', 'sync /d']);
  });

  it('a link, and any file where there are no second names, is renamed after a look', async () => {
    symlinkSync('x', at('a'));
    await carryOut(step({ kind: 'link', target: 'x' }), on);
    expect(readlinkSync(at('d/b'))).toBe('x');
    const disk: Disk = {
      ...realDisk,
      link: () => {
        throw Object.assign(new Error('no'), { code: 'ENOTSUP' });
      },
    };
    rmSync(at('d/b'));
    write('a', 'x');
    await expect(carryOut(step(on.content('x')), { ...on, disk }, () => write('d/b', 'mine'))).rejects.toThrow(FOREIGN);
    rmSync(at('d/b'));
    await carryOut(step(on.content('x')), { ...on, disk });
    expect(text('d/b')).toBe('x');
  });
});

describe('make-folder', () => {
  const step: MakeFolder = { n: 1, action: 'a', op: 'make-folder', path: 'd', after: { kind: 'folder', mode: 0o2775 } };

  it('is before, then after, with its mode whatever the umask is', async () => {
    expect(is(step)).toBe('before');
    await carryOut(step, on);
    expect(is(step)).toBe('after');
    expect(statSync(at('d')).mode & 0o7777).toBe(0o2775);
  });

  it('empty and of another mode it is partial, and cleaned to before', () => {
    mkdirSync(at('d'), 0o700);
    expect(is(step)).toBe('partial');
    clean(step);
    expect(is(step)).toBe('before');
  });

  it('with something in it, it is after and stays', () => {
    mkdirSync(at('d'), 0o700);
    write('d/a', 'mine');
    expect(is(step)).toBe('after');
    clean(step);
    expect(text('d/a')).toBe('mine');
  });

  it('a file or a link is foreign', () => {
    write('d', 'mine');
    expect(is(step)).toBe('foreign');
    rmSync(at('d'));
    symlinkSync('.', at('d'));
    expect(is(step)).toBe('foreign');
    clean(step);
    expect(names()).toEqual(['d']);
  });

  it('never takes for its own what appeared meanwhile', async () => {
    await expect(carryOut(step, on, () => mkdirSync(at('d')))).rejects.toThrow(FOREIGN);
    expect(existsSync(at('d'))).toBe(true);
  });
});

describe('remove-folder', () => {
  const step: RemoveFolder = { n: 1, action: 'a', op: 'remove-folder', path: 'd', before: FOLDER };

  it('is before, then after', async () => {
    mkdirSync(at('d'));
    expect(is(step)).toBe('before');
    await carryOut(step, on);
    expect(is(step)).toBe('after');
  });

  it('not empty, or no folder: foreign', () => {
    mkdirSync(at('d'));
    write('d/a', 'mine');
    expect(why(step)).toBe('the folder is not empty');
    rmSync(at('d'), { recursive: true });
    symlinkSync('.', at('d'));
    expect(is(step)).toBe('foreign');
  });

  it('filled between looking and doing: it stays', async () => {
    mkdirSync(at('d'));
    await expect(carryOut(step, on, () => write('d/a', 'mine'))).rejects.toThrow(FOREIGN);
    expect(text('d/a')).toBe('mine');
  });
});

it('there and back is the same, times included', async () => {
  mkdirSync(at('d'));
  write('a', 'old', 0o640);
  utimesSync(at('a'), 1_300_000_000.123457, 1_300_000_000.123457);
  const before = treeState(on.root, { without: [] });
  const old = primitiveOf(put(ABSENT, on.content('old'))).inspect(put(ABSENT, on.content('old')), on)
    .found as FileState;
  const fresh = on.content('new', { mode: 0o640 });
  on.content('old');
  await carryOut(put(old, fresh), on);
  await carryOut({ n: 2, action: 'a', op: 'rename', path: 'a', to: 'd/b', before: fresh }, on);
  await carryOut({ n: 3, action: 'a', op: 'rename', path: 'd/b', to: 'a', before: fresh }, on);
  await carryOut(put(fresh, old), on);
  // Times of folders are the last thing that a rollback sets.
  const left = treeState(on.root, { without: [] });
  expect(left.filter((line) => !/"\.(\/d)?" folder/.test(line))).toEqual(
    before.filter((line) => !/"\.(\/d)?" folder/.test(line)),
  );
});

it('a temporary of the greatest name fits', async () => {
  const path = 'n'.repeat(255);
  await carryOut(put(ABSENT, on.content('new'), { path }), on);
  writeNewFile(realDisk, `${on.root}/other`, Buffer.from('x'));
  expect(names()).toEqual([path, 'other']);
});

import { spawn } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { whoHasOpen } from './openers.ts';

let dir: string;
const started: (() => Promise<void>)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'openers-'));
});
afterEach(async () => {
  for (const end of started.splice(0)) await end();
  rmSync(dir, { recursive: true, force: true });
});

/** A shell that has the file open until it is killed. */
async function open(path: string): Promise<number> {
  const child = spawn('sh', ['-c', 'exec 3<"$1"; echo ready; read _', 'sh', path], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  started.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child.pid ?? -1;
}

it('names who has a store open, its sidecars too, by whatever name', async () => {
  const store = join(dir, 's.db');
  writeFileSync(store, '');
  writeFileSync(`${store}-wal`, '');
  linkSync(store, join(dir, 'second'));
  symlinkSync('s.db', join(dir, 'link'));
  expect(whoHasOpen([store])).toEqual({ answer: 'no', who: [], unseen: [] });
  const second = await open(join(dir, 'second'));
  const log = await open(`${store}-wal`);
  const { answer, who } = whoHasOpen([store]);
  expect(answer).toBe('yes');
  expect(who).toEqual([second, log].sort((a, b) => a - b).map((pid) => ({ pid, program: 'sh', path: store })));
  expect(whoHasOpen([join(dir, 'link')]).who.map(({ pid }) => pid)).toEqual([second]);
  expect(whoHasOpen([store], { without: [second, log] }).answer).toBe('no');
});

it('a store that is not there is open nowhere', () => {
  expect(whoHasOpen([join(dir, 'none.db')]).who).toEqual([]);
});

it('says that it cannot tell, and why', () => {
  writeFileSync(join(dir, 's.db'), '');
  expect(whoHasOpen([join(dir, 's.db')], { proc: join(dir, 'none') })).toEqual({
    answer: 'cannot tell',
    who: [],
    unseen: ['this system has no /proc to ask'],
  });
  const proc = join(dir, 'proc');
  mkdirSync(join(proc, 'self', 'ns'), { recursive: true });
  symlinkSync('pid:[4026532200]', join(proc, 'self', 'ns', 'pid'));
  expect(whoHasOpen([join(dir, 's.db')], { proc })).toMatchObject({
    answer: 'cannot tell',
    unseen: ['programs outside this container are not seen'],
  });
});

it.runIf(process.getuid?.() === 0)(
  'as another user: cannot tell, since root’s processes are closed to it',
  async () => {
    writeFileSync(join(dir, 's.db'), '', { mode: 0o644 });
    await open(join(dir, 's.db'));
    chmodSync(dir, 0o755);
    process.seteuid?.(65534);
    try {
      const { answer, unseen } = whoHasOpen([join(dir, 's.db')]);
      expect(answer).toBe('cannot tell');
      expect(unseen.join()).toMatch(/other users could not be looked into/);
    } finally {
      process.seteuid?.(0);
    }
  },
);

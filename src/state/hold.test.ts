import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realDisk } from '../disk/real-disk.ts';
import { type Holder, hold, holders } from './hold.ts';
import { type Aliveness, here, isAlive, processIdentity } from './processes.ts';

let dir: string;
let state: { held: string };
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hold-'));
  state = { held: join(dir, 'held') };
  mkdirSync(state.held);
});
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

const me = (more: Partial<Holder> = {}): Holder => ({ ...processIdentity(), command: 'apply', at: '14:36', ...more });
const LOCKED = expect.objectContaining({ code: 'DSP-LOCKED' });
const names = () => readdirSync(state.held).sort();
const other = (holder: unknown, name = '1-x.json') => writeFileSync(join(state.held, name), JSON.stringify(holder));
const start = (rounds: number): ChildProcess => {
  const child = spawn(process.execPath, ['test/hold-process.mjs', state.held, String(rounds)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
};

it('is taken and given back', () => {
  const held = hold(realDisk, state, me(), 'a');
  expect(names()).toEqual([`${process.pid}-a.json`]);
  expect(holders(realDisk, state)).toMatchObject([{ holder: { command: 'apply' }, alive: 'yes' }]);
  held.release();
  held.release();
  expect(names()).toEqual([]);
});

it('refuses a second one, and then leaves nothing of it', () => {
  const held = hold(realDisk, state, me(), 'a');
  expect(() => hold(realDisk, state, me(), 'b')).toThrow(LOCKED);
  expect(() => hold(realDisk, state, me(), 'b')).toThrow(/`apply`, process \d+ on .*, since 14:36/);
  expect(names()).toEqual([`${process.pid}-a.json`]);
  held.release();
  hold(realDisk, state, me(), 'b').release();
});

it('writes its file again where somebody takes it away before it has its name', () => {
  const { rename } = realDisk;
  let taken = 0;
  const disk = {
    ...realDisk,
    rename: (from: string, to: string) => {
      if (taken++ < 2) rmSync(from);
      rename(from, to);
    },
  };
  hold(disk as typeof realDisk, state, me(), 'a').release();
  expect(taken).toBe(3);
  expect(names()).toEqual([]);
});

it('removes what gone processes left, files in the making too', () => {
  other(me({ started: '1' }));
  other(me({ started: '1' }), '2-y.json.part');
  writeFileSync(join(state.held, '3-z.json.part'), '{"pid":');
  writeFileSync(join(state.held, '4-z.json.part'), '');
  hold(realDisk, state, me(), 'a').release();
  expect(names()).toEqual([]);
});

it.each([
  ['another host', me({ host: 'elsewhere' })],
  ['another namespace', me({ namespace: 'pid:[1]' })],
  ['a file that nobody can read', 'x'],
])('of %s it cannot tell, and names the file to delete', (_name, holder) => {
  other(holder);
  expect(() => hold(realDisk, state, me(), 'a')).toThrow(
    expect.objectContaining({ code: 'DSP-LOCKED', hint: expect.stringContaining(join(state.held, '1-x.json')) }),
  );
  expect(names()).toEqual(['1-x.json']);
});

describe('alive', () => {
  const table: readonly (readonly [Aliveness, string, () => boolean | Aliveness])[] = [
    ['yes', 'this process', () => isAlive(processIdentity())],
    ['no', 'its pid given again', () => isAlive({ ...processIdentity(), started: '1' })],
    ['no', 'a pid that nobody has', () => isAlive({ ...processIdentity(), pid: 4_194_304 })],
    ['no', 'another boot', () => isAlive({ ...processIdentity(), boot: 'earlier' })],
    [
      'cannot tell',
      'another host, though the boot differs too',
      () => isAlive({ ...processIdentity(), host: 'h', boot: 'b' }),
    ],
    ['cannot tell', 'another namespace', () => isAlive({ ...processIdentity(), namespace: 'n' })],
    ['cannot tell', 'no boot id', () => isAlive({ ...processIdentity(), boot: '' })],
    ['cannot tell', 'no time of start', () => isAlive({ ...processIdentity(), started: '' })],
  ];
  it.each(table)('%s: %s', (expected, _name, ask) => {
    expect(ask()).toBe(expected);
  });

  it('knows this machine', () => {
    const { boot, host } = here();
    expect(boot).not.toBe('');
    expect(host).not.toBe('');
    expect(processIdentity().started).toMatch(/^\d+$|\d{4}$/);
  });

  it('a killed process that nobody has waited for is gone', async () => {
    const child = start(0);
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    while (holders(realDisk, state).length === 0) await new Promise((done) => setTimeout(done, 20));
    expect(() => hold(realDisk, state, me(), 'a')).toThrow(LOCKED);
    // It stays a zombie as long as the event loop does not turn.
    execFileSync('kill', ['-KILL', String(child.pid)]);
    const until = Date.now() + 10_000;
    let held: { release(): void } | undefined;
    while (held === undefined && Date.now() < until) {
      try {
        held = hold(realDisk, state, me(), 'a');
      } catch (error) {
        if ((error as { code?: string }).code !== 'DSP-LOCKED') throw error;
      }
    }
    expect(names()).toEqual([`${process.pid}-a.json`]);
    held?.release();
  });
});

it('two processes never both go on, and each does sometimes', async () => {
  const results = await Promise.all(
    [start(2_000), start(2_000)].map(async (child) => {
      let text = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      await once(child, 'close');
      return JSON.parse(text) as { had: number; refused: number; together: number };
    }),
  );
  for (const { had, together } of results) {
    expect(had).toBeGreaterThan(0);
    expect(together).toBe(0);
  }
  expect(results.reduce((sum, { refused }) => sum + refused, 0)).toBeGreaterThan(0);
  expect(names()).toEqual([]);
});

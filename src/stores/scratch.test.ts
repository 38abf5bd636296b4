import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScratch } from './scratch.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'scratch-test-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** The id of a process that has ended. */
const dead = (): number => spawnSync(process.execPath, ['--version']).pid;

function folder(name: string): string {
  mkdirSync(join(parent, name));
  writeFileSync(join(parent, name, '1.db'), 'x');
  return name;
}

describe('the private folder', () => {
  it('is private, gives out each path once, and is gone after closing, with what is in it', () => {
    const scratch = openScratch(parent);
    expect(statSync(scratch.dir).mode & 0o777).toBe(0o700);
    const [one, two] = [scratch.file('.db'), scratch.file('.db')];
    expect(one).not.toBe(two);
    writeFileSync(one, 'x');
    expect(scratch.free()).toBeGreaterThan(0);
    scratch.close();
    expect(readdirSync(parent)).toEqual([]);
    expect(() => scratch.close()).not.toThrow();
  });

  it('of one run is another than that of the next', () => {
    const [one, two] = [openScratch(parent), openScratch(parent)];
    expect(one.dir).not.toBe(two.dir);
    expect(existsSync(one.dir)).toBe(true);
  });

  it('that cannot be made is told as DSP-SCRATCH', () => {
    expect(() => openScratch(join(parent, 'nowhere'))).toThrow(expect.objectContaining({ code: 'DSP-SCRATCH' }));
  });
});

describe('what a killed process left behind', () => {
  it('is removed by the next one, and nothing else', () => {
    folder(`desprawl-${dead()}-abc`);
    const kept = [
      folder(`desprawl-${process.pid}-mine`),
      folder(`desprawl-${process.ppid}-alive`),
      folder('desprawl-notes'),
      folder(`my-desprawl-${dead()}-x`),
      folder(`desprawl-${dead()}`),
    ];
    const scratch = openScratch(parent);
    scratch.close();
    expect(readdirSync(parent).sort()).toEqual([...kept].sort());
  });

  it.runIf(process.getuid?.() === 0)('is kept where it belongs to another user', () => {
    const name = folder(`desprawl-${dead()}-abc`);
    spawnSync('chown', ['65534', join(parent, name)]);
    openScratch(parent).close();
    expect(readdirSync(parent)).toEqual([name]);
  });
});

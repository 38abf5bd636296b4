/** The most memory that a process group held at one time, looked at from outside. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { membersOf } from './process-group.ts';

const EVERY_MS = 25;

export interface MemoryWatch {
  stop(): void;
  /** Bytes; 0 where nothing could be seen of it. */
  most(): number;
}

export function watchMemory(group: number): MemoryWatch {
  let most = 0;
  const look = (): void => {
    const { now, peak } = onProc(group) ?? byPs(group);
    // What a process held for a moment between two looks it says itself, where it is alone.
    most = Math.max(most, now, peak);
  };
  const timer = setInterval(look, EVERY_MS);
  look();
  return { stop: () => clearInterval(timer), most: () => most };
}

function onProc(group: number): { now: number; peak: number } | null {
  const members = membersOf(group);
  if (members.length === 0) return null;
  let now = 0;
  let peak = 0;
  for (const { pid } of members) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'latin1');
      now += kilobytes(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
      peak = Math.max(peak, kilobytes(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]));
    } catch {
      // It ended between being listed and being asked.
    }
  }
  return { now, peak };
}

function byPs(group: number): { now: number; peak: number } {
  if (process.platform === 'linux') return { now: 0, peak: 0 };
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-g', String(group)], { encoding: 'latin1' });
  return { now: (stdout ?? '').split('\n').reduce((sum, line) => sum + kilobytes(line.trim()), 0), peak: 0 };
}

function kilobytes(text: string | undefined): number {
  return (Number(text) || 0) * 1024;
}

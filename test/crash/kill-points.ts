/**
 * How many kill points there are: `kill-points.json` has the numbers that `docs/journal.md` states. `CRASH=record` writes them anew from
 * what the tests count; otherwise the tests hold what they count against them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

const FILE = new URL('./kill-points.json', import.meta.url);

export interface KillPoints {
  /** Calls that change something, on the simulated disk, by scenario. */
  readonly simulated: Readonly<Record<string, { readonly apply: number; readonly rollback: number }>>;
  /** Of real processes: before, in the middle of and after each call; commands of git on an index; requests to children. */
  readonly real: {
    readonly apply: number;
    readonly rollback: number;
    /** A rollback that carries later rows back. */
    readonly carry: number;
    readonly git: number;
    readonly requests: number;
  };
}

export function killPoints(): KillPoints {
  return JSON.parse(readFileSync(FILE, 'utf8')) as KillPoints;
}

export function agreeSimulated(scenario: string, counted: KillPoints['simulated'][string]): void {
  const known = killPoints();
  if (process.env.CRASH === 'record') {
    const simulated = Object.entries({ ...known.simulated, [scenario]: counted }).sort(([a], [b]) => (a < b ? -1 : 1));
    write({ ...known, simulated: Object.fromEntries(simulated) });
  }
  agree(killPoints().simulated[scenario] ?? {}, counted);
}

export function agreeReal(counted: KillPoints['real']): void {
  if (process.env.CRASH === 'record') write({ ...killPoints(), real: counted });
  const { requests: _depends, ...steady } = counted;
  agree(killPoints().real, steady);
}

/** A call more or less is no news; file systems that share blocks need fewer, and what is remembered of stores is not asked again. */
const MAY_DIFFER = 0.25;

function agree(known: Readonly<Record<string, number>>, counted: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counted)) {
    const differs = Math.abs((known[name] ?? 0) - count) / count;
    expect([name, count, differs < MAY_DIFFER], 'CRASH=record writes it anew').toEqual([name, count, true]);
  }
}

function write(points: KillPoints): void {
  writeFileSync(FILE, `${JSON.stringify(points, null, 2)}\n`);
}

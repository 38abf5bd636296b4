/** What a fixture is: a small project, made from nothing, that states what is wrong in it. Times are fixed. */
import { lstatSync, lutimesSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface FixtureProject {
  /** Numbers of the traps it shows. */
  readonly traps: readonly string[];
  /** One paragraph: what is wrong in it, and what stands beside it that only looks like it. */
  readonly wrong: string;
  /** Makes it in an empty folder. */
  build(dir: string): void | Promise<void>;
}

/** When everything in a fixture was last written, unless the fixture says otherwise. */
export const PAST: Date = new Date('2025-09-16T08:30:00.000Z');

/** Sets the times of whatever was written just now; older times were set on purpose and stay. */
export function settleTimes(dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory() && entry.name !== '.git') settleTimes(path);
    if (lstatSync(path).mtime > PAST) lutimesSync(path, PAST, PAST);
  }
  if (lstatSync(dir).mtime > PAST) lutimesSync(dir, PAST, PAST);
}

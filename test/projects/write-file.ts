import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a file of a fixture, with its folders. `at`: its time, where that matters. */
export function writeFile(dir: string, path: string, content: string | Uint8Array, at?: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), content);
  if (at !== undefined) utimesSync(join(dir, path), new Date(at), new Date(at));
}

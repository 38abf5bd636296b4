/** Near-copies of every source file below a folder, alone: reading, fingerprints, comparison. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSimilar } from '../dist/code/similar/find-similar.js';
import { fingerprint } from '../dist/code/similar/fingerprint.js';

const files = [];
for (const entry of readdirSync(process.argv[2], { recursive: true, withFileTypes: true })) {
  const language = /\.py$/.test(entry.name) ? 'python' : /\.ts$/.test(entry.name) ? 'typescript' : undefined;
  if (!entry.isFile() || language === undefined) continue;
  const path = join(entry.parentPath, entry.name);
  files.push({ path, hashes: fingerprint(readFileSync(path, 'utf8'), language) });
}
console.log(findSimilar(files).length);

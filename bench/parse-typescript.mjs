/** What `bench -- runs` is measured by: every file parsed once by TypeScript's own parser, one thread, nothing else. Argument: a folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const started = performance.now();
let nodes = 0;
for (const entry of readdirSync(process.argv[2], { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
  const path = join(entry.parentPath, entry.name);
  nodes += ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest).statements.length;
}
console.log(JSON.stringify({ nodes, seconds: (performance.now() - started) / 1000 }));

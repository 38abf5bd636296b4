/** One merge with its verification, by the library's own children: `merge-once.mjs OUT TARGET SOURCE…`. Prints seconds and what came of it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { askVerification } from '../dist/merge/verify/ask-verification.js';
import { openPool } from '../dist/stores/child/pool.js';

const [out, target, ...sources] = process.argv.slice(2);
const names = ['email', 'name', 'city', 'created_at', 'amount', 'visits'];
const types = ['TEXT', 'TEXT', 'TEXT', 'TEXT', 'REAL', 'INTEGER'];
const column = (name, type) => ({ name, type, added: false, normaliser: 'exact' });
const spec = {
  version: 1,
  sources: sources.map((path) => ({ path, kind: 'sqlite' })),
  tables: [
    {
      table: 'people',
      madeFrom: null,
      columns: [column('id', 'INTEGER'), ...names.map((name, i) => column(name, types[i]))],
      identity: { kind: 'key', columns: ['email'] },
      surrogate: 'id',
      references: [],
      parts: sources.map((_, source) => ({
        source,
        table: 'people',
        columns: Object.fromEntries(['id', ...names].map((name) => [name, { from: name }])),
        leftOut: [],
        ancestor: null,
      })),
      differ: {},
      timeColumn: null,
      deleted: 'stays',
    },
  ],
  idMapTable: false,
};
const files = { target, sources, ancestors: sources.map(() => null) };
const [merged, ledger] = [join(out, 'merged.db'), join(out, 'ledger.db')];
const tempDir = join(out, 'temp');
mkdirSync(tempDir);
const pool = openPool({ size: 2, tempDir });
try {
  const began = performance.now();
  const request = {
    spec,
    files,
    merged,
    ledger,
    target: { path: target, sha256: null },
    sha256: sources.map(() => null),
  };
  const result = await pool.ask('merge', request, 3_600);
  const then = performance.now();
  const verified = await askVerification(pool, { spec, files, merged, ledger }, 3_600);
  if (result.unsettled.length > 0 || verified.problems.length > 0)
    throw new Error(JSON.stringify({ result, verified }));
  const seconds = { merge: (then - began) / 1000, verify: (performance.now() - then) / 1000 };
  console.log(JSON.stringify({ seconds, merged, ledger, parts: result.parts }));
} finally {
  pool.close();
}

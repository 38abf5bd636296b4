/** Backing up stores, against what people would type: `sqlite3 .backup` of each and one hash of each file. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inTurns, measure } from './measure.mjs';

const CLI = resolve('dist/bin/desprawl.js');
const STORES = ['one.db', 'two.db'];
const ROW_BYTES = 700;
/** With the hash that desprawl uses as well: `sha256sum` takes four times as long on some machines. */
const HASH = `const { createHash } = require('node:crypto'); const { pipeline } = require('node:stream/promises');
  (async () => { for (const file of process.argv.slice(1)) {
    const hash = createHash('sha256');
    await pipeline(require('node:fs').createReadStream(file, { highWaterMark: 4194304 }), hash);
    console.log(hash.digest('hex'));
  } })();`;

export async function benchBackups({ gigabytes, runs, keep }) {
  const dir = keep ?? mkdtempSync(join(tmpdir(), 'desprawl-bench-'));
  const project = join(dir, 'stores');
  const state = join(dir, 'state');
  try {
    mkdirSync(project, { recursive: true });
    const rows = Math.round((gigabytes * 1e9) / STORES.length / ROW_BYTES);
    for (const store of STORES) fill(join(project, store), rows);
    const files = STORES.map((store) => join(project, store));
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    console.log(`\n${STORES.length} stores, ${(bytes / 1e9).toFixed(1)} GB`);
    const copies = files.map((file) => `${file}.copy`);
    const backup = async (how) => {
      let seconds = 0;
      for (const copy of copies) rmSync(copy, { force: true });
      for (const [i, file] of files.entries()) {
        const one = await measure('sqlite3', [file, `.backup '${copies[i]}'`], how);
        seconds += one.seconds;
      }
      for (const copy of copies) rmSync(copy, { force: true });
      return { seconds, peakMib: 0, stdout: '' };
    };
    const hash = (how) => measure(process.execPath, ['-e', HASH, ...files], how);
    const env = { ...process.env, XDG_STATE_HOME: state };
    const ours = (how) => {
      rmSync(state, { recursive: true, force: true });
      return measure(process.execPath, [CLI, '-C', project, 'backup', 'create'], { ...how, env });
    };
    const again = (how) => measure(process.execPath, [CLI, '-C', project, 'backup', 'create'], { ...how, env });
    const [copying, hashing, first] = await inTurns(runs, [backup, hash, ours]);
    const [second] = await inTurns(runs, [again]);
    const reference = copying.median + hashing.median;
    console.log(
      `  R = sqlite3 .backup ${copying.median.toFixed(2)} s + one hash ${hashing.median.toFixed(2)} s = ${reference.toFixed(2)} s`,
    );
    const row = (name, { median, peakMib }, aim) =>
      console.log(
        `  ${name.padEnd(34)} ${median.toFixed(2).padStart(6)} s  ${(median / reference).toFixed(3)} × R (aim ${aim})  ${peakMib.toFixed(0).padStart(4)} MiB`,
      );
    row('backup, read back and opened', first, '1.2');
    row('the same again, nothing new', second, '0.6');
  } finally {
    if (keep === undefined) rmSync(dir, { recursive: true, force: true });
  }
}

function fill(file, rows) {
  rmSync(file, { force: true });
  execFileSync('sqlite3', [
    file,
    `PRAGMA synchronous = OFF; CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, body BLOB);
     INSERT INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
       SELECT i, 'row ' || i, randomblob(${ROW_BYTES - 30}) FROM n;`,
  ]);
}

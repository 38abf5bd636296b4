/**
 * `npm run bench -- stores [--rows N] [--gigabytes G]`, `-- audit [--files N]`, `-- backups [--gigabytes G]`, `-- runs [--files N]
 * [--importers N] [--gigabytes G]` (which ends with the backups), `-- merge [--rows N]` (rows of each of five
 * stores; memory also of a tenth: 2000000 is 1 and 10 million in all): measures desprawl beside what people would use instead, in one run on one
 * machine, and prints ratios. Needs `sqlite3`, `sqldiff` and `rg` (Debian: sqlite3, sqlite3-tools, ripgrep) and Linux's /proc.
 */
import { parseArgs } from 'node:util';
import { benchAudit } from './audit.mjs';
import { benchBackups } from './backups.mjs';
import { benchMerge } from './merge.mjs';
import { benchRuns } from './runs.mjs';
import { benchStores } from './stores.mjs';

const benches = {
  audit: benchAudit,
  backups: benchBackups,
  merge: benchMerge,
  runs: async (options) => {
    await benchRuns(options);
    if (options.gigabytes > 0) await benchBackups(options);
  },
  stores: benchStores,
};
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '1000000' },
    files: { type: 'string', default: '5000' },
    importers: { type: 'string', default: '1000' },
    gigabytes: { type: 'string', default: '2' },
    runs: { type: 'string', default: '5' },
    keep: { type: 'string' },
  },
});
const bench = benches[positionals[0] ?? ''];
if (bench === undefined) {
  console.error(`Name one of: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
await bench({
  rows: Number(values.rows),
  files: Number(values.files),
  importers: Number(values.importers),
  gigabytes: Number(values.gigabytes),
  runs: Number(values.runs),
  keep: values.keep,
});

/** The figures of reading code: a first audit, one after a change, `where`, near-copies; against ripgrep plus plain parsing. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeCorpus, touched } from './code-corpus.mjs';
import { inTurns, measure } from './measure.mjs';

const CLI = resolve('dist/bin/desprawl.js');
const PARSE = resolve('bench/parse-all.mjs');
const SIMILAR = resolve('bench/near-copies.mjs');

export async function benchAudit({ files, runs, keep }) {
  const dir = keep ?? mkdtempSync(join(tmpdir(), 'desprawl-bench-'));
  const project = join(dir, 'code');
  const cache = join(dir, 'cache');
  try {
    mkdirSync(cache, { recursive: true });
    const bytes = makeCorpus(project, files);
    console.log(
      `\n${files.toLocaleString('en')} source files, half Python, half TypeScript, ${(bytes / 1e6).toFixed(1)} MB`,
    );
    const env = { ...process.env, XDG_CACHE_HOME: cache };
    const run = (args, how) => measure(process.execPath, [CLI, '-C', project, ...args], { ...how, env });
    const audit = (...more) => ['audit', '--fail-on', 'never', '--json', ...more];
    const cold = (how) => {
      rmSync(join(cache, 'desprawl'), { recursive: true, force: true });
      return run(audit(), how);
    };
    let change = 0;
    const warm = (how) => {
      const path = join(project, touched);
      appendFileSync(path, `\nexport const change${change++} = ${change};\n`);
      // Files touched within the last moments are not trusted; people edit more slowly than this loop.
      utimesSync(path, 1.7e9 + change, 1.7e9 + change);
      return run(audit(), how);
    };
    const where = (how) => run(['where', touched.replace('m7.ts', 'm1.ts'), '--json'], how);
    const ripgrep = (how) => measure('rg', ['-n', String.raw`\.db|sqlite|DATABASE_URL`, project], how);
    const parse = (how) => measure(process.execPath, [PARSE, project], how);
    const similar = (how) => measure(process.execPath, [SIMILAR, project], how);
    await warm({ memory: false });
    const [search, parsing, first, copies] = await inTurns(runs, [ripgrep, parse, cold, similar]);
    await cold({ memory: false });
    await new Promise((wake) => setTimeout(wake, 2_100));
    await warm({ memory: false });
    const [second, asked] = await inTurns(runs, [warm, where]);
    const reference = search.median + parsing.median;
    console.log(
      `  R = ripgrep ${search.median.toFixed(2)} s + parsing ${parsing.median.toFixed(2)} s = ${reference.toFixed(2)} s (${parsing.peakMib.toFixed(0)} MiB)`,
    );
    const row = (name, { median, peakMib }, aim) =>
      console.log(
        `  ${name.padEnd(34)} ${median.toFixed(2).padStart(6)} s  ${(median / reference).toFixed(3)} × R (aim ${aim})  ${peakMib.toFixed(0).padStart(4)} MiB`,
      );
    row('first audit', first, '1.0');
    row('audit after touching one file', second, '0.08');
    row('near-copies alone', copies, '0.2');
    row('where, warm', asked, '0.06');
  } finally {
    if (keep === undefined) rmSync(dir, { recursive: true, force: true });
  }
}

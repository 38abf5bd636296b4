/**
 * The figures of changing a project: a module that many files import moves. Measured by the real command line, beside TypeScript's own
 * parser (what reading all of it once costs), the ast-grep CLI (the same edits; no backup, no journal, no fsync), and copying back.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inTurns, measure } from './measure.mjs';
import { FROM, makeProject, PLAN, TO } from './runs-corpus.mjs';

const CLI = resolve('dist/bin/desprawl.js');
const PARSE = resolve('bench/parse-typescript.mjs');
/** Its package for this machine: the other one needs an install script to find it. */
const AST_GREP = resolve('node_modules/@ast-grep/cli-linux-x64-gnu/ast-grep');
const RULE = `id: repoint
language: TypeScript
rule:
  all:
    - kind: string_fragment
    - pattern: $S
    - regex: (^|/)db/connection(\\.js)?$
transform:
  NEW: { replace: { source: $S, replace: db/connection, by: data/connection } }
fix: $NEW
`;

export async function benchRuns({ files, importers, runs, keep }) {
  const dir = keep ?? mkdtempSync(join(tmpdir(), 'desprawl-bench-'));
  try {
    const first = await measured(join(dir, 'few'), { files, importers, runs });
    print(first, { files, importers });
    const many =
      importers * 4 <= files ? await measured(join(dir, 'many'), { files, importers: importers * 4, runs: 1 }) : null;
    if (many === null) return;
    console.log(`\n${(importers * 4).toLocaleString('en')} importers in as many files: the same, once`);
    memory('  apply', first.whole, many.whole);
    memory('  rollback', first.back, many.back);
  } finally {
    if (keep === undefined) rmSync(dir, { recursive: true, force: true });
  }
}

async function measured(dir, { files, importers, runs }) {
  const project = join(dir, 'code');
  const other = join(dir, 'other');
  const states = ['state', 'state-planned'].map((name) => join(dir, name));
  const cache = join(dir, 'cache');
  const plan = join(dir, PLAN);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const bytes = makeProject(project, files, importers);
  execFileSync('cp', ['-a', project, other]);
  renameSync(join(project, PLAN), join(dir, 'by-hand.yaml'));
  rmSync(join(other, PLAN));
  writeFileSync(join(dir, 'rule.yml'), RULE);
  const env = { ...process.env, XDG_CACHE_HOME: cache, XDG_STATE_HOME: states[0] };
  const desprawl = async (args, how = { memory: false }) => {
    const one = await measure(process.execPath, [CLI, '-C', project, ...args], { ...how, env });
    if (one.code !== 0) throw new Error(`desprawl ${args[0]}: ${one.code}\n${one.stdout}${one.stderr}`);
    return one;
  };
  await desprawl(['plan', '--from', join(dir, 'by-hand.yaml'), '--out', plan]);
  cpSync(states[0], states[1], { recursive: true });

  /** Seconds of the part between the first backup and the last step, per watched or unwatched run. */
  const own = [];
  const apply = async (how) => {
    // A vault that has the contents already would be given half of the work.
    rmSync(states[0], { recursive: true });
    cpSync(states[1], states[0], { recursive: true });
    // As after planning, a moment before: what was read is known.
    await desprawl(['audit', '--fail-on', 'never', '--json']);
    flush(dir);
    const part = phases();
    const one = await desprawl(['apply', plan, '--yes', '--json', '--progress=ndjson'], {
      ...how,
      onStderr: part.hear,
    });
    const { status, totals } = JSON.parse(one.stdout);
    if (status !== 'verified' && status !== 'applied') throw new Error(`apply: ${status}`);
    if (how.memory === false)
      own.push({ seconds: part.between('backup', 'steps'), steps: part.after('backup', 'steps'), totals });
    return one;
  };
  const saved = join(dir, 'saved');
  const list = join(dir, 'edited');
  let edited = [];
  const rollback = (how) => {
    if (edited.length === 0) {
      const changed = execFileSync('git', ['-C', project, 'diff', '--name-only', 'HEAD'], { encoding: 'utf8' });
      edited = changed.split('\n').filter((path) => path !== '' && existsSync(join(other, path)));
      mkdirSync(saved);
      writeFileSync(list, edited.map((path) => `${path}\n`).join(''));
      execFileSync('sh', ['-c', `cd "$1" && xargs cp -a --parents -t "$2" < "$3"`, '-', other, saved, list]);
    }
    flush(dir);
    return desprawl(['rollback', '--yes', '--json'], how);
  };
  const sh = (script, at) => (how) => {
    flush(dir);
    return measure('sh', ['-c', script, '-', at, other, list], how);
  };
  const copyBack = sh('cd "$1" && xargs cp -a --parents -t "$2" < "$3"', saved);
  const copyBackSynced = sh('cd "$1" && xargs cp -a --parents -t "$2" < "$3" && cd "$2" && xargs sync < "$3"', saved);
  const parsing = [];
  const parse = async (how) => {
    const one = await measure(process.execPath, [PARSE, join(project, 'src')], how);
    if (how.memory === false) parsing.push(JSON.parse(one.stdout).seconds);
    return one;
  };
  const astGrep = async (how) => {
    execFileSync('git', ['-C', other, 'checkout', '-q', '--', '.']);
    flush(dir);
    const one = await measure(AST_GREP, ['scan', '-r', join(dir, 'rule.yml'), '-U', join(other, 'src')], how);
    return one;
  };
  const hasAstGrep = existsSync(AST_GREP);
  const [whole, back, copied, synced, parsed, grep] = await inTurns(runs, [
    apply,
    rollback,
    copyBack,
    copyBackSynced,
    parse,
    ...(hasAstGrep ? [astGrep] : []),
  ]);
  if (hasAstGrep) assertSameEdits(other, importers);
  const clean = execFileSync('git', ['-C', project, 'status', '--porcelain'], { encoding: 'utf8' });
  if (clean !== '') throw new Error(`the rollback left\n${clean}`);
  return { bytes, whole, back, copied, synced, parsed, grep, edited: edited.length, inProcess: median(parsing), own };
}

function print({ bytes, whole, back, copied, synced, parsed, grep, edited, inProcess, own }, { files, importers }) {
  console.log(
    `\n${files.toLocaleString('en')} TypeScript files, ${(bytes / 1e6).toFixed(1)} MB; ${FROM} moves to ${TO}, ${importers.toLocaleString('en')} files import it`,
  );
  console.log(
    `  P = parsing them once with TypeScript's parser ${inProcess.toFixed(2)} s (its process: ${parsed.median.toFixed(2)} s, ${parsed.peakMib.toFixed(0)} MiB)`,
  );
  const row = (name, seconds, of, symbol, note = '') =>
    console.log(
      `  ${name.padEnd(46)} ${seconds.toFixed(2).padStart(6)} s  ${(seconds / of).toFixed(2)} × ${symbol} ${note}`,
    );
  const changing = median(own.map(({ seconds }) => seconds));
  row('re-pointing: backups, journal, steps, fsynced', changing, inProcess, 'P', '(aim 0.7)');
  row('  of it after the backups: contents, journal, steps', median(own.map(({ steps }) => steps)), inProcess, 'P');
  if (grep === undefined) {
    console.log('  ast-grep is not installed: not compared');
  } else {
    row('ast-grep: the same edits, nothing fsynced', grep.median, inProcess, 'P');
    row('re-pointing beside it', changing, grep.median, 'ast-grep', '(aim below 1.0)');
  }
  row(
    'whole apply: audit, proof, re-pointing, verify',
    whole.median,
    inProcess,
    'P',
    `${whole.peakMib.toFixed(0)} MiB`,
  );
  console.log(
    `  C = copying ${edited.toLocaleString('en')} files back: cp -a ${copied.median.toFixed(2)} s, and fsynced ${synced.median.toFixed(2)} s`,
  );
  row(
    'whole rollback, journaled and fsynced',
    back.median,
    synced.median,
    'C fsynced',
    `(aim 1.0) ${(back.median / copied.median).toFixed(1)} × cp alone, ${back.peakMib.toFixed(0)} MiB`,
  );
}

function memory(name, few, many) {
  console.log(`${name.padEnd(12)} peak ${few.peakMib.toFixed(0)} → ${many.peakMib.toFixed(0)} MiB`);
}

/** When a phase of a command was told of: from its beginning, or after its end, to the end of another. */
function phases() {
  const first = new Map();
  const last = new Map();
  let rest = '';
  return {
    hear(text, at) {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        if (!line.startsWith('{')) continue;
        const { phase } = JSON.parse(line);
        if (!first.has(phase)) first.set(phase, at);
        last.set(phase, at);
      }
    },
    between: (from, to) => last.get(to) - first.get(from),
    after: (from, to) => last.get(to) - last.get(from),
  };
}

/** Both made the edits that were asked for. */
function assertSameEdits(folder, importers) {
  const changed = execFileSync('git', ['-C', folder, 'diff', '--numstat'], { encoding: 'utf8' })
    .trim()
    .split('\n').length;
  if (changed !== importers) throw new Error(`ast-grep edited ${changed} files, and ${importers} import the module`);
}

/** What others left to be written would be waited for by the first who asks for an fsync. */
function flush(dir) {
  execFileSync('sync', ['-f', dir]);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

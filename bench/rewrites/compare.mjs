/**
 * `npm run compare:rewrites`: a file of a fixture moves; which of the lines that name it does each tool change rightly, which wrongly, which
 * does it miss? Prints a table, and every line that was wrong or missed with `--details`. Exit code 1 where desprawl got a line wrong.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { build as buildHomestead } from '../../examples/homestead/build.mjs';
import { CASES } from './cases.mjs';
import { textsOf } from './files.mjs';
import { TOOLS } from './tools.mjs';

const here = fileURLToPath(new URL('../..', import.meta.url));
const cli = join(here, 'dist/bin/desprawl.js');
const folder = mkdtempSync(join(tmpdir(), 'compare-rewrites-'));
const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), XDG_STATE_HOME: join(folder, 'state') };
const details = process.argv.includes('--details');

try {
  const sources = new Map();
  for (const { fixture } of CASES) if (!sources.has(fixture)) sources.set(fixture, await built(fixture));
  const scores = TOOLS.map(({ name, run }) => ({ name, run, right: 0, wrong: 0, missed: 0, asked: 0, notes: [] }));
  for (const [i, one] of CASES.entries()) {
    for (const score of scores) {
      const dir = join(folder, `${i}-${score.name.replace(/\W+/g, '-')}`, one.fixture);
      cpSync(sources.get(one.fixture), dir, { recursive: true, preserveTimestamps: true });
      const before = textsOf(dir);
      const done = score.run(dir, one, { env, cli });
      judge(score, one, before, textsOf(dir), done);
      rmSync(join(dir, '..'), { recursive: true, force: true });
    }
  }
  print(scores);
  if (scores[0].wrong > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Fixtures of the tests are TypeScript: joined into one module that Node can run. */
async function built(fixture) {
  const dir = join(folder, 'fixtures', fixture);
  if (fixture === 'homestead') {
    await buildHomestead(dir);
    return dir;
  }
  const bundle = await rolldown({
    input: join(here, `test/projects/${fixture}.ts`),
    platform: 'node',
    external: [/^[^./]/],
  });
  const file = join(here, 'node_modules/.cache', `fixture-${fixture}-${process.pid}.mjs`);
  try {
    await bundle.write({ file });
    const { project } = await import(pathToFileURL(file).href);
    const { mkdirSync } = await import('node:fs');
    mkdirSync(dir, { recursive: true });
    await project.build(dir);
  } finally {
    rmSync(file, { force: true });
  }
  return dir;
}

function judge(score, one, before, after, { asked, why }) {
  const note = (what, place) =>
    score.notes.push(`${what} ${one.fixture} ${place} (${one.what})${why ? ` · ${why}` : ''}`);
  const expected = new Map(one.lines.map(([path, line, old, ...now]) => [`${path}:${line}`, { old, now }]));
  const isAsked = (path, line) =>
    asked.some((place) => place === `${path}:${line}` || place.startsWith(`${path}:${line} `));
  for (const [place, { old }] of expected) {
    const [path, line] = place.split(/:(?=\d+$)/);
    if (!before.get(path)?.split('\n')[line - 1]?.includes(old))
      throw new Error(`${one.fixture} ${place} does not say ${old}`);
  }
  for (const [path, text] of before) {
    const lines = text.split('\n');
    const now = (after.get(path) ?? after.get(path === one.from ? one.to : path) ?? '').split('\n');
    for (const [i, line] of lines.entries()) {
      const place = `${path}:${i + 1}`;
      const want = expected.get(place);
      if (want === undefined) {
        if (now[i] !== line && !/\.md$/.test(path)) {
          score.wrong++;
          note('wrong', `${place} ${now[i]?.trim()}`);
        }
        continue;
      }
      if (now[i] === line) {
        if (isAsked(path, i + 1)) score.asked++;
        else score.missed++;
        note(isAsked(path, i + 1) ? 'asked' : 'missed', `${place} ${line.trim()}`);
      } else if (want.now.some((spelling) => line.replace(want.old, spelling) === now[i])) {
        score.right++;
      } else {
        score.wrong++;
        note('wrong', `${place} ${now[i]?.trim()}`);
      }
    }
  }
}

function print(scores) {
  const total = CASES.reduce((sum, { lines }) => sum + lines.length, 0);
  console.log(`${CASES.length} moves, ${total} lines that name what moves\n`);
  console.log('| tool | right | wrong | missed | asked |\n| --- | --: | --: | --: | --: |');
  for (const { name, right, wrong, missed, asked } of scores)
    console.log(`| ${name} | ${right} | ${wrong} | ${missed} | ${asked} |`);
  if (!details) return;
  for (const { name, notes } of scores) console.log(`\n${name}\n${notes.map((line) => `  ${line}`).join('\n')}`);
}

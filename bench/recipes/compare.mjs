/**
 * `npm run compare:recipes`: stores that grew apart are merged by the recipes people use, and by desprawl; what became of each row? Prints a
 * table, with `--fixtures` one per fixture, with `--details` every row that went wrong. Exit code 1 where desprawl lost, changed, misled, doubled or
 * brought back a row. Needs `sqlite3`.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { desprawl } from './desprawl.mjs';
import { FIXTURES } from './fixtures.mjs';
import { COUNTS, judge } from './judge.mjs';
import { RECIPES } from './recipes.mjs';

const folder = mkdtempSync(join(tmpdir(), 'compare-recipes-'));
const flag = (name) => process.argv.includes(`--${name}`);
const only = wordOf('only');
const tool = wordOf('tool');

try {
  const fixtures = FIXTURES.filter(({ name }) => only === undefined || name.includes(only));
  const tools = [...RECIPES.map(recipe), desprawl].filter(({ name }) => tool === undefined || name.includes(tool));
  const results = tools.map(({ name }) => ({ name, per: [], errors: 0 }));
  for (const [i, fixture] of fixtures.entries()) {
    const made = build(fixture, join(folder, `${i}`));
    for (const [t, tool] of tools.entries()) {
      const dir = join(folder, `${i}-${t}`);
      mkdirSync(dir);
      const { merged, retained = [], errors = 0 } = await tool.run(fixture, made, dir);
      results[t].per.push(judge(fixture, made.files, merged, retained));
      results[t].errors += errors;
    }
  }
  print(fixtures, results);
  const wrong = ['lost', 'changed', 'misled', 'nowhere', 'back', 'doubled'];
  const own = results.find(({ name }) => name === desprawl.name);
  if (own?.per.some(({ score }) => wrong.some((count) => score[count] > 0))) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** `--only=WORD`: fixtures of that name; `--tool=WORD`: recipes of that name. */
function wordOf(name) {
  return process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);
}

function build(fixture, dir) {
  mkdirSync(dir);
  const make = (name, sql) => {
    const path = join(dir, name);
    const db = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    // Without a transaction every row would wait for the disk.
    db.exec(`BEGIN; ${sql}\nCOMMIT`);
    db.close();
    return path;
  };
  return {
    files: fixture.files.map(({ name, sql }) => make(name, sql)),
    ancestor: fixture.ancestor === undefined ? null : make('ancestor.db', fixture.ancestor),
  };
}

/** One file after the other into a copy of the first. */
function recipe({ name, run }) {
  return {
    name,
    run: (_fixture, { files: [target, ...sources] }, dir) => {
      const merged = join(dir, 'merged.db');
      copyFileSync(target, merged);
      const errors = sources.reduce((sum, source) => sum + run(merged, source), 0);
      return { merged, errors };
    },
  };
}

function print(fixtures, results) {
  const sum = (per, count) => per.reduce((total, { score }) => total + score[count], 0);
  const rows = fixtures.reduce((total, { files }) => total + files.length, 0);
  console.log(`${fixtures.length} fixtures, ${rows} files\n`);
  console.log(`| recipe | ${COUNTS.join(' | ')} |\n| --- | ${COUNTS.map(() => '--:').join(' | ')} |`);
  for (const { name, per } of results)
    console.log(`| ${name.replaceAll('|', '\\|')} | ${COUNTS.map((count) => sum(per, count)).join(' | ')} |`);
  if (flag('fixtures') || flag('details')) {
    for (const [i, { name, what }] of fixtures.entries()) {
      console.log(`\n## ${name}: ${what}\n`);
      for (const result of results) {
        const { score, notes } = result.per[i];
        const told = COUNTS.filter((count) => score[count] > 0).map((count) => `${count} ${score[count]}`);
        console.log(`- ${result.name}: ${told.join(', ') || 'right'}`);
        if (flag('details')) for (const note of notes) console.log(`    ${note}`);
      }
    }
  }
}

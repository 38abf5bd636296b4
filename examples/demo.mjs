/**
 * `npm run demo`: builds the example project into a new temporary folder and takes it, with the real command line, from a dozen stores to
 * the few that it needs: looks, edits what only a person can, plans, answers, tries it on a copy, carries it out, verifies it. Then the application
 * writes on, and the run is taken back without losing what was written. What is claimed is measured here and asked of the project's own services.
 * Removes the folder at the end unless `--keep` is given. Findings are what it is about, so exit code 1 of a command is fine.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ANSWERS, CHECKS, EDITS, LOOKING, QUESTION, STAYING } from './demo/story.mjs';
import { fingerprint, states, stores } from './demo/tree.mjs';
import { build } from './homestead/build.mjs';

const CLI = fileURLToPath(new URL('../dist/bin/desprawl.js', import.meta.url));
const keep = process.argv.includes('--keep');
if (!existsSync(CLI)) {
  console.error('The command line is not built yet: npm run demo');
  process.exit(2);
}
// A running command gets Ctrl-C as well and ends; staying alive here is what lets the folder be removed.
process.once('SIGINT', () => {});

const folder = mkdtempSync(join(tmpdir(), 'desprawl-demo-'));
const project = join(folder, 'homestead');
const plan = join(folder, 'homestead-plan.yaml');
// Cache and state go into the demo's own folder, not into the reader's home.
const env = {
  ...process.env,
  XDG_CACHE_HOME: join(folder, 'cache'),
  XDG_STATE_HOME: join(folder, 'state'),
  PYTHONDONTWRITEBYTECODE: '1',
};

class Stop extends Error {
  constructor(message, code = 1) {
    super(message);
    this.code = code;
  }
}

try {
  const started = performance.now();
  await look();
  const before = prepare();
  change(before);
  back(before);
  console.log(`\nall of it in ${Math.round((performance.now() - started) / 1000)} s`);
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  if (error.message !== '') console.log(error.message);
  process.exitCode = error.code;
} finally {
  if (keep) console.log(`\nThe project is kept in ${project}`);
  else rmSync(folder, { recursive: true, force: true });
}

async function look() {
  heading('A home-automation hub that grew by accident: examples/homestead');
  await build(project);
  const before = fingerprint(project);
  console.log(`${before.files} files, built from text`);
  for (const [why, args] of LOOKING) {
    heading(why);
    desprawl(args, { most: 1 });
  }
  heading('Did looking change anything?');
  const after = fingerprint(project);
  if (before.hash !== after.hash) throw new Stop('THE PROJECT HAS CHANGED');
  console.log(`${after.files} files   ${after.hash.slice(0, 32)}   before and after`);
  console.log('nothing did: no byte, mode, time or name, .git included');
}

/** What a person does before there is a plan; the state that a rollback must come to. */
function prepare() {
  heading('Ben has an account. Can he log in?');
  logIn();
  heading('What only a person can say: from where a service is started');
  for (const [path, from, to, why] of EDITS) {
    const text = readFileSync(join(project, path), 'utf8');
    if (!text.includes(from)) throw new Stop(`${path} does not say ${from}`);
    writeFileSync(join(project, path), text.replace(from, to));
    console.log(`${path}   ${why}\n  - ${from}\n  + ${to}`);
  }
  heading('What must stay as it is: desprawl.yaml');
  writeFileSync(join(project, 'desprawl.yaml'), CHECKS);
  console.log(CHECKS.trimEnd());
  return { states: states(project), stores: stores(project) };
}

function change(before) {
  heading('What would be done about it?');
  desprawl(['plan', '--accept-proposals', '--out', plan], { most: 1 });
  heading('What it does not propose, the owner answers in the file');
  for (const [decision, choice, why] of ANSWERS) answer(decision, choice, why);
  heading('Does it work? On a copy first, with the tests of the project');
  desprawl(['apply', plan, '--dry-run', '--run-checks'], { from: /^verified$/ });
  heading('Then for real');
  desprawl(['apply', plan, '--yes', '--run-checks'], { from: /^verified$/ });
  heading('Is every row accounted for? Derived from the data again, at any time');
  desprawl(['verify'], { from: /^verified$/ });

  heading('From a dozen stores to as few as it needs');
  const now = stores(project);
  for (const path of before.stores) {
    const stays = now.includes(path);
    console.log(`${stays ? ' ' : '-'} ${path.padEnd(28)}${stays ? (STAYING[path] ?? '') : ''}`.trimEnd());
  }
  console.log(`\n${before.stores.length} stores of its own before, ${now.length} now`);
  heading('Can Ben log in?');
  logIn();
  heading('Who is in the house, and what does it know of them? One query, one file');
  console.log(`${QUESTION.trim()}\n`);
  for (const row of [['', 'sessions', 'facts', 'tasks'], ...python('query.py', 'data/hub.db', QUESTION)])
    console.log(line(row));
}

function back(before) {
  heading('Life goes on: a new account, and Ben at the dashboard');
  for (const row of python('life-goes-on.py')) console.log(row);
  heading('And back, with what was written since');
  desprawl(['rollback', '--later', 'carry', '--yes'], { from: /^rows written since$/ });
  const now = states(project);
  const other = [...new Set([...before.states.keys(), ...now.keys()])].filter(
    (path) => before.states.get(path) !== now.get(path),
  );
  if (other.join() !== './data/auth.db') throw new Stop(`NOT AS BEFORE: ${other.slice(0, 5).join(', ')}`);
  const [found] = python('query.py', 'data/auth.db', "SELECT name FROM users WHERE email = 'nell@example.org'");
  if (found?.[0] !== 'Nell New') throw new Stop('A ROW IS LOST');
  console.log(`\n${now.size} paths and the git status are as before: bytes, modes, times to the`);
  console.log('microsecond; but for data/auth.db, to which the new account went.');
}

/** The real services, on copies of the stores, as the project's own tests start them. */
function logIn() {
  for (const row of python('log-in.py')) console.log(row);
}

function python(script, ...args) {
  const path = fileURLToPath(new URL(`demo/${script}`, import.meta.url));
  const done = spawnSync('python3', [path, ...args], {
    cwd: project,
    env: { ...env, PYTHONPATH: project },
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Stop(`${script}: ${done.stderr}`);
  return JSON.parse(done.stdout);
}

function line([name, ...counts]) {
  return `${String(name).padEnd(16)}${counts.map((one) => String(one).padStart(10)).join('')}`;
}

/** Writes an answer where the plan leaves it open, as one would in an editor. */
function answer(decision, choice, why) {
  const lines = readFileSync(plan, 'utf8').split('\n');
  const from = lines.findIndex((text) => text.trim() === `- decision: ${decision}`);
  const at = lines.findIndex((text, index) => index > from && from >= 0 && text.trim().startsWith('chosen:'));
  if (at < 0 || lines[at].trim() !== 'chosen:') throw new Stop(`${decision} is not open in the plan`);
  lines[at] = `${lines[at]} ${choice}`;
  writeFileSync(plan, lines.join('\n'));
  console.log(`${decision}: ${choice}\n    ${why}`);
}

/** `from`: long lists before that line were seen in the plan already and are left out. `most`: the highest exit code that is fine. */
function desprawl(args, { most = 0, from } = {}) {
  console.log(`$ desprawl ${args.map((arg) => (arg === plan ? '../homestead-plan.yaml' : arg)).join(' ')}\n`);
  const done = spawnSync(process.execPath, [CLI, '-C', project, ...args], {
    stdio: from === undefined ? 'inherit' : ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    env,
  });
  if (done.error) throw done.error;
  const code = done.status ?? 130;
  const lines = (done.stdout ?? '').trimEnd().split('\n');
  const at = lines.findIndex((text) => from?.test(text));
  // What went wrong is shown in full.
  if (from !== undefined)
    console.log((code > most || at < 0 ? lines : [lines[0], '  …', ...lines.slice(at)]).join('\n'));
  if (code > most) throw new Stop('', code);
}

function heading(text) {
  console.log(`\n── ${text} ──\n`);
}

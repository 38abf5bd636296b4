/**
 * `npm run demo`: builds the example project into a new temporary folder, audits it with the real command line, plans, tries the plan on a
 * copy, carries it out, verifies it and takes it back; after looking and after going back it shows that nothing changed. Removes
 * the folder at the end unless `--keep` is given. Findings are what it is about, so exit code 1 of a command is fine.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './homestead/build.mjs';

const CLI = fileURLToPath(new URL('../dist/bin/desprawl.js', import.meta.url));

/** What is looked at, and why; commands end with 0 (clean) or 1 (there is something to say). */
const LOOKING = [
  ['Where does the data of this project live, and what is wrong with it?', ['audit']],
  [
    'Why does somebody who can log in at the hub not exist for the login service?',
    ['where', 'services/auth/connection.py:14'],
  ],
  ['Two files have a users table. Who is in which?', ['diff', 'data/hub.db', 'data/auth.db', '--table', 'users']],
  ['Why must exports/readings.csv not be deleted?', ['explain', 'orphan-export']],
];

/** What must still be so afterwards; the project's own tests among it. They run in copies, before and after. */
const CHECKS = `version: 1
checks:
  tests:  { run: npm test, timeout: 300 }
  people: { store: data/hub.db, sql: select count(*) from users, is: 6 }
`;

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
try {
  process.exitCode = await demo();
} finally {
  if (keep) console.log(`\nThe project is kept in ${project}`);
  else rmSync(folder, { recursive: true, force: true });
}

async function demo() {
  heading('A small home-automation hub that grew by accident: examples/homestead, built from text');
  await build(project);
  const before = fingerprint(project);
  console.log(`${before.files} files`);

  for (const [why, args] of LOOKING) {
    heading(why);
    console.log(`$ desprawl ${args.join(' ')}\n`);
    const code = run(args);
    if (code > 1) return code;
  }

  heading('Did looking change anything?');
  const after = fingerprint(project);
  for (const [when, { files, hash }] of [
    ['before', before],
    ['after', after],
  ]) {
    console.log(`${when.padEnd(7)} ${files} files   ${hash.slice(0, 32)}`);
  }
  if (before.hash !== after.hash) return fail('THE PROJECT HAS CHANGED');
  console.log('nothing did: no byte, mode, time or name, .git included');

  return change();
}

/** The second half: a plan, its dry run, the run, and the way back. */
async function change() {
  heading('What must stay as it is? The owner says so in desprawl.yaml');
  writeFileSync(join(project, 'desprawl.yaml'), CHECKS);
  console.log(CHECKS);
  const before = tree(project);

  heading('What would be done about it?');
  let code = show(['plan', '--accept-proposals', '--out', plan]);
  if (code > 1) return code;

  heading('Two questions have no proposal: the owner answers them in the file');
  answer('files-of-scene-manager', 'archive');
  answer('unresolved-readers', 'goes');

  heading('Does it work? On a copy first');
  code = show(['apply', plan, '--dry-run', '--run-checks']);
  if (code !== 0) return code;

  heading('Then for real');
  code = show(['apply', plan, '--yes', '--run-checks']) || show(['runs']);
  if (code !== 0) return code;

  heading('And back, as if nothing had been');
  code = show(['rollback', '--yes']);
  if (code !== 0) return code;
  const now = tree(project);
  const other = [...new Set([...before.keys(), ...now.keys()])].filter((path) => before.get(path) !== now.get(path));
  if (other.length > 0) return fail(`NOT AS BEFORE: ${other.slice(0, 5).join(', ')}`);
  console.log(`\n${now.size} paths and the git status are as before: bytes, modes, times to the microsecond`);
  return 0;
}

function show(args) {
  console.log(`$ desprawl ${args.map((arg) => (arg === plan ? '../homestead-plan.yaml' : arg)).join(' ')}\n`);
  return run(args);
}

/** Writes an answer where the plan leaves it open, as one would in an editor. */
function answer(decision, choice) {
  const lines = readFileSync(plan, 'utf8').split('\n');
  const from = lines.findIndex((line) => line.includes(`decision: ${decision}`));
  const at = lines.findIndex((line, index) => index > from && from >= 0 && line.trim() === 'chosen:');
  if (at < 0) throw new Error(`${decision} is not open in the plan`);
  lines[at] = `${lines[at]} ${choice}`;
  writeFileSync(plan, lines.join('\n'));
  for (const line of lines.slice(from, at + 1)) console.log(line);
}

function fail(message) {
  console.log(message);
  return 1;
}

/** Every path with what a run gives back: kind, mode, time, bytes; what git says of them, instead of git's own files. */
function tree(root) {
  const states = new Map();
  const visit = (path, name) => {
    const stat = lstatSync(path, { bigint: true });
    const bytes = stat.isFile() ? readFileSync(path) : stat.isSymbolicLink() ? readlinkSync(path) : '';
    const hash = createHash('sha256').update(bytes).digest('hex');
    states.set(name, `${stat.mode} ${stat.isSymbolicLink() ? '' : stat.mtimeNs / 1000n} ${hash}`);
    if (!stat.isDirectory()) return;
    for (const entry of readdirSync(path)) if (entry !== '.git') visit(join(path, entry), `${name}/${entry}`);
  };
  visit(root, '.');
  for (const args of [
    ['status', '--porcelain'],
    ['ls-files', '--stage'],
    ['log', '--format=%H'],
  ]) {
    states.set(`git ${args[0]}`, spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' }).stdout);
  }
  return states;
}

/** Exit code of one command. Its cache goes into the demo's own folder, not into the reader's home. */
function run(args) {
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), XDG_STATE_HOME: join(folder, 'state') };
  const done = spawnSync(process.execPath, [CLI, '-C', project, ...args], { stdio: 'inherit', env });
  if (done.error) throw done.error;
  return done.status ?? 130;
}

/** One hash over every name, type, mode, modification time and byte below a folder. */
function fingerprint(root) {
  const hash = createHash('sha256');
  let files = 0;
  const visit = (path, name) => {
    const stat = lstatSync(path, { bigint: true });
    hash.update(`${name}\0${stat.mode}\0${stat.mtimeNs}\0${stat.size}\n`);
    if (stat.isDirectory()) for (const entry of readdirSync(path).sort()) visit(join(path, entry), `${name}/${entry}`);
    else files += 1;
    if (stat.isFile()) hash.update(readFileSync(path));
  };
  visit(root, '.');
  return { files, hash: hash.digest('hex') };
}

function heading(text) {
  console.log(`\n── ${text} ──\n`);
}

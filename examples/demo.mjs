/**
 * `npm run demo`: builds the example project into a new temporary folder and audits it with the real command line, then shows that not a
 * byte of it changed. Removes the folder at the end unless `--keep` is given. Findings are what it is about, so exit code 1 of a command is fine.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './homestead/build.mjs';

const CLI = fileURLToPath(new URL('../dist/bin/desprawl.js', import.meta.url));

/** What is shown, and why; commands end with 0 (clean) or 1 (there is something to say). */
const STEPS = [
  ['Where does the data of this project live, and what is wrong with it?', ['audit']],
  [
    'Why does somebody who can log in at the hub not exist for the login service?',
    ['where', 'services/auth/connection.py:14'],
  ],
  ['Two files have a users table. Who is in which?', ['diff', 'data/hub.db', 'data/auth.db', '--table', 'users']],
  ['Why must exports/readings.csv not be deleted?', ['explain', 'orphan-export']],
];

const keep = process.argv.includes('--keep');
if (!existsSync(CLI)) {
  console.error('The command line is not built yet: npm run demo');
  process.exit(2);
}
// A running command gets Ctrl-C as well and ends; staying alive here is what lets the folder be removed.
process.once('SIGINT', () => {});

const folder = mkdtempSync(join(tmpdir(), 'desprawl-demo-'));
const project = join(folder, 'homestead');
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

  for (const [why, args] of STEPS) {
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
  const unchanged = before.hash === after.hash;
  console.log(unchanged ? 'nothing did: no byte, mode, time or name, .git included' : 'THE PROJECT HAS CHANGED');
  return unchanged ? 0 : 1;
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

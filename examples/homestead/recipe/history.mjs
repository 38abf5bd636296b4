/**
 * The git history of the example: five commits by an invented author at fixed times. It leaves every state that git knows: tracked,
 * ignored, ignored yet tracked (`data/auth.db`, three state files, a large-file pointer), untracked (`exports/readings.csv`, four
 * stores), and a tracked store that has changed since.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TRACKED } from './state-files.mjs';

const COMMITS = [
  {
    at: '2025-08-30T18:00:00Z',
    message: 'Rooms, devices and a dashboard',
    paths: [
      'README.md',
      'package.json',
      'dashboard/*.html',
      'dashboard/*.js',
      'migrations/0001_init.sql',
      'services/__init__.py',
      'services/hub',
    ],
  },
  {
    at: '2025-09-16T19:30:00Z',
    message: 'Accounts get a service of their own',
    auth: 'september',
    paths: [
      'services/auth',
      'data/auth.db',
      'docker-compose.yaml',
      'tests/__init__.py',
      'tests/support.py',
      'tests/test_auth.py',
    ],
  },
  {
    at: '2025-09-20T08:00:00Z',
    message: 'Energy, scenes, tasks and what the assistant remembers',
    paths: ['services/energy', 'tools', 'exports/devices.csv', 'exports/scenes.csv', 'migrations', ...TRACKED],
  },
  {
    at: '2025-10-12T09:00:00Z',
    message: 'Keep data, backups and state out of git',
    auth: 'october',
    paths: ['.gitignore', '.gitattributes', 'data/auth.db'],
  },
  {
    at: '2025-10-26T16:00:00Z',
    message: 'Worker, scripts, CI and tests',
    auth: 'october',
    paths: [
      '.dockerignore',
      '.env.example',
      '.github',
      'Makefile',
      'backend/worker.py',
      'dashboard/format.test.mjs',
      'data/models/wake-word.db',
      'deploy',
      'scripts',
      'tests',
    ],
  },
];

/** Never committed, although inside a folder that is. */
const NOT = ['services/auth/data', 'services/hub/data'].map((path) => `:(exclude)${path}`);

/** Makes the repository and its commits; afterwards the work tree is as it was. `generations`: earlier contents of `data/auth.db`. */
export function writeHistory(root, generations) {
  const auth = join(root, 'data/auth.db');
  const now = readFileSync(auth);
  git(root, ['init', '--quiet', '--template=', '--initial-branch=main']);
  for (const { at, message, auth: generation, paths } of COMMITS) {
    if (generation) writeFileSync(auth, generations[generation]);
    git(root, ['add', '--force', '--', ...paths, ...NOT], at);
    git(root, ['commit', '--quiet', '--no-verify', '--message', message], at);
  }
  writeFileSync(auth, now);
}

/** Lets the index know the files' final times, so that the first `git status` has nothing to write. */
export function refreshIndex(root) {
  git(root, ['update-index', '-q', '--refresh']);
}

function git(root, args, at = COMMITS[0].at) {
  const settings = ['core.autocrlf=false', 'commit.gpgSign=false', 'gc.auto=0', 'core.fsync=none'].flatMap(
    (setting) => ['-c', setting],
  );
  execFileSync('git', ['-C', root, ...settings, ...args], { env: environment(at), stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Nothing of the machine's own git settings gets in. */
function environment(at) {
  const { PATH, SystemRoot } = process.env;
  const who = { NAME: 'Ada Lindqvist', EMAIL: 'ada@example.com', DATE: at };
  return {
    PATH,
    ...(SystemRoot && { SystemRoot }),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((role) => Object.entries(who).map(([k, v]) => [`GIT_${role}_${k}`, v])),
    ),
  };
}

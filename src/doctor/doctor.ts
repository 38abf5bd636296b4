/** What this machine offers desprawl: each thing it relies on, tried, with what follows where it is missing. */
import { execFile } from 'node:child_process';
import { constants, copyFileSync, existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { size } from '../audit/wording.ts';
import { programPath } from '../stores/child/programs.ts';

export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'missing';
  /** What was found. */
  readonly found: string;
  /** What follows from it, where it is not ok. */
  readonly consequence?: string;
}

export interface DoctorOptions {
  readonly platform: NodeJS.Platform;
  readonly node: string;
  readonly scratchDir: string;
  readonly cacheDir: string;
  readonly stateDir: string;
}

export interface Doctor {
  readonly version: 1;
  readonly checks: readonly Check[];
}

const LEAST_NODE = [20, 19] as const;
const LEAST_FREE = 1_000_000_000;

export async function doctor(options: DoctorOptions): Promise<Doctor> {
  const [driver, git] = await Promise.all([checkDriver(), checkGit()]);
  return {
    version: 1,
    checks: [
      checkPlatform(options.platform),
      checkNode(options.node),
      driver,
      git,
      checkMemory(),
      checkFolder(
        'scratch folder',
        options.scratchDir,
        'Stores that are in use cannot be read. Set TMPDIR to another folder.',
      ),
      checkFolder('cache folder', options.cacheDir, 'Every audit measures everything again.'),
      checkFolder('state folder', options.stateDir, 'Nothing depends on it yet; plans and backups will.'),
      checkReflink(options.scratchDir),
      checkLocks(options.platform),
    ],
  };
}

function checkPlatform(platform: NodeJS.Platform): Check {
  const supported = platform === 'linux' || platform === 'darwin';
  return {
    name: 'operating system',
    state: supported ? 'ok' : 'missing',
    found: platform,
    ...(supported ? {} : { consequence: 'Use Linux or macOS; on Windows, WSL 2.' }),
  };
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number);
  const ok = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return {
    name: 'node',
    state: ok ? 'ok' : 'missing',
    found: version,
    ...(ok ? {} : { consequence: `Install Node.js ${LEAST_NODE.join('.')} or newer.` }),
  };
}

async function checkDriver(): Promise<Check> {
  const name = 'sqlite driver';
  const { output, error } = await run(process.execPath, [programPath('driver-probe')]);
  if (error !== undefined) {
    return {
      name,
      state: 'missing',
      found: error,
      consequence: 'No SQLite store can be read. Install again on this platform: npm ci',
    };
  }
  const { version, fts5 } = JSON.parse(output) as { version: string; fts5: boolean };
  return { name, state: 'ok', found: `SQLite ${version}${fts5 ? ', with FTS5' : ''}` };
}

async function checkGit(): Promise<Check> {
  const { output, error } = await run('git', ['--version']);
  return error === undefined
    ? { name: 'git', state: 'ok', found: output.trim() }
    : {
        name: 'git',
        state: 'warn',
        found: 'not found',
        consequence: 'What is tracked or ignored, and earlier states of stores, cannot be told.',
      };
}

function checkMemory(): Check {
  const bytes = totalmem();
  const ok = bytes >= LEAST_FREE;
  return {
    name: 'memory',
    state: ok ? 'ok' : 'warn',
    found: size(bytes),
    ...(ok ? {} : { consequence: 'An audit needs up to 300 MB.' }),
  };
}

/** The folder itself may not be there yet: then its nearest parent counts. */
function checkFolder(name: string, folder: string, consequence: string): Check {
  let place = folder;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    rmSync(mkdtempSync(join(place, '.desprawl-doctor-')), { recursive: true });
    const fs = statfsSync(place);
    const free = fs.bavail * fs.bsize;
    const ok = free >= LEAST_FREE;
    const found = `${folder}, writable, ${size(free)} free`;
    return {
      name,
      state: ok ? 'ok' : 'warn',
      found,
      ...(ok ? {} : { consequence: 'There may be too little space for copies of large stores.' }),
    };
  } catch (error) {
    return {
      name,
      state: 'warn',
      found: `${folder} cannot be written to (${(error as NodeJS.ErrnoException).code})`,
      consequence,
    };
  }
}

function checkReflink(scratchDir: string): Check {
  const name = 'reflinks';
  let dir: string | undefined;
  try {
    dir = mkdtempSync(join(scratchDir, 'desprawl-doctor-'));
    writeFileSync(join(dir, 'a'), 'a'.repeat(8192));
    copyFileSync(join(dir, 'a'), join(dir, 'b'), constants.COPYFILE_FICLONE_FORCE);
    return { name, state: 'ok', found: 'the scratch folder shares blocks: copies are instant' };
  } catch {
    return {
      name,
      state: 'warn',
      found: 'not in the scratch folder',
      consequence:
        'Stores in use are copied byte by byte while they are audited: slower, needs their size in free space.',
    };
  } finally {
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
  }
}

/** Where open locks can be seen, an idle store is told from one that is being written. */
function checkLocks(platform: NodeJS.Platform): Check {
  const name = 'locks of others';
  return platform === 'linux' && existsSync('/proc/locks')
    ? { name, state: 'ok', found: '/proc/locks' }
    : {
        name,
        state: 'warn',
        found: 'not visible',
        consequence: 'Stores are compared before and after reading instead; a busy one is read again.',
      };
}

function run(command: string, args: readonly string[]): Promise<{ output: string; error?: string }> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 10_000 }, (error, stdout, stderr) => {
      if (error === null) resolve({ output: stdout });
      else
        resolve({
          output: stdout,
          error: (stderr.split('\n').find((line) => /error/i.test(line)) ?? error.message).trim(),
        });
    });
  });
}

/**
 * One place where a project is put, killed and looked at again and again. The folder itself stays the same one, since a state belongs
 * to it; what is in it and in its state comes from copies with all their times.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KnownRuns, knownRuns } from '../../../src/apply/known-runs.ts';
import { realDisk } from '../../../src/disk/real-disk.ts';
import { stateFolder } from '../../../src/state/state-folder.ts';
import { treeState } from '../../tree-state.ts';
import type { Counted, Told } from './killed-cli.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

export interface Bench {
  readonly root: string;
  /** Copies what is there now under a name, and brings it back. */
  keep(name: string): void;
  bring(name: string): void;
  /** Puts the project of another bench here, with all its times. */
  takeProject(root: string): void;
  run(args: readonly string[], told?: Told, path?: string): Promise<Ended>;
  /** Throws where it does not end with 0. */
  good(args: readonly string[], told?: Told, path?: string): Promise<void>;
  count(args: readonly string[], path?: string): Promise<Counted>;
  tree(): readonly string[];
  /** Temporary names and locks in the project, and what is in these folders of the state. */
  leftovers(of: readonly ('held' | 'copies')[]): readonly string[];
  runs(): KnownRuns;
  /** What two states have in common that look the same: names of runs and backups are by chance. */
  shape(): string;
  /** A folder for what belongs to a test and not to the project. */
  readonly beside: string;
  close(): void;
}

export function openBench(program: string): Bench {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'crash-')));
  const [work, kept, beside] = ['work', 'kept', 'beside'].map((name) => join(parent, name)) as [string, string, string];
  const root = join(work, 'project');
  for (const folder of [root, kept, beside, join(work, 'state')]) mkdirSync(folder, { recursive: true });
  const children = new Set<ChildProcess>();
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    HOME: parent,
    XDG_STATE_HOME: join(work, 'state'),
    XDG_CACHE_HOME: join(parent, 'cache'),
    NO_COLOR: '1',
    NODE_OPTIONS: '',
  };
  const copy = (from: string, to: string): void => {
    for (const name of existsSync(to) ? readdirSync(to) : []) rmSync(join(to, name), { recursive: true, force: true });
    mkdirSync(to, { recursive: true });
    const { status, stderr } = spawnSync('cp', ['-a', `${from}/.`, to], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  const both = (act: (name: string) => void): void => {
    for (const name of ['project', 'state']) act(name);
  };
  const run: Bench['run'] = (args, told, path) =>
    new Promise((done, fail) => {
      const more = told === undefined ? {} : { CRASH_TOLD: JSON.stringify(told) };
      const child = spawn(process.execPath, [program, '-C', root, ...args], {
        cwd: parent,
        env: { ...env, ...more, ...(path === undefined ? {} : { PATH: `${path}:${env.PATH}` }) },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.add(child);
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
      child.on('error', fail);
      // Children of a killed one may still have the pipes.
      child.on('exit', (code, signal) => {
        children.delete(child);
        setImmediate(() => done({ code, signal, said }));
      });
    });
  const good: Bench['good'] = async (args, told, path) => {
    const { code, said } = await run(args, told, path);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${said}`);
  };
  return {
    root,
    beside,
    run,
    keep: (name) => both((part) => copy(join(work, part), join(kept, name, part))),
    bring: (name) => both((part) => copy(join(kept, name, part), join(work, part))),
    takeProject: (from) => copy(from, root),
    good,
    count: async (args, path) => {
      const count = join(beside, 'count.json');
      await good(args, { count }, path);
      return JSON.parse(readFileSync(count, 'utf8')) as Counted;
    },
    tree: () => treeState(root),
    leftovers: (of) => {
      const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
      const found = names.filter((name) => /(^|\/)\.desprawl-|\.lock$/.test(name));
      for (const part of of) {
        const folder = join(stateFolder(realDisk, { stateDir: join(work, 'state'), root }).path, part);
        if (existsSync(folder)) found.push(...readdirSync(folder).map((name) => `${part}/${name}`));
      }
      return found;
    },
    runs: () => knownRuns(realDisk, stateFolder(realDisk, { stateDir: join(work, 'state'), root })),
    shape: () => {
      const state = treeState(join(work, 'state')).map((line) => {
        const [name = '', kind = ''] = line.split(' ');
        return `${name.replaceAll(/[0-9a-f]{4,}|\d+/g, 'x')} ${kind}`;
      });
      return [...treeState(root), ...state.sort()].join('\n');
    },
    close: () => {
      for (const child of children) child.kill('SIGKILL');
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

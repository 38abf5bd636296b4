/** Runs made of steps given by hand, in a real folder with a real state, and taken back: rollbacks are tested without any plan. */
import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carryOut } from '../src/apply/carry-out.ts';
import { finishRun } from '../src/apply/finish-run.ts';
import { foldersTouched } from '../src/apply/folders-touched.ts';
import type { ProjectGround } from '../src/apply/ground.ts';
import { type KnownRuns, knownRuns } from '../src/apply/known-runs.ts';
import type { ApplyResult, RunId } from '../src/apply/model.ts';
import { standsOn } from '../src/apply/stands-on.ts';
import { withState } from '../src/apply/with-state.ts';
import { DEFAULT_CONFIG } from '../src/config/config.ts';
import { removeCopy } from '../src/copy/remove-copy.ts';
import type { Disk } from '../src/disk/disk.ts';
import { ABSENT, type FileState, type PathState, stateOf } from '../src/disk/path-state.ts';
import { realDisk } from '../src/disk/real-disk.ts';
import { type Companion, prepareRun } from '../src/journal/run-folder.ts';
import { openGit } from '../src/project/git.ts';
import { chooseRuns } from '../src/rollback/choose-runs.ts';
import { dryRollback } from '../src/rollback/dry-rollback.ts';
import type { LaterChoice } from '../src/rollback/later/model.ts';
import { rollback } from '../src/rollback/rollback.ts';
import { processIdentity } from '../src/state/processes.ts';
import { stateFolder } from '../src/state/state-folder.ts';
import { type PlannedStep, transitionsOf } from '../src/steps/step.ts';
import { openObjects, type StoredObjects } from '../src/vault/objects.ts';

export interface RollbackGround {
  readonly root: string;
  readonly ground: ProjectGround;
  readonly objects: StoredObjects;
  /** Makes the content known. */
  content(text: string, mode?: number): FileState;
  /** What is there now. */
  now(path: string): PathState;
  /** `stopAfter`: ended after that many batches, as by Ctrl-C. */
  apply(steps: readonly PlannedStep[], stopAfter?: number, companions?: readonly Companion[]): Promise<RunId>;
  rollback(name?: RunId | null, options?: RollbackOptions): Promise<ApplyResult>;
  /** `apply --continue`. */
  goOn(): Promise<ApplyResult>;
  known(): KnownRuns;
  close(): void;
}

export interface RollbackOptions {
  readonly later?: LaterChoice;
  readonly withLater?: boolean;
  readonly dryRun?: boolean;
  /** Ended after that many batches, as by Ctrl-C. */
  readonly stopAfter?: number;
}

/** `disk`: the real one, or one that watches it. */
export function rollbackGround(disk: Disk = realDisk): RollbackGround {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'back-')));
  const root = join(parent, 'project');
  for (const name of ['project', 'scratch']) mkdirSync(join(parent, name));
  const state = stateFolder(disk, { stateDir: join(parent, 'state'), root });
  mkdirSync(state.path, { recursive: true, mode: 0o700 });
  const objects = openObjects(disk, state.vault);
  let clock = Date.UTC(2026, 10, 21, 14, 36, 17);
  let drawn = 0;
  const ground: ProjectGround = {
    disk,
    root,
    real: root,
    state,
    config: DEFAULT_CONFIG,
    tool: '0',
    command: 'test',
    identity: processIdentity(),
    env: process.env,
    scratchDir: join(parent, 'scratch'),
    cacheDir: null,
    now: () => {
      clock += 1000;
      return clock;
    },
    random: (digits) => (++drawn).toString(16).padStart(digits, '0'),
  };
  return {
    root,
    ground,
    objects,
    content: (text, mode = 0o644) => ({ kind: 'file', mode, ...objects.put({ bytes: Buffer.from(text) }) }),
    now: (path) => stateOf(disk, join(root, path)),
    known: () => knownRuns(disk, state),
    apply: (steps, stopAfter = Number.POSITIVE_INFINITY, companions = []) =>
      withState(ground, async ({ runs }) => {
        for (const step of steps) {
          for (const { path, before } of transitionsOf(step)) {
            const place = join(root, String(path));
            if (before.kind === 'file' && disk.lstat(place)?.kind === 'file') objects.put({ file: place });
          }
        }
        const id = `run-${(++drawn).toString().padStart(4, '0')}`;
        const git = await openGit(root, []);
        const run = prepareRun(
          disk,
          state,
          {
            run: id,
            kind: 'apply',
            tool: '0',
            project: { root, git: git === null ? null : { head: git.head, branch: git.branch } },
            plan: null,
            undoes: [],
            after: standsOn(ground, runs, steps),
            backups: [],
            folders: foldersTouched(disk, root, steps),
            at: 'now',
          },
          steps,
          companions,
        );
        const own = stoppedAfter(ground, stopAfter);
        try {
          await carryOut(own, { run });
        } catch (error) {
          if (own.signal?.aborted !== true) throw error;
        } finally {
          run.steps.close();
        }
        return id;
      }),
    rollback: (name = null, { later = 'refuse', withLater = false, dryRun = false, stopAfter } = {}) =>
      withState(ground, (known) => {
        const chosen = chooseRuns(known, name, withLater);
        const own = stopAfter === undefined ? ground : stoppedAfter(ground, stopAfter);
        return dryRun ? dryRollback(own, { chosen, later }) : rollback(own, { chosen, known, later, dryRun });
      }),
    goOn: () =>
      withState(ground, ({ waiting }) => {
        if (waiting === null) throw new Error('no run waits');
        return finishRun(ground, waiting, false);
      }),
    close: () => removeCopy(disk, parent),
  };
}

function stoppedAfter(ground: ProjectGround, batches: number): ProjectGround {
  const abort = new AbortController();
  let done = 0;
  return {
    ...ground,
    signal: abort.signal,
    onProgress: ({ phase }) => {
      if (phase === 'steps' && ++done >= batches) abort.abort();
    },
  };
}

/** A file that is there now goes. */
export function removal(on: RollbackGround, path: string, store?: string): PlannedStep {
  const before = on.now(path);
  if (before.kind !== 'file' && before.kind !== 'link') throw new Error(`there is no file ${path}`);
  return { action: 'a', op: 'remove', path, before, ...(store === undefined ? {} : { store }) };
}

/** A file gets another content. */
export function edit(on: RollbackGround, path: string, text: string): PlannedStep {
  const before = on.now(path);
  if (before.kind === 'folder' || before.kind === 'special') throw new Error(`there is no file ${path}`);
  const mode = before.kind === 'file' ? before.mode : 0o644;
  const after = on.content(text, mode);
  return { action: 'a', op: 'put', path, before: before.kind === 'absent' ? ABSENT : before, after, how: 'replace' };
}

export function move(on: RollbackGround, path: string, to: string): PlannedStep {
  const before = on.now(path);
  if (before.kind !== 'file' && before.kind !== 'link') throw new Error(`there is no file ${path}`);
  return { action: 'a', op: 'rename', path, to, before };
}

/** The audit: looks at everything, changes nothing. Walk → read → compare → look for ancestors → detect. */
import { basename } from 'node:path';
import type { Config } from '../config/config.ts';
import { DesprawlError } from '../errors.ts';
import { openGit } from '../project/git.ts';
import { walkProject } from '../project/walk.ts';
import { BUILD, VERSION } from '../version.ts';
import { findAncestors } from './ancestors.ts';
import { openCache } from './cache.ts';
import { detectAll } from './detectors/index.ts';
import { groupStores } from './groups.ts';
import { takeInventory } from './inventory.ts';
import { keptCodeFile } from './kept/kept-code.ts';
import { lookAtCode } from './look-at-code.ts';
import type { Audit, Facts } from './model.ts';
import { openSession } from './session.ts';
import { findTwins } from './twins.ts';

export interface AuditOptions {
  /** Absolute path of the project. */
  readonly root: string;
  readonly config: Config;
  /** Compare every row, however large a table is. */
  readonly exact: boolean;
  /** What reading one store may take; large stores get more. */
  readonly timeoutSeconds: number;
  /** Parent folder of the cache; `null`: none is read or written. */
  readonly cacheDir: string | null;
  /** Parent folder for private copies of live stores. */
  readonly scratchDir: string;
  /** Current time, ms since the epoch. */
  readonly now: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface Progress {
  readonly phase: 'walk' | 'read' | 'compare' | 'code' | 'ancestors' | 'detect';
  readonly done: number;
  readonly total: number;
  /** Bytes of stores read so far. */
  readonly bytes?: number;
  readonly item?: string;
}

/** Throws `DSP-PROJECT-…` where the folder cannot be read and `DSP-CANCELLED` when `signal` aborts. */
export async function audit(options: AuditOptions): Promise<Audit> {
  const started = performance.now();
  const { facts, cachedStores, prepare, keep } = await lookAtProject(options);
  await prepare();
  const findings = detectAll(facts, options.config.audit.disable);
  options.onProgress?.({ phase: 'detect', done: 1, total: 1 });
  keep();
  const seconds = Math.round(performance.now() - started) / 1000;
  return { version: 1, ...facts, findings, took: { seconds, cachedStores } };
}

export interface Looked {
  readonly facts: Facts;
  readonly cachedStores: number;
  /** To be awaited before anybody asks for a file's structure. */
  prepare(): Promise<void>;
  /** Keeps what was learnt of the code for the next run. */
  keep(): void;
}

/** Everything that is measured, before anything is concluded. */
export async function lookAtProject(options: AuditOptions): Promise<Looked> {
  const { root, config, now } = options;
  const progress = options.onProgress ?? (() => {});
  const walk = walkProject(root, { ignore: config.ignore });
  progress({ phase: 'walk', done: walk.files.length, total: walk.files.length });
  const git = await openGit(
    root,
    walk.files.map(({ path }) => path),
  );
  const cache = openCache(options.cacheDir, root, JSON.stringify([VERSION, BUILD, options.exact]));
  const session = openSession({ ...options, cache });
  // A reading that was cut off looks like a store that cannot be read: an interrupted audit concludes nothing.
  const unlessCancelled = (): void => {
    if (options.signal?.aborted) throw new DesprawlError('DSP-CANCELLED', 'Interrupted.');
  };
  try {
    let bytes = 0;
    const inventory = await takeInventory(session, walk, git, config, now, (done, total, item, size) => {
      bytes += size;
      progress({ phase: 'read', done, total, bytes, item });
    });
    unlessCancelled();
    const { stores, lookalikes, families } = inventory;
    const twins = await findTwins(session, stores, {
      exact: options.exact,
      onPair: (done, total, item) => progress({ phase: 'compare', done, total, item }),
    });
    unlessCancelled();
    progress({ phase: 'code', done: 0, total: 1 });
    const cacheFile = options.cacheDir === null ? null : keptCodeFile(options.cacheDir, root);
    const { code, prepare, keep } = await lookAtCode({ root, walk, stores, git, signal: options.signal, cacheFile });
    unlessCancelled();
    progress({ phase: 'ancestors', done: 0, total: 1 });
    const ancestors = await findAncestors(session, stores, twins.relations, git);
    unlessCancelled();
    const primaries = Object.entries(config.stores).flatMap(([path, { role }]) => (role === 'primary' ? [path] : []));
    const facts: Facts = {
      project: {
        name: basename(root),
        root,
        git: git === null ? null : { head: git.head, branch: git.branch },
        files: walk.files.length,
        bytes: walk.files.reduce((sum, file) => sum + file.bytes, 0),
        skipped: walk.skipped,
        unreadable: walk.unreadable,
      },
      stores,
      lookalikes,
      families,
      relations: twins.relations,
      notCompared: twins.notCompared,
      groups: groupStores(stores, twins.relations, primaries, code.bindings),
      ancestors,
      code,
      now,
    };
    cache.save();
    return { facts, cachedStores: inventory.cachedStores, prepare, keep };
  } finally {
    session.close();
  }
}

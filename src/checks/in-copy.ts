/**
 * Does something of the project in a fresh copy of a tree: the environment leads into the copy, the project is watched, and what
 * changed in it meanwhile is told. Nothing of the copy is left.
 */
import { join } from 'node:path';
import type { Copies } from '../copy/copies.ts';
import { copyProject } from '../copy/copy-project.ts';
import type { Hold } from '../copy/copy-store.ts';
import { removeCopy } from '../copy/remove-copy.ts';
import type { Disk } from '../disk/disk.ts';
import { vendoredBecause } from '../project/vendored.ts';
import { whoHasOpen } from '../vault/openers.ts';
import { environmentOf, OWN_FOLDERS } from './environment.ts';
import { fingerprintOf, movedBetween, type Watched } from './fingerprint.ts';
import { pointPrograms } from './point-programs.ts';

export interface CheckGround {
  readonly disk: Disk;
  /** The real path of the project, which no check may touch. */
  readonly root: string;
  readonly copies: Copies;
  /** The caller's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of variables that the code reads to find a store. */
  readonly storeVariables: ReadonlySet<string>;
  readonly hold?: Hold;
  readonly signal?: AbortSignal;
}

export interface InCopy {
  /** The copy. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
  /** What messages say in place of folders of the copy. */
  readonly paths: readonly (readonly [string, string])[];
  /** Does it, and says what changed in the project meanwhile. */
  watched<T>(work: () => Promise<T>): Promise<Watch<T>>;
}

export interface Watch<T> {
  readonly result: T;
  /** Nobody else has it open. */
  readonly wrote: readonly string[];
  /** Somebody else works with it: who wrote cannot be told. */
  readonly unclear: readonly string[];
}

/** `tree`: the project, or another state of it. */
export async function inCopy<T>(ground: CheckGround, tree: string, work: (copy: InCopy) => Promise<T>): Promise<T> {
  const { disk, root, copies, signal } = ground;
  const place = copies.fresh('check');
  const own = copies.fresh('own');
  const copy = await copyProject({
    disk,
    root: tree,
    to: place,
    ...(ground.hold === undefined ? {} : { hold: ground.hold }),
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    for (const folder of ['', ...OWN_FOLDERS]) disk.mkdir(join(own, folder), 0o700);
    // A tree that is a copy itself may lead to folders of the project.
    const out = copy.outward.map(({ to }) => to);
    const shared = [
      ...copy.linked,
      ...out.flatMap((path) => (path.startsWith(`${root}/`) ? [path.slice(root.length + 1)] : [])),
    ];
    pointPrograms(disk, root, copy.root, shared);
    const { env } = environmentOf({ ...ground, copy: copy.root, own });
    const watch: Watched = {
      disk,
      root,
      outside: out.filter((path) => !path.startsWith(`${root}/`)),
      shared,
      vendoredBecause: (path, siblings) => vendoredBecause(root, path, siblings),
    };
    return await work({
      root: copy.root,
      env,
      signal,
      paths: [
        [`${copy.root}/`, ''],
        [copy.root, '.'],
        [own, '~'],
      ],
      watched: async (run) => {
        const before = fingerprintOf(watch);
        const result = await run();
        return { result, ...told(movedBetween(before, fingerprintOf(watch))) };
      },
    });
  } finally {
    removeCopy(disk, place);
    removeCopy(disk, own);
  }
}

function told(moved: readonly { shown: string; path: string }[]): Omit<Watch<unknown>, 'result'> {
  if (moved.length === 0) return { wrote: [], unclear: [] };
  const open = new Set(whoHasOpen(moved.map(({ path }) => path)).who.map(({ path }) => path));
  const of = (unclear: boolean): readonly string[] =>
    moved.filter(({ path }) => isUsed(path, open) === unclear).map(({ shown }) => shown);
  return { wrote: of(false), unclear: of(true) };
}

/** Who has a store open writes its sidecars, and its folder when they come and go. */
function isUsed(path: string, open: ReadonlySet<string>): boolean {
  return open.has(path) || open.has(path.replace(/-(?:wal|shm|journal)$/, ''));
}

/**
 * A project as it would be after edits, moves and removals, read like a real one: the same walk, stores and git with what would be other put in.
 * Nothing is written, and no cache either: what is learnt here is of a project that is not there. Unchanged files may come from the cache.
 */
import { posix } from 'node:path';
import { lookAtCode } from '../audit/look-at-code.ts';
import type { Facts } from '../audit/model.ts';
import type { Git } from '../project/git.ts';
import type { FileEntry, Walk } from '../project/walk.ts';
import type { Store } from '../stores/model.ts';
import type { LookedAt } from './code-snapshot.ts';

/** The project as it is. */
export interface ProjectNow {
  readonly facts: Pick<Facts, 'project' | 'stores'>;
  readonly walk: Walk;
  readonly git: Git | null;
  /** Bytes of a file by its path. Throws where there is none. */
  read(path: string): Buffer;
  /** What audits keep of the code; read only. `null`: nothing is taken from it. */
  readonly cacheFile: string | null;
}

export interface ProjectChanges {
  /** New contents, by the path afterwards. */
  readonly texts: ReadonlyMap<string, Buffer>;
  /** Old path → new path, of each file. */
  readonly moved: ReadonlyMap<string, string>;
  readonly removed: ReadonlySet<string>;
  /** Links that lead elsewhere afterwards: path afterwards → target as written. */
  readonly links?: ReadonlyMap<string, string>;
}

export interface OverlayProject {
  readonly walk: Walk;
  readonly stores: readonly Store[];
  readonly git: Git | null;
  read(path: string): Buffer;
}

/** Where the file system has no times before 1970: in no cache. */
const NO_TIME = -1n;

export function overlay({ facts, walk, git, read }: ProjectNow, changes: ProjectChanges): OverlayProject {
  const { texts, moved, removed, links = new Map<string, string>() } = changes;
  const back = new Map([...moved].map(([from, to]) => [to, from]));
  const files = new Map<string, FileEntry>();
  for (const file of walk.files) {
    if (removed.has(file.path)) continue;
    const path = moved.get(file.path) ?? file.path;
    files.set(path, { ...file, path });
  }
  for (const [path, content] of texts) files.set(path, written(path, content, files.get(path)));
  const paths = new Set(files.keys());
  for (const [path, file] of files) {
    const { link } = file;
    if (link === undefined) continue;
    const target = links.get(path) ?? link.target;
    files.set(path, { ...file, link: linkTo(path, target, link, changes, paths, back.has(path)) });
  }
  return {
    walk: { ...walk, files: [...files.values()].sort((x, y) => (x.path < y.path ? -1 : 1)) },
    stores: facts.stores.flatMap((store) => {
      if (removed.has(store.path)) return [];
      const path = moved.get(store.path) ?? store.path;
      return [path === store.path ? store : { ...store, id: path, path }];
    }),
    git: git === null ? null : { ...git, state: (path) => git.state(back.get(path) ?? path) },
    read(path) {
      const content = texts.get(path);
      if (content !== undefined) return content;
      if (!paths.has(path)) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
      return read(back.get(path) ?? path);
    },
  };
}

/** The code of the project as it would be. */
export async function lookAtOverlay(now: ProjectNow, changes: ProjectChanges, signal?: AbortSignal): Promise<LookedAt> {
  const { project } = now.facts;
  const { walk, stores, git, read } = overlay(now, changes);
  const { code, prepare } = await lookAtCode({
    root: project.root,
    walk,
    stores,
    git,
    signal,
    cacheFile: now.cacheFile,
    readBytes: read,
  });
  await prepare();
  return { code, project };
}

function written(path: string, content: Buffer, before: FileEntry | undefined): FileEntry {
  const { mode = 0o100644, dev = 0n, ino = 0n } = before ?? {};
  return { path, bytes: content.length, mtimeNs: NO_TIME, ctimeNs: NO_TIME, ino, dev, mode };
}

/** Inside the project a link leads where its target's words say from where it lies; outside it leads where it led. */
function linkTo(
  path: string,
  target: string,
  link: NonNullable<FileEntry['link']>,
  { moved, removed }: ProjectChanges,
  paths: ReadonlySet<string>,
  wasMoved: boolean,
): NonNullable<FileEntry['link']> {
  if (target === link.target && !wasMoved) {
    const gone =
      link.inside !== null && (moved.has(link.inside) || removed.has(link.inside)) && !paths.has(link.inside);
    return gone ? { target, inside: null, dangling: true } : link;
  }
  if (target.startsWith('/')) return { ...link, target };
  const inside = posix.join(posix.dirname(path), target);
  const isThere = paths.has(inside);
  return { target, inside: isThere ? inside : null, dangling: !isThere };
}

/** The files of a project as the code stage sees them, and what tells that all but the code is as it was. */
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import type { ReadCode } from '../code/read-code.ts';
import { stampOf } from '../code/read-code.ts';
import type { SourceTree } from '../code/resolve.ts';
import { remembered } from '../lazily.ts';
import type { Walk } from '../project/walk.ts';
import type { Store } from '../stores/model.ts';

export interface ProjectTree {
  readonly tree: SourceTree;
  /** Changes when files come or go, stores are others, or the project lies elsewhere. */
  readonly key: string;
  /** Whether files whose texts an earlier run read, beyond their facts, are as they were. */
  sameTexts(texts: Readonly<Record<string, string>>): boolean;
  /** State of the files whose texts were read by now. */
  texts(): Readonly<Record<string, string>>;
}

export function projectTree(root: string, walk: Walk, stores: readonly Store[], read: ReadCode): ProjectTree {
  const files = new Map(walk.files.map((file) => [file.path, file]));
  const paths: ReadonlySet<string> = new Set(files.keys());
  const asked = new Set<string>();
  const textOf = remembered(read.textOf);
  const stateOf = (path: string): string => {
    const content = read.states.get(path)?.content;
    if (content !== undefined && content !== '') return content;
    const file = files.get(path);
    return file === undefined ? '' : stampOf(file);
  };
  const digest = createHash('sha256').update(JSON.stringify([root, homedir()]));
  for (const { path, link } of walk.files)
    digest.update(`\0${path}\0${link === undefined ? '' : JSON.stringify(link)}`);
  for (const { id, path } of stores) digest.update(`\n${id}\0${path}`);
  return {
    tree: {
      paths,
      folders: foldersOf(paths),
      facts: read.facts,
      readText(path) {
        asked.add(path);
        return textOf(path);
      },
    },
    key: digest.digest('base64url'),
    sameTexts: (texts) => Object.entries(texts).every(([path, state]) => state === stateOf(path)),
    texts: () => Object.fromEntries([...asked].map((path) => [path, stateOf(path)])),
  };
}

/** Folders that have a file somewhere below. */
export function foldersOf(paths: ReadonlySet<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const folder = path.slice(0, cut);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

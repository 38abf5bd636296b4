/** A small project of source files in a temporary folder, looked at without an audit: texts by path; what ends in `.db` is a store. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { lookAtCode } from '../src/audit/look-at-code.ts';
import type { LookedAt } from '../src/plan/code-snapshot.ts';
import type { ProjectNow } from '../src/plan/overlay.ts';
import { walkProject } from '../src/project/walk.ts';
import type { Store } from '../src/stores/model.ts';

export interface CodeProject extends ProjectNow {
  readonly root: string;
  readonly looked: LookedAt;
}

export interface Files {
  /** `-> target` makes a link. */
  readonly [path: string]: string | Buffer;
}

const opened: string[] = [];

export async function codeProject(files: Files): Promise<CodeProject> {
  const root = mkdtempSync(join(tmpdir(), 'desprawl-code-'));
  opened.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (typeof content === 'string' && content.startsWith('-> ')) symlinkSync(content.slice(3), join(root, path));
    else writeFileSync(join(root, path), content);
  }
  return lookAgain(root);
}

/** The project in a folder as it is now. */
export async function lookAgain(root: string): Promise<CodeProject> {
  const walk = walkProject(root, { ignore: [] });
  const stores = walk.files
    .filter(({ path, link }) => /\.db$/.test(path) && link === undefined)
    .map(({ path, bytes }) => ({ id: path, path, bytes, kind: 'sqlite', tables: [] }) as unknown as Store);
  const { code, prepare } = await lookAtCode({ root, walk, stores, git: null, signal: undefined, cacheFile: null });
  await prepare();
  const project = {
    name: basename(root),
    root,
    git: null,
    files: walk.files.length,
    bytes: 0,
    skipped: walk.skipped,
    unreadable: walk.unreadable,
  };
  return {
    root,
    looked: { code, project },
    facts: { project, stores },
    walk,
    git: null,
    read: (path) => readFileSync(join(root, path)),
    cacheFile: null,
  };
}

export function removeCodeProjects(): void {
  for (const root of opened.splice(0)) rmSync(root, { recursive: true, force: true });
}

/** What git says of paths, for planning: asked synchronously, since compiling is, and each question once. Never changes an index. */
import { spawnSync } from 'node:child_process';
import { isAbsolute, resolve } from 'node:path';
import type { Audit } from '../audit/model.ts';
import type { MeasuredGit } from '../plan/measured.ts';
import { GIT_ENV, GIT_SAFE } from '../project/git.ts';
import type { GitIndex } from '../steps/primitive.ts';
import type { IndexEntry } from '../steps/step.ts';

/** `null`: git cannot be asked here. */
export function measureGit({ project, code }: Audit, index: Pick<GitIndex, 'entriesOf'>): MeasuredGit | null {
  const { root } = project;
  const ask = (args: readonly string[], input?: string): string | null => {
    const { status, stdout } = spawnSync('git', [...GIT_SAFE, ...args], {
      cwd: root,
      env: { ...withoutGit(process.env), ...GIT_ENV },
      maxBuffer: 256 * 1024 * 1024,
      encoding: 'utf8',
      ...(input === undefined ? {} : { input }),
    });
    return status === 0 ? stdout : null;
  };
  const where = ask(['rev-parse', '--git-path', 'index', '--show-prefix']);
  if (where === null) return null;
  const [path = '', prefix = ''] = where.split('\n');
  const indexFile = isAbsolute(path) ? path : resolve(root, path);
  const ignored = new Map<string, boolean>();
  let entries: ReadonlyMap<string, IndexEntry | null> | undefined;
  return {
    index: indexFile,
    prefix,
    stateOf: (one) => code.gitOf?.(one) ?? 'untracked',
    ignores: (one) => {
      const known = ignored.get(one);
      if (known !== undefined) return known;
      const found = ask(['check-ignore', '-z', '--stdin', '--no-index'], `${one}\0`) !== null;
      ignored.set(one, found);
      return found;
    },
    entryOf: (one) => {
      // All that git tracks at once: whoever asks for one asks for many.
      entries ??= entriesOf(ask, indexFile, prefix, index);
      return entries.get(one) ?? null;
    },
  };
}

function entriesOf(
  ask: (args: readonly string[]) => string | null,
  indexFile: string,
  prefix: string,
  index: Pick<GitIndex, 'entriesOf'>,
): ReadonlyMap<string, IndexEntry | null> {
  const paths = (ask(['ls-files', '-z', '--cached']) ?? '').split('\0').filter((path) => path !== '');
  const unique = [...new Set(paths)];
  const found = index.entriesOf(
    indexFile,
    unique.map((path) => `${prefix}${path}`),
  );
  return new Map(unique.map((path, i) => [path, found[i] ?? null]));
}

/** A caller's own `GIT_DIR` or `GIT_INDEX_FILE` means another repository than that of the project. */
function withoutGit(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_')));
}

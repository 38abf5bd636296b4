/** What git says of paths, for planning: asked synchronously, since compiling is, and each question once. Never changes an index. */
import { spawnSync } from 'node:child_process';
import { isAbsolute, resolve } from 'node:path';
import type { Audit } from '../audit/model.ts';
import type { MeasuredGit } from '../plan/measured.ts';
import { GIT_ENV, GIT_SAFE } from '../project/git.ts';
import type { GitIndex } from '../steps/primitive.ts';
import type { IndexEntry } from '../steps/step.ts';

/** `null`: git cannot be asked here. */
export function measureGit({ project, code }: Audit, index: GitIndex): MeasuredGit | null {
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
  let entries: ReadonlyMap<string, IndexEntry> | undefined;
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
      entries ??= entriesOf(ask, indexFile, prefix, index);
      return entries.get(one) ?? null;
    },
  };
}

/** All that git tracks at once: whoever asks for one asks for many. A conflict is no entry: nothing is planned for it. */
function entriesOf(
  ask: (args: readonly string[]) => string | null,
  indexFile: string,
  prefix: string,
  index: GitIndex,
): ReadonlyMap<string, IndexEntry> {
  const names = new Set((ask(['ls-files', '-z', '--cached']) ?? '').split('\0').filter((path) => path !== ''));
  const paths = [...names];
  const entries = index.entriesOf(
    indexFile,
    paths.map((path) => `${prefix}${path}`),
  );
  return new Map(
    paths.flatMap((path, i) => {
      const entry = entries[i] ?? null;
      return entry === null || entry.flags.includes('U') ? [] : [[path, entry] as const];
    }),
  );
}

/** A caller's own `GIT_DIR` or `GIT_INDEX_FILE` means another repository than that of the project. */
function withoutGit(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_')));
}

/**
 * Untrack: takes entries out of the index of git; the files stay as they are (trap S10). Refuses what no ignore rule names, since the
 * next `git add` would bring it back.
 */
import { digest } from '../digest.ts';
import type { Untrack } from '../model.ts';
import { type Compiling, type Drafted, NOTHING } from './draft.ts';
import { matching, membersOf } from './members.ts';

export function compileUntrack(action: Untrack, on: Compiling): Drafted {
  const { git } = on;
  if (git === null) return { blocked: 'the project is in no repository' };
  const members = membersOf(action, on);
  const tracked = members.files.filter((path) => git.entryOf(path) !== null);
  const conflict = members.files.find(
    (path) => git.entryOf(path) === null && /tracked$/.test(git.stateOf(path)) && git.stateOf(path) !== 'untracked',
  );
  if (conflict !== undefined) return { blocked: `${conflict} is in conflict: git has no one entry for it` };
  if (tracked.length === 0) return { done: 'git does not track it' };
  const rules = newRules(on);
  const open = tracked.find((path) => !git.ignores(path) && !rules.some((rule) => matching(rule, [path]).length > 0));
  if (open !== undefined) {
    return { blocked: `no ignore rule names ${open}: the next \`git add\` would bring it back` };
  }
  return {
    draft: {
      ...NOTHING,
      entries: tracked.map((path) => ({ path, after: null })),
      relies: tracked.map((path) => ({ on: 'git', path, digest: gitDigest(path, on) })),
    },
  };
}

/** Rules that earlier actions add to the project's own file. */
function newRules(on: Compiling): readonly string[] {
  return [...on.earlier.values()].flatMap(({ appends }) =>
    appends.filter(({ path }) => path === '.gitignore').map(({ line }) => line),
  );
}

function gitDigest(path: string, { git }: Compiling): string {
  return digest('git\n', { entry: git?.entryOf(path) ?? null });
}

/** The project as a phase leaves it: what the next phase is compiled on. Reads through to what was measured where nothing changed. */
import type { Measured } from '../measured.ts';
import type { Merged } from './merge.ts';

export function afterChanges(on: Measured, { after, steps }: Merged): Measured {
  if (steps.length === 0) return on;
  const paths = new Set(on.paths);
  const inside = new Map<string, Map<string, boolean>>();
  for (const [path, { state }] of after) {
    if (state.kind === 'file' || state.kind === 'link') paths.add(path);
    else paths.delete(path);
    const at = path.lastIndexOf('/');
    const folder = at < 0 ? '' : path.slice(0, at);
    const names = inside.get(folder) ?? new Map<string, boolean>();
    names.set(path.slice(at + 1), state.kind !== 'absent');
    inside.set(folder, names);
  }
  const entries = new Map(
    steps.flatMap((step) =>
      step.op === 'git-index' ? step.entries.map((entry) => [String(entry.path), entry.after] as const) : [],
    ),
  );
  const { git } = on;
  return {
    ...on,
    paths: [...paths].sort(),
    stateOf: (path) => after.get(path)?.state ?? on.stateOf(path),
    read: (path) => {
      const found = after.get(path);
      if (found?.content !== undefined) return Buffer.from(found.content);
      return on.read(found?.movedFrom ?? path);
    },
    namesIn: (folder) => {
      const changed = inside.get(folder);
      if (changed === undefined) return on.namesIn(folder);
      const names = new Set(on.namesIn(folder));
      for (const [name, isThere] of changed)
        if (isThere) names.add(name);
        else names.delete(name);
      return [...names].sort();
    },
    git:
      git === null
        ? null
        : {
            ...git,
            entryOf: (path) => {
              const known = entries.get(`${git.prefix}${path}`);
              return known === undefined ? git.entryOf(path) : known;
            },
            stateOf: (path) => {
              const known = entries.get(`${git.prefix}${path}`);
              if (known === undefined) return git.stateOf(path);
              const isIgnored = git.ignores(path);
              if (known === null) return isIgnored ? 'ignored' : 'untracked';
              return isIgnored ? 'ignored-tracked' : 'tracked';
            },
          },
  };
}

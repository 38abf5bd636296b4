/** Folders that a phase leaves empty go too, unless something names them: a program that makes its store there needs the folder. */
import type { PathState } from '../../disk/path-state.ts';
import type { Measured } from '../measured.ts';
import { within } from '../project-paths.ts';
import { ABSENT_STATE } from './absent.ts';
import type { DraftChange, DraftOf } from './draft.ts';

type Wanted = DraftChange & { readonly action: string };

/** `layer`: the last one; folders are added to it. `stateOf`: as the layers before leave it. */
export function emptyFolders(
  drafts: readonly DraftOf[],
  layer: Map<string, Wanted>,
  stateOf: (path: string) => PathState,
  on: Measured,
): void {
  const candidates = new Map<string, string>();
  for (const { action, draft } of drafts) {
    for (const folder of draft.emptied) if (!candidates.has(folder)) candidates.set(folder, action.id);
  }
  if (candidates.size === 0) return;
  // A name that is not UTF-8 is read with U+FFFD in it: nothing is at that path, and yet the file is there.
  const isGone = (path: string): boolean =>
    !path.includes('\ufffd') && (layer.get(path)?.want ?? stateOf(path)).kind === 'absent';
  // Also what a layer before brought there.
  const changed = [...layer.keys(), ...drafts.flatMap(({ draft }) => draft.changes.map(({ path }) => path))];
  const filled = new Set(changed.filter((path) => !isGone(path)));
  const named = namedPaths(on);
  // Innermost first: a folder may be empty when those in it have gone.
  for (const [folder, action] of [...candidates].sort(([x], [y]) => y.length - x.length || (x < y ? -1 : 1))) {
    if (layer.has(folder) || stateOf(folder).kind !== 'folder') continue;
    const isNamed = named.some((path) => path === folder || path.startsWith(`${folder}/`));
    const holdsNew = [...filled].some((path) => path.startsWith(`${folder}/`));
    if (isNamed || holdsNew || !on.namesIn(folder).every((name) => isGone(`${folder}/${name}`))) continue;
    layer.set(folder, { path: folder, want: ABSENT_STATE, action });
  }
}

/** Paths that code opens, mounts or is told of, as far as they are known. */
function namedPaths({ audit }: Measured): readonly string[] {
  const found = new Set<string>();
  for (const { store, target } of audit.code.bindings) {
    if (store !== null) found.add(store);
    if (target.kind === 'missing' || target.kind === 'runtime') found.add(target.path);
    if (target.kind === 'family') found.add(target.pattern);
  }
  for (const [path, { places, variables }] of audit.code.files) {
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    for (const { mounts = [], copies = [] } of places) {
      for (const { source } of mounts) found.add(within(folder, source));
      for (const { from } of copies) for (const one of from) found.add(within('', one));
    }
    for (const { value } of variables) if (value?.includes('/') === true) found.add(within('', value));
  }
  found.delete('');
  return [...found];
}

/** Whether the project is as it was before the runs: every path is looked at and hashed again, and every entry of an index. */
import type { VerifyFinding } from '../apply/model.ts';
import { ABSENT, type PathState, same } from '../disk/path-state.ts';
import { type RecordedPath, shownPath } from '../disk/paths.ts';
import { sameEntry } from '../steps/git-index-file.ts';
import { lookAt, lookTogether, placeOf, shownState } from '../steps/place.ts';
import type { Ground } from '../steps/primitive.ts';
import { carriedStates } from './later/carried-states.ts';
import type { Carried } from './later/model.ts';
import type { RunsRead } from './read-runs.ts';
import { isOneTime } from './restore-times.ts';

/** `left`: paths, as they are shown, of what stays on purpose. */
export function asBefore(
  on: Ground,
  { chains, indexes, folders }: Pick<RunsRead, 'chains' | 'indexes' | 'folders'>,
  left: ReadonlySet<string>,
  carried: readonly Carried[] = [],
): VerifyFinding {
  const together = lookTogether(on);
  const places: { path: string; what: string }[] = [];
  let looked = 0;
  const wanted = carriedStates(carried);
  const all = new Map([...chains].map(([key, { path, states }]) => [key, { path, first: states[0] }]));
  for (const [key, { path, state }] of wanted)
    if (all.has(key) || state.kind === 'file') all.set(key, { path, first: state });
  for (const { path, first } of all.values()) {
    const look = lookAt(together, path);
    // Below a file that is back in the place of a folder there is nothing.
    const state: PathState = look.stray === undefined ? look.state : behind(on, path);
    if (left.has(shownPath(path))) continue;
    looked++;
    const isFolder = first.kind === 'folder' && state.kind === 'folder';
    if (!same(first, state) && !isFolder) {
      places.push({ path: shownPath(path), what: `there was ${shownState(first)}, now there is ${shownState(state)}` });
    } else if (!isFolder && !isOneTime(first, state)) {
      places.push({ path: shownPath(path), what: 'its time is another' });
    }
  }
  for (const { path, mtime } of folders.values()) {
    const stat = on.disk.lstat(path === '.' ? on.root : placeOf(on, path));
    if (stat?.kind === 'folder' && !isOneTime({ mtime: String(stat.mtimeNs) }, { mtime }))
      places.push({ path: shownPath(path), what: 'the time of the folder is another' });
  }
  let entries = 0;
  for (const { index, entries: chain } of indexes.values()) {
    const entriesHere = [...chain.values()].filter(({ path }) => !left.has(shownPath(path)));
    const now = on.git.entriesOf(
      index,
      entriesHere.map(({ path }) => path),
    );
    entries += entriesHere.length;
    for (const [i, { path, states }] of entriesHere.entries()) {
      if (!sameEntry(now[i] ?? null, states[0]))
        places.push({ path: shownPath(path), what: "its entry in git's index is another" });
    }
  }
  const rows = carried.length === 0 ? '' : `; ${count(carried.length, 'store')} with the rows that were carried back`;
  const ok = places.length === 0;
  const also = entries === 0 ? '' : ` and ${count(entries, 'entry', 'entries')} of git's index`;
  return {
    what: 'tree',
    ok,
    detail: ok
      ? `${count(looked, 'path')}${also} as before: bytes, permissions and times${rows}`
      : `${count(places.length, 'path')} not as before`,
    places,
  };
}

function behind(on: Ground, path: RecordedPath): PathState {
  return on.disk.lstat(placeOf(on, path)) === null ? ABSENT : { kind: 'special' };
}

function count(number: number, one: string, many = `${one}s`): string {
  // The first number that is written as some language has it costs a hundredth of a second.
  const digits = String(number).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${digits} ${number === 1 ? one : many}`;
}

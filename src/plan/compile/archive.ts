/**
 * Archive: the files go into a backup that is kept forever, or into a folder with a manifest. Refuses what something needs, what is no
 * file, and a folder that git would ignore (trap C14): a tracked file must not fall out of git.
 */

import type { Archive } from '../model.ts';
import { ABSENT_STATE } from './absent.ts';
import { type Compiling, type Draft, type DraftChange, type Drafted, NOTHING } from './draft.ts';
import { keptElsewhere } from './kept-elsewhere.ts';
import { mergedAway } from './merged-away.ts';
import { fileOf } from './new-file.ts';
import { type TakenAway, takenAway } from './taken-away.ts';

export function compileArchive(action: Archive, on: Compiling): Drafted {
  const found = takenAway(action, on);
  if (!('files' in found)) return found;
  const merged = mergedAway(action, on);
  if (merged !== null && 'blocked' in merged) return merged;
  const kept = keptElsewhere(
    found.files.map(({ path }) => path),
    on,
  );
  const taken = { ...found, relies: merged?.relies ?? [...found.relies, ...kept] };
  if (action.to !== null) return intoFolder(action, action.to.replace(/\/$/, ''), taken, on);
  return {
    draft: {
      ...NOTHING,
      changes: taken.files.map(({ path, store }) => ({ path, want: ABSENT_STATE, ...storeOf(store) })),
      ...(merged === null ? {} : { loose: merged.loose }),
      archived: taken.files.map(({ path }) => path),
      emptied: taken.folders,
      relies: taken.relies,
    },
  };
}

const storeOf = (store: string | undefined): { store?: string } => (store === undefined ? {} : { store });

/** Each file keeps its path below the folder, so that it can be told where it came from, and no two of them meet. */
function intoFolder(action: Archive, folder: string, taken: TakenAway, on: Compiling): Drafted {
  const { git } = on;
  const changes: DraftChange[] = [];
  const entries: Draft['entries'][number][] = [];
  for (const { path, state, store } of taken.files) {
    const to = `${folder}/${path}`;
    if (on.stateOf(to).kind !== 'absent') return { blocked: `${to} is there already` };
    const entry = git?.entryOf(path) ?? null;
    if (entry !== null && git?.ignores(to) === true) {
      return { blocked: `git ignores ${to}, so that ${path}, which it tracks, would fall out of it` };
    }
    changes.push({ path, want: ABSENT_STATE, ...storeOf(store) });
    changes.push({
      path: to,
      want: state,
      movedFrom: path,
      ...storeOf(store === undefined ? undefined : `${folder}/${store}`),
    });
    if (entry !== null) entries.push({ path, after: null }, { path: to, after: entry });
  }
  const manifest = [`${folder}/manifest.json`, `${folder}/manifest-${action.id}.json`].find(
    (path) => on.stateOf(path).kind === 'absent',
  );
  if (manifest === undefined) return { blocked: `${folder} has a manifest of ${action.id} already` };
  changes.push({ path: manifest, ...fileOf(manifestText(action, taken)) });
  const made = changes.filter(({ want }) => want.kind !== 'absent').map(({ path }) => path);
  const relies = [...taken.relies, ...made.map((path) => ({ on: 'absent', path }) as const)];
  return { draft: { ...NOTHING, changes, entries, emptied: taken.folders, relies } };
}

/** What lies here, where it was and why: without a time, so that it is the same whenever it is made. */
function manifestText(action: Archive, { files }: TakenAway): string {
  const listed = files.map(({ path, state }) =>
    state.kind === 'file'
      ? { path, sha256: state.sha256, bytes: state.bytes, mode: state.mode, mtime: state.mtime }
      : { path, link: state.target },
  );
  const document = { version: 1, archived: action.id, reason: action.reason, files: listed };
  return `${JSON.stringify(document, null, 2)}\n`;
}

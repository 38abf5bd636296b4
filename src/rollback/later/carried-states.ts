/** What paths are to be in place of what they were: a store with later rows is one file, without the log that it had. */
import { ABSENT, type Absent, type FileState } from '../../disk/path-state.ts';
import { keyOf, type RecordedPath } from '../../disk/paths.ts';
import { recordedFile, STORE_FILES } from '../../vault/take-store.ts';
import type { Carried } from './model.ts';

export interface CarriedState {
  readonly path: RecordedPath;
  readonly state: FileState | Absent;
  readonly action: string;
  readonly store: RecordedPath;
}

/** By key of the path: main files, and their sidecars, which go. */
export function carriedStates(carried: readonly Carried[]): ReadonlyMap<string, CarriedState> {
  return new Map(
    carried.flatMap(({ path, state, action }) =>
      STORE_FILES.map((suffix) => {
        const file = recordedFile(path, suffix);
        return [keyOf(file), { path: file, state: suffix === '' ? state : ABSENT, action, store: path }] as const;
      }),
    ),
  );
}

/** What an action comes to that writes values into a store by key: the store is put anew, made under the locks, whatever rows it has then. */
import type { MergeSpec } from '../../merge/model.ts';
import type { Store } from '../../stores/model.ts';
import type { Left } from '../model.ts';
import { ABSENT_STATE } from './absent.ts';
import { type Compiling, type Draft, type DraftMerge, NOTHING } from './draft.ts';
import { withSidecars } from './members.ts';
import { pendingState } from './pending.ts';
import { schemaOf } from './store-schema.ts';

export interface ValuesDraft {
  /** The action. */
  readonly id: string;
  readonly store: Store;
  readonly spec: MergeSpec;
  /** What stays as it is, and why. */
  readonly left: readonly Left[];
  readonly made: Pick<DraftMerge, 'settles' | 'follows'>;
}

export function valuesDraft({ id, store, spec, left, made }: ValuesDraft, on: Compiling): Draft {
  const { path, bytes } = store;
  const beside = withSidecars(path, on).filter((one) => one.path !== path);
  return {
    ...NOTHING,
    changes: [
      { path, want: pendingState(id, on.stateOf(path), bytes), store: path },
      ...beside.map((one) => ({ path: one.path, want: ABSENT_STATE, store: path })),
    ],
    relies: [schemaOf(store)],
    loose: [path],
    left,
    merge: { target: path, sources: [], spec, ancestors: [null], apart: [], ...made },
  };
}

/** `null`: it can be put anew. */
export function notWritable(path: string, on: Compiling): string | null {
  const now = on.stateOf(path);
  if (now.kind !== 'file') return `${path} is ${now.kind === 'absent' ? 'not there any more' : 'no file'}`;
  const store = on.audit.stores.find((one) => one.path === path);
  return store?.status === 'verified' && store.kind === 'sqlite' ? null : `${path} is no verified SQLite store`;
}

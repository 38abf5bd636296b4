/**
 * Remove: what is empty, what another file that stays holds byte for byte or row by row, modules that nothing loads. Refuses everything
 * else: what is not proven is archived or stays (promise 4).
 */
import type { Reliance } from '../lock-model.ts';
import type { RemoveAction } from '../model.ts';
import { ABSENT_STATE } from './absent.ts';
import { type Compiling, type Drafted, NOTHING } from './draft.ts';
import { provenElsewhere } from './proven-elsewhere.ts';
import { takenAway } from './taken-away.ts';

const MODULES: ReadonlySet<string> = new Set(['python', 'typescript', 'php']);

export function compileRemove(action: RemoveAction, on: Compiling): Drafted {
  const taken = takenAway(action, on);
  if (!('files' in taken)) return taken;
  const relies: Reliance[] = [...taken.relies];
  for (const { path, state, store } of taken.files) {
    if (store !== undefined && store !== path) continue;
    if (state.kind === 'link' || isEmpty(path, on)) continue;
    if (action.because === null) {
      if (MODULES.has(on.audit.code.files.get(path)?.language ?? '')) continue;
      return {
        blocked: `nothing shows that what is in ${path} is anywhere else: name it in \`because:\`, or archive it`,
      };
    }
    const proof = provenElsewhere(path, action.because, on);
    if ('why' in proof) return { blocked: `${path} is not proven to be in ${action.because}: ${proof.why}` };
    relies.push(proof.relies);
  }
  return {
    draft: {
      ...NOTHING,
      changes: taken.files.map(({ path, store }) => ({
        path,
        want: ABSENT_STATE,
        ...(store === undefined ? {} : { store }),
      })),
      emptied: [...taken.folders, ...foldersOf(taken.files.map(({ path }) => path))],
      relies,
    },
  };
}

/** Nothing in it, and nothing beside it that belongs to it. */
function isEmpty(path: string, on: Compiling): boolean {
  const beside = ['-wal', '-journal'].some((end) => {
    const state = on.stateOf(`${path}${end}`);
    return state.kind === 'file' && state.bytes > 0;
  });
  if (beside) return false;
  const state = on.stateOf(path);
  if (state.kind === 'file' && state.bytes === 0) return true;
  const store = on.audit.stores.find((one) => one.path === path);
  return store?.kind === 'sqlite' && store.status === 'verified' && store.tables.length === 0;
}

/** Folders above, innermost first: what is left empty goes. */
function foldersOf(paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) found.add(path.slice(0, at));
  }
  return [...found].sort((x, y) => y.length - x.length || (x < y ? -1 : 1));
}

/**
 * What stays in the project for a backup that goes to the vault: another file of the same bytes, else the store in use that has every row
 * of it. The reason of the action says so; it holds no more when that one went or changed after the plan was measured.
 */
import { byteHeads, standings } from '../../audit/standing.ts';
import type { Reliance } from '../lock-model.ts';
import type { Compiling } from './draft.ts';
import { membersOf } from './members.ts';
import { rowsElsewhere } from './proven-elsewhere.ts';

/** Nothing for what no other file repeats: it goes for another reason. */
export function keptElsewhere(files: readonly string[], on: Compiling): readonly Reliance[] {
  const backups = on.audit.stores.filter(({ path, role }) => role === 'backup' && files.includes(path));
  if (backups.length === 0) return [];
  const going = goingOf(files, on);
  const heads = byteHeads(on.audit);
  const known = standings(on.audit);
  const found = new Map<string, Reliance>();
  const add = (one: Reliance): void => {
    found.set(JSON.stringify(one), one);
  };
  for (const store of backups) {
    const head = heads.get(store.id);
    const twin = on.audit.stores
      .filter(
        ({ id, path, role }) => head !== undefined && heads.get(id) === head && role === 'backup' && !going.has(path),
      )
      .map(({ path }) => path)
      .sort()[0];
    const state = twin === undefined ? undefined : on.stateOf(twin);
    if (twin !== undefined && state?.kind === 'file') {
      add({ on: 'bytes', path: twin, sha256: state.sha256 });
      continue;
    }
    // A store in use gets rows at any time: its bytes say nothing, the rows do.
    const standing = known.find((one) => one.store.id === store.id);
    if (standing === undefined || going.has(standing.against.path)) continue;
    const proof = rowsElsewhere(store, standing.against, on.audit);
    if ('relies' in proof) add(proof.relies);
  }
  return [...found.values()];
}

/** What any action of the plan takes away that is not left out: none of it is what stays. */
function goingOf(files: readonly string[], on: Compiling): ReadonlySet<string> {
  const others = on.plan.actions.filter(({ kind, skip }) => (kind === 'archive' || kind === 'remove') && !skip);
  return new Set([...files, ...others.flatMap((action) => membersOf(action, on).files)]);
}

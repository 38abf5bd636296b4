/**
 * Export: the file of a declared export is made anew. What is put at its path is made under the locks, from the store as it is then.
 * Refuses to replace what the old file has alone unless somebody said so (trap X4), and a store that goes.
 */
import { isPoorer, lostKinds } from '../../exports/lost-words.ts';
import { MANIFEST, parseManifest } from '../../exports/manifest.ts';
import type { ExportSpec, Lost } from '../../exports/model.ts';
import { digest, type Json } from '../digest.ts';
import { exportMeant, replaceDecision } from '../export-meant.ts';
import type { ExportTried } from '../export-port.ts';
import type { Reliance } from '../lock-model.ts';
import type { ExportAction, Left } from '../model.ts';
import { type Compiling, type DraftChange, type Drafted, NOTHING } from './draft.ts';
import { pendingManifest, pendingState } from './pending.ts';
import { schemaOf } from './store-schema.ts';

/** Of the list of exports, which is small whatever they hold. */
const MANIFEST_BYTES = 4096;
const MANIFEST_MODE = 0o644;
/** Rows are for who may read the store. */
const READ_AND_WRITE = 0o666;

export async function compileExport(action: ExportAction, on: Compiling): Promise<Drafted> {
  const meant = await exportMeant(action, on.plan, on, on.earlier);
  if (typeof meant === 'string') return { blocked: meant };
  const { declared, tried } = meant;
  const { name, spec, path } = declared;
  if (tried?.is === 'equal') return { done: `${path} says what its table says` };
  if (tried?.is === 'cannot') return { blocked: tried.why };
  const lost = lostBy(tried);
  if (lost.kinds.length > 0 && !action.needs.some(({ decision }) => decision === replaceDecision(action)))
    return { blocked: `what ${path} has alone would be lost, and nobody decided about it: measure the plan again` };
  const goes = goesIn(spec.store, on);
  if (goes !== null) return { blocked: `its store, ${spec.store}, goes by ${goes}` };
  const [now, store] = [on.stateOf(path), on.stateOf(spec.store)];
  const mode = store.kind === 'file' ? store.mode & READ_AND_WRITE : MANIFEST_MODE;
  const bytes = now.kind === 'file' ? now.bytes : 0;
  const wanted = pendingState(action.id, now, bytes);
  const list = manifestOf(action, spec, on);
  const changes: DraftChange[] = [
    { path, want: now.kind === 'file' ? wanted : { ...wanted, mode } },
    ...(list.change === null ? [] : [list.change]),
  ];
  const known = on.audit.stores.find((one) => one.path === spec.store);
  const relies: Reliance[] = [
    now.kind === 'file' ? { on: 'bytes', path, sha256: now.sha256 } : { on: 'absent', path },
    ...(known === undefined ? [] : [schemaOf(known)]),
    { on: 'export', path, digest: digest('desprawl export\n', { name, spec, lost: lost.kinds } as unknown as Json) },
  ];
  return {
    draft: {
      ...NOTHING,
      changes,
      relies,
      left: list.left,
      // Somebody may want it back years later: no table has it.
      archived: lost.isPoorer ? [path] : [],
      export: { name, path, spec, lost: lost.kinds, manifest: list.change?.path ?? null },
    },
  };
}

/** What of the old file is lost, as the lock has it. */
export function lostBy(tried: ExportTried | null): { readonly kinds: readonly string[]; readonly isPoorer: boolean } {
  if (tried?.is === 'unreadable') return { kinds: [UNREAD], isPoorer: true };
  if (tried?.is !== 'differs') return { kinds: [], isPoorer: false };
  const { lost }: { lost: Lost } = tried;
  return { kinds: lostKinds(lost), isPoorer: isPoorer(lost) };
}

/** Nobody can tell what it has. */
export const UNREAD = 'unread';

/** The action of this phase that takes the store away; `null`: none does. */
function goesIn(store: string, { earlier }: Compiling): string | null {
  for (const [id, { changes }] of earlier)
    if (changes.some(({ path, want, movedFrom }) => (path === store && want.kind === 'absent') || movedFrom === store))
      return id;
  return null;
}

/** One for all exports of a folder: the first of them brings it. That of another program stays. */
function manifestOf(
  action: ExportAction,
  { to }: ExportSpec,
  on: Compiling,
): { readonly change: DraftChange | null; readonly left: readonly Left[] } {
  const path = to === '.' || to === null ? MANIFEST : `${to}/${MANIFEST}`;
  if ([...on.earlier.values()].some((one) => one.export?.manifest === path)) return { change: null, left: [] };
  const now = on.stateOf(path);
  const isOther =
    now.kind !== 'absent' && (now.kind !== 'file' || parseManifest(on.read(path).toString('utf8')) === null);
  if (isOther)
    return { change: null, left: [{ path, why: 'another program made it: the export is not listed in it' }] };
  const mode = now.kind === 'file' ? now.mode : MANIFEST_MODE;
  const bytes = MANIFEST_BYTES + (now.kind === 'file' ? now.bytes : 0);
  return { change: { path, want: { kind: 'file', sha256: pendingManifest(action.id), bytes, mode } }, left: [] };
}

/**
 * Makes what the exports of a phase put at their paths, from the stores as its merges leave them, while everybody else is kept out of these. Each
 * file is read back and compared with its table before it counts; what it would lose and nobody saw stops the run before it begins.
 */
import { openCache } from '../audit/cache.ts';
import { openSession, type Session } from '../audit/session.ts';
import { joinPath, type RecordedPath, shownPath } from '../disk/paths.ts';
import { readIfThere } from '../disk/read-file.ts';
import { DesprawlError } from '../errors.ts';
import { refusedError } from '../exports/export.ts';
import { lostKinds } from '../exports/lost-words.ts';
import { entryOf, MANIFEST, type ManifestEntry, manifestText, parseManifest } from '../exports/manifest.ts';
import type { Refused } from '../exports/model.ts';
import { UNREAD } from '../plan/compile/export.ts';
import type { CompiledExport, CompiledPhase } from '../plan/compile/model.ts';
import { type MadeFile, withMade } from '../plan/compile/pending.ts';
import { UnreadableStore } from '../stores/reader.ts';
import { openObjects, type StoredObjects } from '../vault/objects.ts';
import type { ProjectGround } from './ground.ts';
import type { SnapshotOf } from './make-merges.ts';

export interface MakeExports {
  readonly phase: CompiledPhase;
  /** What the stores hold when the phase is done, and the files that are there. */
  readonly snapshotOf: SnapshotOf;
}

/** With the contents that were made. Throws `DSP-PLAN-STALE`, `DSP-EXPORT-…`, `DSP-STORE-UNREADABLE`. */
export async function makeExports(ground: ProjectGround, { phase, snapshotOf }: MakeExports): Promise<CompiledPhase> {
  if (phase.exports.length === 0) return phase;
  const { root, scratchDir, config, signal, disk } = ground;
  const session = openSession({
    root,
    scratchDir,
    timeoutSeconds: config.audit.timeout,
    cache: openCache(null, root, ''),
    signal,
  });
  try {
    const objects = openObjects(disk, ground.state.vault);
    const made = new Map<string, MadeFile>();
    const entries = new Map<string, Record<string, ManifestEntry>>();
    for (const [done, one] of phase.exports.entries()) {
      ground.onProgress?.({ phase: 'export', done, total: phase.exports.length, item: one.path });
      const { file, entry } = await makeOne(session, objects, one, snapshotOf);
      made.set(one.pending, file);
      const list = listOf(one);
      entries.set(list, { ...entries.get(list), [one.name]: entry });
    }
    const lists = phase.exports.filter(({ manifest }) => manifest !== null);
    for (const one of lists) {
      const text = manifestText({ ...listed(ground, listOf(one)), ...entries.get(listOf(one)) });
      made.set(one.pendingManifest, objects.put({ bytes: Buffer.from(text) }));
    }
    const needed = [
      ...phase.exports.map(({ pending }) => pending),
      ...lists.map(({ pendingManifest }) => pendingManifest),
    ];
    return withMade(phase, needed, made);
  } finally {
    session.close();
  }
}

function listOf({ path }: CompiledExport): string {
  return `${path.slice(0, path.lastIndexOf('/') + 1)}${MANIFEST}`;
}

/** Of exports whose file is still there. */
function listed({ disk, root }: ProjectGround, list: string): Readonly<Record<string, ManifestEntry>> {
  const text = readIfThere(disk, joinPath(root, list))?.toString('utf8');
  const known = text === undefined ? null : parseManifest(text);
  const folder = list.slice(0, -MANIFEST.length);
  return Object.fromEntries(
    Object.entries(known?.exports ?? {}).filter(
      ([, { file }]) => disk.lstat(joinPath(root, `${folder}${file}`)) !== null,
    ),
  );
}

async function makeOne(
  session: Session,
  objects: StoredObjects,
  one: CompiledExport,
  snapshotOf: SnapshotOf,
): Promise<{ readonly file: MadeFile; readonly entry: ManifestEntry }> {
  const { action, name, path, spec } = one;
  const held = (of: string): string | null => {
    const found = snapshotOf(of);
    return found === null ? null : shownPath(objects.pathOf(found.sha256) as RecordedPath);
  };
  const store = held(spec.store);
  if (store === null) throw unreadable(action, `${spec.store} is not in the backup of the run`);
  const seconds = session.seconds(snapshotOf(spec.store)?.bytes ?? 0);
  const fine = <T extends object>(answer: T | Refused): T => {
    if ('refused' in answer) throw refusedError(name, answer);
    return answer;
  };
  const to = session.scratch.file('.export');
  try {
    const { rows, columns } = fine(await session.pool.ask('writeExport', { file: store, spec, to }, seconds));
    const { first, broken } = fine(
      await session.pool.ask('compareExport', { file: store, spec, exported: to }, seconds),
    );
    if (first !== null || broken !== null)
      throw new DesprawlError(
        'DSP-EXPORT-VALUE',
        `${action}: ${path} would not read back as its table${broken === null ? '' : ` (${broken})`}. Nothing was begun.`,
      );
    const old = held(path);
    if (old !== null) await assertReviewed(session, one, { store, old, seconds });
    const file = objects.put({ file: to });
    return { file, entry: entryOf(spec, { ...file, rows, columns }) };
  } catch (error) {
    if (error instanceof UnreadableStore) throw unreadable(action, error.message, error);
    throw error;
  }
}

/** Rows may come and go after the review; what would be lost of a kind that nobody saw may not. */
async function assertReviewed(
  { pool, scratch }: Session,
  { action, path, spec, lost }: CompiledExport,
  { store, old, seconds }: { readonly store: string; readonly old: string; readonly seconds: number },
): Promise<void> {
  let kinds: readonly string[];
  try {
    const found = await pool.ask('lostRows', { file: store, spec, old, to: scratch.file('.lost.db') }, seconds);
    kinds = 'refused' in found ? [UNREAD] : lostKinds(found);
  } catch (error) {
    if (!(error instanceof UnreadableStore)) throw error;
    kinds = [UNREAD];
  }
  const fresh = kinds.filter((kind) => !lost.includes(kind));
  if (fresh.length === 0) return;
  throw new DesprawlError(
    'DSP-PLAN-STALE',
    `${action}: ${path} would lose what the review did not see: ${fresh.slice(0, 3).join(', ')}. Nothing was applied.`,
    { hint: 'Run `desprawl plan --from PLAN`: it asks about it.' },
  );
}

function unreadable(action: string, why: string, cause?: unknown): DesprawlError {
  return new DesprawlError('DSP-STORE-UNREADABLE', `${action}: ${why}. Nothing was begun.`, { cause });
}

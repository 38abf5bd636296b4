/**
 * Declared exports of a project against their tables: before a run, so that it answers for what was right, and after it. What a table was when the run
 * was done is in the vault, so that whoever wrote to it since is not taken for the run.
 */
import { isDeepStrictEqual } from 'node:util';
import { openCache } from '../audit/cache.ts';
import { openSession } from '../audit/session.ts';
import { joinPath, type RecordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { type DeclaredExport, keptExports } from '../exports/kept-at.ts';
import type { ExportSpec } from '../exports/model.ts';
import { verifyExport } from '../exports/verify-export.ts';
import type { CompiledPhase } from '../plan/compile/model.ts';
import { UnreadableStore } from '../stores/reader.ts';
import { openObjects } from '../vault/objects.ts';
import type { AboutExport, AboutRun, VerifiedExport } from '../verify/model.ts';
import type { ProjectGround } from './ground.ts';
import type { SnapshotOf } from './make-merges.ts';
import type { Prepared } from './prepare-apply.ts';

/** Before the first step. `snapshotOf`: what the stores are when the last one is done. */
export async function exportsBefore(
  ground: ProjectGround,
  { plan, compiled }: Pick<Prepared, 'plan' | 'compiled'>,
  { exports }: CompiledPhase,
  snapshotOf: SnapshotOf,
): Promise<readonly AboutExport[]> {
  const made = new Set(exports.map(({ path }) => path));
  const left = new Set(
    plan.actions.flatMap(({ kind, subject, id }) =>
      kind === 'export' && compiled.actions.get(id)?.is !== 'ready' && compiled.actions.get(id)?.is !== 'already so'
        ? [subject]
        : [],
    ),
  );
  const found: AboutExport[] = [];
  for (const declared of keptExports(ground.config.exports)) {
    const { name, path, spec } = declared;
    const isMade = made.has(path);
    if (!isMade && !isThere(ground, path)) continue;
    const was = isMade ? null : (await checked(ground, declared)).is;
    const store = snapshotOf(spec.store)?.sha256 ?? null;
    found.push({ name, path, spec, made: isMade, left: left.has(path), equal: was === 'equal', store });
  }
  return found;
}

export async function verifyExports(ground: ProjectGround, about: AboutRun | null): Promise<readonly VerifiedExport[]> {
  const kept = keptExports(ground.config.exports).filter(({ path }) => isThere(ground, path));
  const found: VerifiedExport[] = [];
  for (const [done, declared] of kept.entries()) {
    const { name, path, spec } = declared;
    ground.onProgress?.({ phase: 'verify', done, total: kept.length, item: path });
    const { is, why } = await checked(ground, declared);
    const known = about?.exports?.find((one) => one.path === path && isDeepStrictEqual(one.spec, spec));
    const excuse = is === 'differs' ? await excuseOf(ground, path, spec, known) : null;
    found.push({ name, path, is, why, excuse });
  }
  return found;
}

/** `null`: the run made it so. */
async function excuseOf(
  ground: ProjectGround,
  path: string,
  spec: ExportSpec,
  known: AboutExport | undefined,
): Promise<VerifiedExport['excuse']> {
  if (known === undefined) return 'cannot tell';
  if (known.left) return 'left';
  if (!known.made && !known.equal) return 'before';
  const then = await equalThen(ground, path, spec, known.store);
  return then === null ? 'cannot tell' : then ? 'since' : null;
}

/** Whether the file says what its table said when the run was done; `null`: nobody knows. */
async function equalThen(
  { disk, root, scratchDir, config, signal, state }: ProjectGround,
  path: string,
  spec: ExportSpec,
  store: string | null,
): Promise<boolean | null> {
  const objects = openObjects(disk, state.vault);
  if (store === null || !objects.has(store)) return null;
  const file = shownPath(objects.pathOf(store) as RecordedPath);
  const cache = openCache(null, root, '');
  const session = openSession({ root, scratchDir, timeoutSeconds: config.audit.timeout, cache, signal });
  try {
    const seconds = session.seconds(disk.lstat(file)?.size ?? 0);
    const exported = `${root}/${path}`;
    const compared = await session.pool.ask('compareExport', { file, spec, exported }, seconds);
    return !('refused' in compared) && compared.first === null && compared.broken === null;
  } catch (error) {
    if (!(error instanceof UnreadableStore)) throw error;
    return null;
  } finally {
    session.close();
  }
}

async function checked(
  { root, scratchDir, config, signal }: ProjectGround,
  { path, spec }: DeclaredExport,
): Promise<Pick<VerifiedExport, 'is' | 'why'>> {
  const ground = { root, scratchDir, timeoutSeconds: config.audit.timeout, signal };
  try {
    const { is, why } = await verifyExport(ground, `${root}/${path}`, spec);
    return { is: is === 'equal' ? 'equal' : 'differs', why };
  } catch (error) {
    if (!(error instanceof DesprawlError) || !/^DSP-(?:STORE|EXPORT)-/.test(error.code)) throw error;
    return { is: 'not verified', why: error.message };
  }
}

function isThere({ disk, root }: ProjectGround, path: string): boolean {
  return disk.lstat(joinPath(root, path))?.kind === 'file';
}

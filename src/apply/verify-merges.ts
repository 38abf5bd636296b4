/**
 * Whether the merges of a run are what their ledgers say, from what the vault holds: the snapshots that were merged and what was made of them. What
 * an application wrote to the target since plays no part.
 */
import { join } from 'node:path';
import { openCache } from '../audit/cache.ts';
import { openSession, type Session } from '../audit/session.ts';
import { shownPath } from '../disk/paths.ts';
import { askVerification } from '../merge/verify/ask-verification.ts';
import { UnreadableStore } from '../stores/reader.ts';
import { openObjects, type StoredObjects } from '../vault/objects.ts';
import type { AboutMerge, AboutRun, VerifiedMerge } from '../verify/model.ts';
import type { ProjectGround } from './ground.ts';

/** `folder`: of the run. */
export async function verifyMerges(
  ground: ProjectGround,
  folder: string,
  about: AboutRun | null,
): Promise<readonly VerifiedMerge[]> {
  const merges = about?.merges ?? [];
  if (merges.length === 0) return [];
  const { root, scratchDir, config, signal } = ground;
  const cache = openCache(null, root, '');
  const session = openSession({ root, scratchDir, timeoutSeconds: config.audit.timeout, cache, signal });
  const objects = openObjects(ground.disk, ground.state.vault);
  try {
    const verified: VerifiedMerge[] = [];
    for (const [done, merge] of merges.entries()) {
      ground.onProgress?.({ phase: 'verify', done, total: merges.length, item: merge.target });
      verified.push(await verifyOne(ground, session, objects, join(folder, merge.ledger), merge));
    }
    return verified;
  } finally {
    session.close();
  }
}

async function verifyOne(
  { disk }: ProjectGround,
  session: Session,
  objects: StoredObjects,
  ledger: string,
  about: AboutMerge,
): Promise<VerifiedMerge> {
  const { snapshots, spec, merged } = about;
  const missing = [...snapshots.sources, merged, ...(snapshots.target === null ? [] : [snapshots.target])].find(
    (sha256) => !objects.has(sha256),
  );
  if (missing !== undefined)
    return { about, verification: null, why: `${missing.slice(0, 12)}… is not in the vault any more` };
  if (disk.lstat(ledger)?.kind !== 'file') return { about, verification: null, why: 'its ledger is gone' };
  const fileOf = (sha256: string): string => shownPath(objects.pathOf(sha256) as string);
  try {
    const sources = snapshots.sources.map(fileOf);
    const target = snapshots.target === null ? null : fileOf(snapshots.target);
    const bytes = [target, ...sources, fileOf(merged)].reduce(
      (sum, file) => sum + (file === null ? 0 : (disk.lstat(file)?.size ?? 0)),
      0,
    );
    const files = { target, sources, ancestors: sources.map(() => null) };
    const request = { spec, files, merged: fileOf(merged), ledger };
    return { about, verification: await askVerification(session.pool, request, session.seconds(bytes)) };
  } catch (error) {
    if (!(error instanceof UnreadableStore)) throw error;
    return { about, verification: null, why: error.message };
  }
}

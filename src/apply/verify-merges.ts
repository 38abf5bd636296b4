/**
 * Whether the merges of a run are what their ledgers say, from what the vault holds: the snapshots that were merged and what was made of them. What
 * an application wrote to the target since plays no part.
 */
import { join } from 'node:path';
import { openCache } from '../audit/cache.ts';
import type { Facts } from '../audit/model.ts';
import { openSession, type Session } from '../audit/session.ts';
import { shownPath } from '../disk/paths.ts';
import type { DeclaredTable } from '../merge/declared/model.ts';
import { tablesOfCode } from '../merge/declared/tables-of-code.ts';
import { declaredTroubles } from '../merge/declared/troubles.ts';
import { askVerification } from '../merge/verify/ask-verification.ts';
import { UnreadableStore } from '../stores/reader.ts';
import { openObjects, type StoredObjects } from '../vault/objects.ts';
import type { AboutMerge, AboutRun, VerifiedMerge } from '../verify/model.ts';
import type { ProjectGround } from './ground.ts';

/** The code as it is now. */
export interface SeenCode {
  readonly audit: Pick<Facts, 'stores' | 'code'>;
  /** Old path → new path. */
  readonly moved: ReadonlyMap<string, string>;
}

/** `folder`: of the run. */
export async function verifyMerges(
  ground: ProjectGround,
  folder: string,
  about: AboutRun | null,
  seen: SeenCode,
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
      verified.push(await verifyOne(ground, session, objects, join(folder, merge.ledger), merge, seen));
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
  seen: SeenCode,
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
    const seconds = session.seconds(bytes);
    const verification = await askVerification(session.pool, request, seconds);
    const before = new Map([
      [about.target, target],
      ...spec.sources.map(({ path, kind }, i) => [path, kind !== 'sqlite' ? null : (sources[i] ?? null)] as const),
    ]);
    const declared = await declaredTroubles(
      {
        tables: declaredNow(about, seen),
        merged: request.merged,
        fileOf: (path) => before.get(path) ?? null,
        facts: seen.audit,
      },
      (one) => session.pool.ask('smokeOpen', one, seconds),
    );
    return { about, verification, declared };
  } catch (error) {
    if (!(error instanceof UnreadableStore)) throw error;
    return { about, verification: null, why: error.message };
  }
}

/** Code that works on the target now, or that worked on a store of the merge before: what it took before is what that store held. */
function declaredNow({ spec, target, declared }: AboutMerge, { audit, moved }: SeenCode): readonly DeclaredTable[] {
  const before = declared?.tables ?? [];
  return tablesOfCode(spec, target, audit).map((one) => {
    const known = before.filter(
      ({ path, table }) => (moved.get(path) ?? path) === one.path && table.toLowerCase() === one.table.toLowerCase(),
    );
    return known.length === 0 ? one : { ...one, reaches: [...new Set(known.flatMap(({ reaches }) => reaches))] };
  });
}

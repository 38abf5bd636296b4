import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../apply/model.ts';
import type { Disk } from '../disk/disk.ts';
import { realDisk } from '../disk/real-disk.ts';
import { backupIds, readManifest, withId, writeManifest } from './manifest.ts';
import type { BackupReason, Manifest } from './model.ts';
import { openObjects } from './objects.ts';
import { listObjects, prune } from './prune.ts';
import { type PrunePlan, type PruneRequest, planPrune, type RunNeeds } from './prune-plan.ts';
import { makeVault, vaultFolder } from './vault-folder.ts';
import { contentsOf } from './verify-backup.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-21T12:00:00Z');
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Made {
  readonly days: number;
  readonly why?: BackupReason;
  readonly keep?: 'forever' | null;
  readonly files?: readonly string[];
  readonly stores?: readonly string[];
}

/** Files hold their own names; stores as well, so that some contents are shared. */
function backup({ days, why = { kind: 'create' }, keep = null, files = [], stores = [] }: Made): Manifest {
  const entry = (path: string) => ({
    path,
    kind: 'file' as const,
    sha256: sha(path),
    bytes: path.length,
    mode: 0o644,
    mtime: '0',
    uid: 0,
    gid: 0,
  });
  return withId({
    at: new Date(NOW - days * DAY).toISOString(),
    tool: '0',
    why,
    keep,
    project: { root: '/p', git: null },
    files: [...files.map(entry), ...stores.map((store) => ({ ...entry(store), store }))],
    folders: [],
    stores: stores.map((store) => ({
      store,
      taken: 'excluded' as const,
      snapshot: { sha256: sha(store), bytes: store.length },
      tables: [],
    })),
    notTaken: [],
    bytes: { files: 0, new: 0 },
  });
}

function run(
  name: string,
  status: RunStatus['is'],
  objects: readonly string[] = [],
  backups: readonly string[] = [],
): RunNeeds {
  return { run: name, status, backups, objects: () => objects };
}

function plan(manifests: readonly (Manifest | null)[], over: Partial<PruneRequest> = {}): PrunePlan {
  return planPrune({
    backups: manifests.map((manifest, i) => ({ id: manifest?.id ?? `damaged-${i}`, manifest })),
    objects: [],
    runs: [],
    retention: { keepDays: 30, keepRuns: null },
    now: NOW,
    ...over,
  });
}

describe('what stays', () => {
  const of = (name: string): BackupReason => ({ kind: 'run', run: name });
  const old = (over: Partial<Made> = {}): Manifest => backup({ days: 100, files: ['a'], ...over });
  const reasons = (manifest: Manifest | null, over: Partial<PruneRequest> = {}): readonly string[] =>
    plan([manifest], over).keep.map(({ why }) => why);

  it('without a retention, everything', () => {
    expect(reasons(old(), { retention: { keepDays: null, keepRuns: null } })).toEqual(['no retention is set']);
    expect(reasons(old())).toEqual([]);
  });

  it('what the owner keeps, and what is young', () => {
    expect(reasons(old({ keep: 'forever' }))).toEqual(['it is kept forever']);
    expect(reasons(old({ days: 29 }))).toEqual(['it is not older than 30 days']);
    expect(reasons(old({ days: -3 }))).toEqual(['it is not older than 30 days']);
  });

  it.each([
    ['prepared', 'its run is prepared'],
    ['running', 'its run is running'],
    ['interrupted', 'its run is interrupted'],
    ['applied', 'its run is not verified'],
  ] as const)('a backup of a run that is %s', (status, why) => {
    const runs = [run('1', status), run('2', 'verified')];
    expect(reasons(old({ why: of('1') }), { runs })).toEqual([why]);
    expect(reasons(old({ why: { kind: 'kept', run: '1' } }), { runs })).toEqual([why]);
  });

  it('of the newest run, and of one that is not known', () => {
    const runs = [run('1', 'verified'), run('2', 'rolled back')];
    expect(reasons(old({ why: of('1') }), { runs })).toEqual([]);
    expect(reasons(old({ why: of('2') }), { runs })).toEqual(['it is of the newest run']);
    expect(reasons(old({ why: of('3') }), { runs })).toEqual(['its run 3 is not known here']);
  });

  it('the newest that holds a store, also a store that the project has no more', () => {
    const stored = [50, 60, 70].map((days) => old({ days, stores: ['s.db'] })).toReversed();
    expect(plan(stored).keep).toEqual([{ id: stored[2]?.id, why: 'no other backup holds a store that it holds' }]);
    expect(plan([...stored, backup({ days: 1, stores: ['s.db'] })]).remove).toHaveLength(3);
  });

  it('the newest few; backups of one run count once', () => {
    const runs = [run('1', 'verified'), run('2', 'verified'), run('3', 'verified')];
    const all = [
      old({ days: 99, why: of('1') }),
      old({ days: 98, why: of('2') }),
      old({ days: 97, why: { kind: 'archive', run: '2', action: 'x' } }),
      old({ days: 96 }),
    ];
    const kept = plan(all, { runs, retention: { keepDays: null, keepRuns: 2 } });
    expect(kept.remove.map(({ id }) => id)).toEqual([all[0]?.id]);
  });

  it('no content at all where a manifest cannot be read: nobody knows what it needs', () => {
    const objects = [{ sha256: sha('x'), bytes: 1, at: 0 }];
    expect(plan([null], { objects })).toMatchObject({
      objects: [],
      allObjectsStay: expect.stringContaining('damaged-0'),
    });
    expect(plan([], { objects })).toMatchObject({ objects, allObjectsStay: null });
  });

  it('young contents, and those that a run names', () => {
    const objects = [
      { sha256: sha('young'), bytes: 1, at: NOW - 60_000 },
      { sha256: sha('named'), bytes: 1, at: 0 },
      { sha256: sha('free'), bytes: 7, at: 0 },
    ];
    expect(plan([], { objects, runs: [run('1', 'rolled back', [sha('named')])] })).toMatchObject({
      objects: [{ sha256: sha('free') }],
      bytes: 7,
    });
  });

  it('what a run names goes with its backup: it cannot go back any more', () => {
    const objects = [{ sha256: sha('named'), bytes: 1, at: 0 }];
    const of1 = old({ why: of('1') });
    const runs = (is: RunStatus['is']) => [run('1', is, [sha('named')], [of1.id]), run('2', 'verified')];
    expect(plan([of1], { objects, runs: runs('verified') })).toMatchObject({ remove: [{ id: of1.id }], objects });
    expect(plan([], { objects, runs: runs('rolled back') })).toMatchObject({ objects });
    expect(plan([], { objects, runs: runs('applied') })).toMatchObject({ objects: [] });
    const kept = plan([of1], { objects, runs: runs('verified'), retention: { keepDays: 300, keepRuns: null } });
    expect(kept).toMatchObject({ remove: [], objects: [] });
  });

  it('everything, where the steps of a run cannot be read', () => {
    const broken = {
      run: '1',
      status: 'verified' as const,
      backups: [],
      objects: () => {
        throw new RangeError('damaged');
      },
    };
    expect(() => plan([], { runs: [broken], objects: [{ sha256: sha('x'), bytes: 1, at: 0 }] })).toThrow('damaged');
  });
});

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const;
const RUNS = ['1', '2', '3', '4'] as const;
const made: fc.Arbitrary<Made> = fc.record(
  {
    days: fc.integer({ min: -2, max: 90 }),
    why: fc.oneof(
      fc.constant({ kind: 'create' } as const),
      fc.record({ kind: fc.constantFrom('run' as const, 'kept' as const), run: fc.constantFrom(...RUNS, 'unknown') }),
    ),
    keep: fc.constantFrom(null, null, null, 'forever' as const),
    files: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 3 }),
    stores: fc.uniqueArray(fc.constantFrom('x.db', 'y.db', 'z.db'), { maxLength: 2 }),
  },
  { requiredKeys: ['days'] },
);
const statuses = fc.constantFrom<RunStatus['is']>(
  'prepared',
  'running',
  'interrupted',
  'applied',
  'verified',
  'rolled back',
);
const limits = fc.option(fc.integer({ min: 1, max: 60 }));

it('X: pruned, however often, never takes away what is needed', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(
      fc.array(made, { maxLength: 7 }),
      fc.tuple(statuses, statuses, statuses, statuses),
      fc.subarray([...NAMES]),
      fc.record({ keepDays: limits, keepRuns: limits }),
      fc.nat(40),
      (specs, is, named, retention, killedAt) => {
        const dir = mkdtempSync(join(tmpdir(), 'prune-'));
        try {
          const vault = vaultFolder(join(dir, 'vault'));
          makeVault(realDisk, vault);
          const objects = openObjects(realDisk, vault.path);
          for (const text of [...NAMES, 'x.db', 'y.db', 'z.db', 'orphan']) objects.put({ bytes: Buffer.from(text) });
          const manifests = specs.map(backup);
          for (const manifest of manifests) {
            if (!existsSync(join(String(vault.backups), `${manifest.id}.json`)))
              writeManifest(realDisk, vault, manifest);
          }
          const runs = RUNS.map((name, i) => run(name, is[i] ?? 'applied', name === '1' ? named.map(sha) : []));
          const request = (): PruneRequest => ({
            backups: backupIds(realDisk, vault).map((id) => ({ id, manifest: readManifest(realDisk, vault, id) })),
            // All of them are old.
            objects: listObjects(realDisk, vault).map((one) => ({ ...one, at: 0 })),
            runs,
            retention,
            now: NOW,
          });
          const first = planPrune(request());
          // Killed somewhere in between, and done again.
          try {
            prune(dying(killedAt), vault, objects, first);
          } catch (error) {
            if ((error as Error).message !== 'killed') throw error;
          }
          holds(vault, objects, manifests, runs, named);
          prune(realDisk, vault, objects, planPrune(request()));
          holds(vault, objects, manifests, runs, named);
          const gone = new Set(first.remove.map(({ id }) => id));
          expect(backupIds(realDisk, vault).some((id) => gone.has(id))).toBe(false);
          expect(objects.has(sha('orphan'))).toBe(false);
          const lists = readdirSync(String(vault.backups)).filter((name) => name.endsWith('.sha256'));
          expect(lists.map((name) => name.slice(0, -7)).sort()).toEqual(backupIds(realDisk, vault));
        } finally {
          rmSync(dir, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: 60 },
  );
});

/** Whatever happened: what must stay is there, and whole. */
function holds(
  vault: ReturnType<typeof vaultFolder>,
  objects: ReturnType<typeof openObjects>,
  manifests: readonly Manifest[],
  runs: readonly RunNeeds[],
  named: readonly string[],
): void {
  const left = new Set(backupIds(realDisk, vault));
  for (const id of left) {
    for (const sha256 of contentsOf(readManifest(realDisk, vault, id)).keys())
      expect(objects.verify(sha256)).toBe(true);
  }
  for (const name of named) expect(objects.verify(sha(name))).toBe(true);
  for (const { id, keep, why } of manifests) {
    const status = 'run' in why ? (runs.find((one) => one.run === why.run)?.status ?? 'unknown') : 'verified';
    if (keep === 'forever' || !['verified', 'rolled back'].includes(status)) expect(left).toContain(id);
    if ('run' in why && why.run === '4') expect(left).toContain(id);
  }
  for (const store of new Set(manifests.flatMap((one) => one.stores.map((stored) => String(stored.store))))) {
    const holders = [...left].filter((id) =>
      readManifest(realDisk, vault, id).stores.some((one) => one.store === store),
    );
    expect(holders.length).toBeGreaterThan(0);
  }
}

/** Dies before the n-th removal. */
function dying(n: number): Disk {
  let left = n;
  return {
    ...realDisk,
    unlink: (path) => {
      if (left-- === 0) throw new RangeError('killed');
      realDisk.unlink(path);
    },
  };
}

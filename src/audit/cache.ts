/**
 * What earlier audits measured, keyed by the state of the files (size, times, inode, SQLite's change counter). Lies in the
 * user's cache folder, never in the project; safe to delete; an unreadable cache is an empty cache.
 */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Comparison } from '../rows/compare-tables.ts';
import type { Store } from '../stores/model.ts';
import type { Contents } from '../stores/reader.ts';
import { makeFolder } from './kept/sections.ts';
import type { Ancestor } from './model.ts';

/** Moves when what is kept, or how it is measured, changes. */
const VERSION = 1;
/** A file touched this recently may change again without its mtime moving: not kept. */
const RACY_NS = 2_000_000_000n;

export interface KeptStore {
  readonly contents: Contents;
  readonly readBy: NonNullable<Store['readBy']>;
}

export interface KeptPair {
  readonly a: string;
  readonly b: string;
  readonly comparison: Comparison;
}

/** Two stores in the states that were compared. */
export interface PairKey {
  readonly a: string;
  readonly stampA: string;
  readonly b: string;
  readonly stampB: string;
}

export interface AuditCache {
  store(path: string, stamp: string): KeptStore | undefined;
  keepStore(path: string, stamp: string, kept: KeptStore): void;
  hash(path: string, stamp: string): string | undefined;
  keepHash(path: string, stamp: string, sha256: string): void;
  pair(key: PairKey): readonly KeptPair[] | undefined;
  keepPair(key: PairKey, kept: readonly KeptPair[]): void;
  /** `undefined`: never asked. `null`: asked, there is none. `key` names everything that the answer depends on. */
  ancestor(key: string): Ancestor | null | undefined;
  keepAncestor(key: string, found: Ancestor | null): void;
  /** Writes what this run used; what it did not use is dropped. Failing to write is no failure of the audit. */
  save(): void;
}

interface Kept {
  readonly version: number;
  readonly options: string;
  readonly stores: Record<string, { stamp: string; value: KeptStore }>;
  readonly hashes: Record<string, { stamp: string; value: string }>;
  readonly pairs: Record<string, readonly KeptPair[]>;
  readonly ancestors: Record<string, Ancestor | null>;
}

/** `options`: whatever changes the measured values (sample sizes, thresholds, tool version). */
export function openCache(folder: string | null, root: string, options: string): AuditCache {
  const file =
    folder === null
      ? null
      : join(folder, 'desprawl', `${createHash('sha256').update(root).digest('hex').slice(0, 16)}.json`);
  const old = file === null ? undefined : load(file, options);
  const next: Kept = { version: VERSION, options, stores: {}, hashes: {}, pairs: {}, ancestors: {} };
  let dirty = false;
  const take = <T>(
    from: Record<string, { stamp: string; value: T }> | undefined,
    to: Record<string, { stamp: string; value: T }>,
  ) => ({
    get: (path: string, stamp: string): T | undefined => {
      const kept = to[path] ?? from?.[path];
      if (kept?.stamp !== stamp) return undefined;
      to[path] = kept;
      return kept.value;
    },
    set: (path: string, stamp: string, value: T): void => {
      if (isRacy(stamp)) return;
      to[path] = { stamp, value };
      dirty = true;
    },
  });
  const stores = take(old?.stores, next.stores);
  const hashes = take(old?.hashes, next.hashes);
  return {
    store: stores.get,
    keepStore: stores.set,
    hash: hashes.get,
    keepHash: hashes.set,
    pair: (pair) => {
      const key = keyOf(pair);
      const kept = next.pairs[key] ?? old?.pairs[key];
      if (kept !== undefined) next.pairs[key] = kept;
      return kept;
    },
    keepPair: (pair, kept) => {
      if (isRacy(pair.stampA) || isRacy(pair.stampB)) return;
      next.pairs[keyOf(pair)] = kept;
      dirty = true;
    },
    ancestor: (key) => {
      const kept = key in next.ancestors ? next.ancestors[key] : old?.ancestors[key];
      if (kept !== undefined) next.ancestors[key] = kept;
      return kept;
    },
    keepAncestor: (key, found) => {
      next.ancestors[key] = found;
      dirty = true;
    },
    save: () => {
      if (file === null || !dirty) return;
      try {
        makeFolder(dirname(file));
        writeFileSync(`${file}.${process.pid}`, JSON.stringify(next), { mode: 0o600 });
        renameSync(`${file}.${process.pid}`, file);
      } catch {
        // A full disk or a read-only home: the next audit measures again.
      }
    },
  };
}

function keyOf(pair: PairKey): string {
  return createHash('sha256').update([pair.a, pair.stampA, pair.b, pair.stampB].join('\n')).digest('hex');
}

/** Stamps hold `size:mtimeNs:…` for the file and each sidecar. */
function isRacy(stamp: string): boolean {
  const now = BigInt(Date.now()) * 1_000_000n;
  return stamp.split(' ').some((part) => {
    const changed = /^\d+:(\d+):(\d+):/.exec(part);
    return changed !== null && now - BigInt(changed[1] ?? 0) < RACY_NS;
  });
}

function load(file: string, options: string): Kept | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    return kept.version === VERSION && kept.options === options ? kept : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads every store of a project: finds the files, reads each by content, and says of each what is in it or why that is
 * not known. Concludes nothing about how stores relate.
 */
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Git } from '../project/git.ts';
import type { Walk } from '../project/walk.ts';
import { findFamilies } from '../stores/file-families.ts';
import { recogniseProgram } from '../stores/foreign-programs.ts';
import type { FileFamily, Lookalike, Store } from '../stores/model.ts';
import { type Contents, type ReadOptions, UnreadableStore } from '../stores/reader.ts';
import { stampOf } from '../stores/snapshot.ts';
import { type Sniffed, sniffFiles } from '../stores/sniff.ts';
import { roleOf } from '../stores/store-role.ts';
import { possibleTwins } from './byte-twins.ts';
import { hashFile, type ReadableKind, readStore, type Session } from './session.ts';

export interface Inventory {
  readonly stores: readonly Store[];
  readonly lookalikes: readonly Lookalike[];
  readonly families: readonly FileFamily[];
  readonly cachedStores: number;
}

/** Tables up to this many rows are read whole (digest, exact profiles); of larger ones, this many are sampled. */
const DIGEST_ROWS = 5_000;
const SAMPLE_ROWS = 1_500;

export async function takeInventory(
  session: Session,
  walk: Walk,
  git: Git | null,
  config: Config,
  now: number,
  onStore?: (done: number, total: number, item: string, bytes: number) => void,
): Promise<Inventory> {
  const families = findFamilies(session.root, walk.files, git);
  const sniffed = sniffFiles(
    session.root,
    walk.files.filter(({ path }) => !families.members.has(path)),
  );
  const siblings = new Set(walk.files.map(({ path }) => path));
  const options: ReadOptions = {
    sampleRows: SAMPLE_ROWS,
    digestRows: DIGEST_ROWS,
    integrity: true,
    freshness: true,
    now,
  };
  const stores: Store[] = [];
  let cachedStores = 0;
  let done = 0;
  // Largest first: the last child does not sit alone with the longest job.
  const queue = [...sniffed.stores].sort((x, y) => y.bytes - x.bytes);
  const total = queue.length;
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let found = queue.shift(); found !== undefined; found = queue.shift()) {
        const { store, cached } = await describe(session, found, options);
        if (cached) cachedStores++;
        stores.push(place(store, git, config, siblings));
        onStore?.(++done, total, found.path, found.bytes);
      }
    }),
  );
  stores.sort((x, y) => (x.id < y.id ? -1 : 1));
  return {
    stores: await withHashes(session, stores),
    lookalikes: [...sniffed.lookalikes, ...walk.lookalikes],
    families: families.families,
    cachedStores,
  };
}

type Unplaced = Omit<Store, 'git' | 'role' | 'roleReason'>;

async function describe(
  session: Session,
  found: Sniffed,
  options: ReadOptions,
): Promise<{ store: Unplaced; cached: boolean }> {
  const base = {
    id: found.path,
    kind: found.kind,
    path: found.path,
    bytes: found.bytes,
    modified: new Date(Number(found.entry.mtimeNs / 1_000_000n)).toISOString(),
    links: found.links,
    sidecars: found.sidecars,
    tables: [],
    migrations: [],
  };
  if (found.status !== undefined || found.kind === 'unknown') {
    const status = found.status ?? 'not-verified';
    return {
      store: { ...base, status, ...(found.reason === undefined ? {} : { reason: found.reason }) },
      cached: false,
    };
  }
  try {
    const read = await readStore(session, found.path, found.kind as ReadableKind, options);
    return { store: { ...base, ...verified(read.contents), readBy: read.readBy }, cached: read.cached };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return { store: { ...base, status: 'not-verified', reason }, cached: false };
  }
}

/** Problems of rows (a NULL where none may be, a failed CHECK, an index that lacks an entry) leave the rows readable. */
const ROW_PROBLEM =
  /^(NULL value in|CHECK constraint failed|non-unique entry|row \d+ missing from index|wrong # of entries|(TEXT|NUMERIC|INTEGER|REAL|BLOB|non-\w+) value in)/;

function verified(contents: Contents): Pick<Store, 'status'> & Partial<Store> {
  const { tables, migrations, sqlite, csv, freshness } = contents;
  const damage = sqlite?.integrityMessages.find(
    (message) => !ROW_PROBLEM.test(message.replace(/^\*\*\* in database \w+ \*\*\*\s*/, '')),
  );
  const program = recogniseProgram(tables, sqlite?.applicationId ?? 0);
  return {
    status: damage === undefined ? 'verified' : 'not-verified',
    ...(damage === undefined ? {} : { reason: { code: 'corrupt' as const, message: damage } }),
    tables,
    migrations,
    ...(sqlite === undefined ? {} : { sqlite }),
    ...(csv === undefined ? {} : { csv }),
    ...(freshness === undefined ? {} : { freshness }),
    ...(program === null ? {} : { foreign: program }),
  };
}

function reasonOf(error: unknown): Store['reason'] {
  if (error instanceof UnreadableStore) return { code: error.reason, message: error.message };
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM') return { code: 'permission', message: 'this user may not read it' };
  if (code === 'ENOENT') return { code: 'vanished', message: 'it was removed during the audit' };
  if (code === 'ENOSPC') return { code: 'no-space', message: 'the folder for private copies is full' };
  if (code === 'EIO') return { code: 'error', message: 'the disk reported a read error' };
  // Whatever else the system says of one file is no reason to say nothing about the others.
  const { syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined
    ? undefined
    : { code: 'error', message: `the system refused to ${syscall} it (${code})` };
}

/** Adds what depends on where the file is: git, role, the owner's word. */
function place(store: Unplaced, git: Git | null, config: Config, siblings: ReadonlySet<string>): Store {
  const declared = config.stores[store.path]?.role;
  const guessed = roleOf(store.path, siblings);
  const role = declared === undefined ? guessed : { role: ROLES[declared], reason: 'named so in desprawl.yaml' };
  const foreign =
    declared === 'foreign' || config.foreign.includes(store.path)
      ? { program: 'another program', evidence: 'named so in desprawl.yaml' }
      : store.foreign;
  return {
    ...store,
    git: git?.state(store.path) ?? 'outside',
    role: role.role,
    ...(role.reason === undefined || role.role === 'live' ? {} : { roleReason: role.reason }),
    ...(foreign === undefined ? {} : { foreign }),
  };
}

const ROLES = {
  primary: 'live',
  live: 'live',
  foreign: 'live',
  backup: 'backup',
  archive: 'backup',
  export: 'export',
  fixture: 'fixture',
} as const;

/** Hashes only where another store could have the same bytes. */
async function withHashes(session: Session, stores: readonly Store[]): Promise<readonly Store[]> {
  const verified = stores.filter(({ status }) => status === 'verified');
  const twins = possibleTwins(verified, ({ path }) => join(session.root, path));
  const hashed: Store[] = [];
  for (const store of stores) {
    if (!twins.has(store)) {
      hashed.push(store);
      continue;
    }
    const stamp = stampOf(join(session.root, store.path));
    let sha256 = session.cache.hash(store.path, stamp);
    if (sha256 === undefined) {
      sha256 = await hashFile(session, store.path);
      session.cache.keepHash(store.path, stamp, sha256);
    }
    hashed.push({ ...store, sha256 });
  }
  return hashed;
}
